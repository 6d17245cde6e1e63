"""Which of our question types a row becomes, and which columns may say something of it."""

import re

from api.instruments.xlsform.cells import Row
from api.instruments.xlsform.choices import Choice, Lists
from api.instruments.xlsform.drafts import Draft
from api.instruments.xlsform.findings import Findings
from api.instruments.xlsform.scope import Target

_TYPES: dict[str, tuple[str, ...]] = {
    "text": ("short_text", "long_text"),
    "integer": ("number", "duration"),
    "range": ("scale", "percentage", "number"),
    "select_one": ("single_choice", "yes_no"),
}
_ONE_TYPE = {
    "decimal": "number",
    "select_multiple": "multiple_choice",
    "begin_repeat": "repeat_group",
    **{name: name for name in ("percentage", "date", "time", "date_time", "note")},
}
_ALWAYS = {"type", "name", "label", "hint", "relevant", "appearance", "disclosure", "theme", "required"}
_ANSWERED = _ALWAYS | {"default", "constraint_message", "required_message", "question_type"}
_COLUMNS = {
    "begin_group": {"type", "name", "label", "hint", "relevant", "appearance"},
    "begin_repeat": _ALWAYS | {"repeat_count", "min_items", "max_items"},
    "note": _ALWAYS,
    "text": _ANSWERED | {"constraint"},
    "integer": _ANSWERED | {"constraint", "unit"},
    "decimal": _ANSWERED | {"constraint", "unit", "decimals"},
    "range": _ANSWERED | {"parameters", "unit"},
    "select_one": _ANSWERED | {"choice_filter", "hierarchy_levels"},
    "select_multiple": _ANSWERED | {"constraint", "choice_filter", "hierarchy_levels"},
}
_PLAIN = {"yes": {"en": "yes", "cy": "ie"}, "no": {"en": "no", "cy": "na"}}
NOT_HERE = "This column says nothing of a row of this type."
_LOOKS = re.compile(
    r"(?:minimal|quick|quickcompact|compact(?:-[0-9]+)?|horizontal(?:-compact)?|likert|label|list-nolabel|field-list"
    r"|table-list|autocomplete(?:_chars)?|columns(?:-[0-9]+|-pack)?|no-buttons|no-ticks|picker|rating|slider|vertical"
    r"|no-calendar|no-collapse|w[0-9]{1,2}|distress)"
)
_MEANS = "This appearance changes what can be answered, which Daybook cannot keep."


def settle(draft: Draft, lists: Lists, findings: Findings) -> None:
    """Decide a draft's type, and refuse the columns that would be lost."""
    row, kind = draft.row, draft.kind.name
    allowed = _COLUMNS.get(kind, _ANSWERED)
    for column, cell in row.cells.items():
        if column.split("::", maxsplit=1)[0] not in allowed and not (kind == "note" and _is_group(row)):
            findings.refuse(cell.place, "not_for_this_type", NOT_HERE)
    for name in ("constraint_message", "required_message"):
        if row.labels(name):
            findings.warn(row.place(f"{name}"), "not_kept", "The phone says in its own words what is wrong.")
    _look(draft, findings)
    draft.type = _type(draft, lists, findings)


def _is_group(row: Row) -> bool:
    return row.word("type").lower().startswith("begin")


def _look(draft: Draft, findings: Findings) -> None:
    cell = draft.row.cell("appearance")
    words = cell.word.lower().split() if cell else []
    if draft.kind.name == "text" and "multiline" in words:
        words.remove("multiline")
    if cell is None or not words:
        return
    if all(_LOOKS.fullmatch(word) for word in words):
        findings.warn(cell.place, "not_kept", "The phone decides by itself how a question looks.")
    else:
        findings.refuse(cell.place, "appearance", _MEANS)


def _type(draft: Draft, lists: Lists, findings: Findings) -> str:
    row, kind = draft.row, draft.kind.name
    if kind not in _TYPES:
        return _ONE_TYPE[kind]
    written = row.word("question_type")
    if written in _TYPES[kind]:
        return written
    if written:
        reason = f"For this type write one of: {', '.join(_TYPES[kind])}."
        findings.refuse(row.place("question_type"), "question_type", reason)
    if kind == "text" and "multiline" in row.word("appearance").lower().split():
        return "long_text"
    if kind == "range":
        return ranged(row)
    if kind == "select_one" and is_yes_no(lists.lists.get(draft.kind.list_name, [])):
        return "yes_no" if not draft.kind.or_other else "single_choice"
    return _TYPES[kind][0]


def parameters(row: Row) -> dict[str, str]:
    """Return the parameters of a range with their defaults in XLSForm."""
    found = dict(re.findall(r"([a-z_-]+)\s*=\s*([^\s,;]+)", row.word("parameters")))
    return {"start": "0", "end": "10", "step": "1"} | found


def ranged(row: Row) -> str:
    """Decide what a range is: 0 to 100 without labels is a percentage, a short one a scale."""
    given = parameters(row)
    if (given["start"], given["end"]) == ("0", "100") and "tick_labelset" not in given:
        return "percentage"
    ends = [given["start"], given["end"]]
    short = all(re.fullmatch(r"-?[0-9]{1,3}", end) and abs(int(end)) <= 100 for end in ends)
    return "scale" if short else "number"


def is_yes_no(choices: list[Choice]) -> bool:
    """Tell whether a list says just yes and no, in words that the phone itself has."""
    if sorted(choice.value for choice in choices) != ["no", "yes"]:
        return False
    if any(choice.removed or choice.exclusive for choice in choices):
        return False
    return all(
        text.strip().lower() == _PLAIN[choice.value].get(language)
        for choice in choices
        for language, text in choice.row.labels("label").items()
    )


def target(draft: Draft, lists: Lists) -> Target:
    """Return what a condition may ask of a question."""
    if draft.type not in {"single_choice", "multiple_choice"}:
        return Target(draft.type)
    values = [choice.value for choice in lists.lists.get(draft.kind.list_name, [])]
    return Target(draft.type, tuple(dict.fromkeys([*values, *(["other"] if draft.kind.or_other else [])])))
