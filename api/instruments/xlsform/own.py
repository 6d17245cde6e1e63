"""What each type of question has of its own: bounds, options, items."""

import re

from pydantic import JsonValue

from api.instruments.xlsform.bounds import Bounds, bounds
from api.instruments.xlsform.choices import Choice, options
from api.instruments.xlsform.drafts import Draft
from api.instruments.xlsform.hierarchies import deepest, hierarchy
from api.instruments.xlsform.kinds import parameters
from api.instruments.xlsform.making import Made, Maker
from api.instruments.xlsform.tree import Unsaid
from api.instruments.xlsform.words import whole

_LONGEST = {"short_text": 500, "long_text": 20_000}
_FINEST = 6
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_RANGE = "Daybook has ranges of whole numbers in steps of one, with labels at the two ends."


def own(draft: Draft, maker: Maker) -> Made:
    """Return what a question's type adds to it."""
    makers = {
        "short_text": _text,
        "long_text": _text,
        "number": _number,
        "duration": _duration,
        "scale": _range,
        "percentage": _range,
        "yes_no": _yes_no,
        "single_choice": _choice,
        "multiple_choice": _choice,
    }
    maker_of = makers.get(draft.type)
    return maker_of(draft, maker) if maker_of else {}


def _bounds(draft: Draft, maker: Maker, *names: str) -> Bounds:
    cell = draft.row.cell("constraint")
    if cell is None:
        return Bounds()
    try:
        found = bounds(cell.text)
        found.only(*names)
    except Unsaid as reason:
        maker.findings.refuse(cell.place, "constraint", str(reason))
        return Bounds()
    return found


def _text(draft: Draft, maker: Maker) -> Made:
    found = _bounds(draft, maker, "longest").longest
    if found is None:
        reason = f"A text of this type has at most {_LONGEST[draft.type]} characters, as no limit is set."
        maker.findings.warn(draft.row.place("constraint"), "limit_set", reason)
    return {"max_length": _LONGEST[draft.type] if found is None else found}


def _number(draft: Draft, maker: Maker) -> Made:
    made: Made = {}
    if draft.kind.name == "range":
        made |= _range(draft, maker)
    else:
        decimals = whole(draft.row, "decimals", maker.findings)
        if decimals is None:
            decimals = 0 if draft.kind.name == "integer" else _FINEST
        made["decimals"] = decimals
        made |= _ends(_bounds(draft, maker, "low", "high", "above", "below"), decimals)
    if cell := draft.row.cell("unit"):
        made["unit"] = cell.text
    return made


def _ends(found: Bounds, decimals: int) -> Made:
    step = 10**-decimals if decimals else 1
    low = found.low if found.above is None else round(found.above + step, decimals)
    high = found.high if found.below is None else round(found.below - step, decimals)
    if found.above is not None and found.low is not None:
        low = max(found.low, found.above + step)
    if found.below is not None and found.high is not None:
        high = min(found.high, found.below - step)
    return {name: value for name, value in (("min", low), ("max", high)) if value is not None}


def _duration(draft: Draft, maker: Maker) -> Made:
    found = _bounds(draft, maker, "low", "high")
    if found.low not in (None, 0):
        reason = "A duration begins at 0 minutes."
        maker.findings.refuse(draft.row.place("constraint"), "constraint", reason)
    return {} if found.high is None else {"max_minutes": found.high}


def _range(draft: Draft, maker: Maker) -> Made:
    if draft.kind.name == "percentage":
        return {}
    given, place = parameters(draft.row), draft.row.place("parameters")
    known = {"start", "end", "step", "tick_labelset"}
    whole_ends = [given[name] for name in ("start", "end", "step")]
    if not given.keys() <= known or not all(_WHOLE.fullmatch(one) for one in whole_ends):
        maker.findings.refuse(place, "range", _RANGE)
        return {}
    start, end, step = (int(one) for one in whole_ends)
    if step != 1 or start >= end or (draft.type == "percentage" and (start, end) != (0, 100)):
        maker.findings.refuse(place, "range", _RANGE)
        return {}
    labels = _tick_labels(given.get("tick_labelset"), {start: "min_label", end: "max_label"}, draft, maker)
    return labels if draft.type == "percentage" else {"min": start, "max": end, **labels}


def _tick_labels(name: str | None, ends: dict[int, str], draft: Draft, maker: Maker) -> Made:
    if name is None:
        return {}
    choices = maker.lists.lists.get(name, [])
    at_ends = all(_WHOLE.fullmatch(one.value) and int(one.value) in ends for one in choices)
    if draft.type != "scale" or not choices or not at_ends:
        maker.findings.refuse(draft.row.place("parameters"), "range", _RANGE)
        return {}
    maker.lists.asked.add(name)
    return {ends[int(one.value)]: {**one.row.labels("label")} for one in choices}


def _listed(draft: Draft, maker: Maker) -> list[Choice]:
    choices = maker.lists.lists.get(draft.kind.list_name, [])
    maker.lists.asked.add(draft.kind.list_name)
    if draft.kind.list_name not in maker.lists.lists:
        reason = "The sheet choices has no list of this name."
        maker.findings.refuse(draft.row.place("type"), "no_list", reason)
    return choices


def _yes_no(draft: Draft, maker: Maker) -> Made:
    if sorted(choice.value for choice in _listed(draft, maker)) != ["no", "yes"]:
        reason = "The choices of a yes-or-no question are named yes and no."
        maker.findings.refuse(draft.row.place("question_type"), "question_type", reason)
    return {}


def _choice(draft: Draft, maker: Maker) -> Made:
    row, choices = draft.row, _listed(draft, maker)
    if not choices:
        return {}
    found = options(choices, row.cell("choice_filter"), maker.scope, maker.lists, maker.findings)
    limits = _bounds(draft, maker, "most", "alone")
    values = {option["value"]: option for option in found}
    for alone in limits.alone:
        if alone not in values:
            reason = "This names an option that the question does not have."
            maker.findings.refuse(row.place("constraint"), "constraint", reason)
        else:
            values[alone]["exclusive"] = True
    listed: list[JsonValue] = [*found]
    made: Made = {"options": listed}
    if limits.most is not None:
        made["max_selected"] = limits.most
    levels = whole(row, "hierarchy_levels", maker.findings)
    found_levels = levels if levels is not None else deepest(choices)
    if found_levels is not None:
        made["hierarchy"] = hierarchy(choices, found_levels, maker.findings)
    return made
