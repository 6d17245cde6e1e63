"""Instruments by chance: each type of question, one to three languages, conditions on earlier questions."""

from typing import Any

from hypothesis import strategies as st

from schemas.instrument import InstrumentDefinition

WORDS = st.text(alphabet="abcåŵ漢é ,.?!'\"<>&=+-@#{}()0123456789\n", min_size=1, max_size=30).filter(
    str.strip
)
VALUES = st.lists(
    st.from_regex(r"[a-z0-9][a-z0-9_]{0,8}", fullmatch=True), min_size=2, max_size=5, unique=True
)
TYPES = [
    *("single_choice", "multiple_choice", "scale", "number", "percentage", "short_text", "long_text"),
    *("date", "date_time", "time", "duration", "yes_no", "note"),
]
CLASSES = st.sampled_from([None, "open", "generalise", "text", "restricted", "never"])


@st.composite
def labels(draw: Any, languages: list[str]) -> dict[str, str]:
    found = {languages[0]: draw(WORDS)}
    for language in languages[1:]:
        if draw(st.booleans()):
            found[language] = draw(WORDS)
    return found


@st.composite
def questions(draw: Any, key: str, languages: list[str], earlier: list[dict[str, Any]]) -> dict[str, Any]:
    type_ = draw(st.sampled_from(TYPES))
    made: dict[str, Any] = {"type": type_, "key": key, "label": draw(labels(languages))}
    if draw(st.booleans()):
        made["hint"] = draw(labels(languages))
    if (disclosure := draw(CLASSES)) is not None:
        made["disclosure"] = disclosure
    if draw(st.booleans()):
        made["theme"] = draw(st.sampled_from(["skills", "place_leadership"]))
    made |= draw(own(type_, languages, earlier))
    if earlier and draw(st.booleans()):
        made["relevant"] = draw(conditions(earlier))
    return made


@st.composite
def own(draw: Any, type_: str, languages: list[str], earlier: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    match type_:
        case "single_choice" | "multiple_choice":
            made["options"] = [{"value": value, "label": draw(labels(languages))} for value in draw(VALUES)]
            made |= draw(offers(type_, made["options"], earlier))
        case "scale":
            made["min"] = draw(st.integers(-100, 99))
            made["max"] = draw(st.integers(made["min"] + 1, 100))
            made |= {
                end: draw(labels(languages)) for end in ("min_label", "max_label") if draw(st.booleans())
            }
        case "number":
            made["decimals"] = draw(st.integers(0, 6))
            ends = sorted(draw(st.tuples(st.integers(-50, 50), st.integers(-50, 50))))
            made |= dict(
                zip(draw(st.sampled_from([(), ("min",), ("max",), ("min", "max")])), ends, strict=False)
            )
            made |= {"unit": "km"} if draw(st.booleans()) else {}
            if draw(st.booleans()) and not made.keys() & {"min", "max"}:
                made["default"] = draw(st.integers(-9, 9))
        case "short_text" | "long_text":
            made["max_length"] = draw(st.integers(1, 500))
        case "duration":
            made["max_minutes"] = draw(st.integers(1, 600))
        case "yes_no":
            made |= {"default": draw(st.booleans())} if draw(st.booleans()) else {}
    return made


@st.composite
def offers(
    draw: Any, type_: str, options: list[dict[str, Any]], earlier: list[dict[str, Any]]
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    deciding = [one for one in earlier if one["type"] == "single_choice"]
    decider = draw(st.sampled_from(deciding)) if deciding and draw(st.booleans()) else None
    for option in options[1:]:
        option |= {flag: True for flag in ("removed", "exclusive") if draw(st.integers(0, 4)) == 0}
        if decider and not option.get("removed") and draw(st.booleans()):
            values = [one["value"] for one in decider["options"]]
            some = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True))
            option["relevant"] = {"in": {"question": decider["key"], "values": some}}
    if draw(st.booleans()):
        made["hierarchy"] = {one["value"]: ["all"] * 2 for one in options}
    if type_ == "multiple_choice" and draw(st.booleans()):
        made["max_selected"] = draw(st.integers(1, len(options)))
    return made


@st.composite
def conditions(draw: Any, earlier: list[dict[str, Any]], depth: int = 0) -> dict[str, Any]:
    if depth < 3 and draw(st.integers(0, 2)) == 0:
        word = draw(st.sampled_from(["all", "any", "not"]))
        if word == "not":
            return {"not": draw(conditions(earlier, depth + 1))}
        return {word: [draw(conditions(earlier, depth + 1)) for _ in range(draw(st.integers(2, 3)))]}
    target = draw(st.sampled_from(earlier))
    key, type_ = target["key"], target["type"]
    if type_ in {"single_choice", "multiple_choice"} and draw(st.booleans()):
        values = [one["value"] for one in target["options"]]
        some = draw(st.lists(st.sampled_from(values), min_size=2, max_size=3, unique=True))
        found: dict[str, Any] = draw(st.sampled_from([
            {"in": {"question": key, "values": some}},
            {"equals": {"question": key, "value": some[0]}},
            {"any": [{"equals": {"question": key, "value": one}} for one in some]},
        ]))  # fmt: skip
        return found
    if type_ in {"scale", "number", "percentage", "duration"} and draw(st.booleans()):
        value = draw(st.integers(-100, 100) | st.floats(-100, 100, width=16))
        op = draw(st.sampled_from(["lt", "le", "gt", "ge"]))
        return {"compare": {"question": key, "op": op, "value": value}}
    if type_ == "yes_no" and draw(st.booleans()):
        return {"equals": {"question": key, "value": draw(st.booleans())}}
    return {"answered": {"question": key}}


@st.composite
def definitions(draw: Any) -> InstrumentDefinition:
    """An instrument whose questions depend on earlier ones only."""
    languages = draw(st.permutations(["en", "cy", "fr"]))[: draw(st.integers(1, 3))]
    default = languages[0]
    asked: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        # A note has no answer on which anything could depend.
        askable = [one for one in asked if one["type"] not in {"note", "repeat_group"}]
        asked.append(draw(questions(f"q{number}", languages, askable)))
    if draw(st.booleans()):
        inner: list[dict[str, Any]] = []
        for number in range(draw(st.integers(1, 3))):
            askable = [one for one in inner if one["type"] != "note"]
            inner.append(draw(questions(f"c{number}", languages, askable)))
            inner[-1]["required"] = inner[-1]["type"] != "note" and draw(st.booleans())
        asked.append(
            {"type": "repeat_group", "key": "items", "label": draw(labels(languages)), "children": inner}
            | {"min_items": 1, "max_items": draw(st.integers(1, 100))}
        )
    items = [
        {
            "question": one["key"],
            "required": one["type"] != "note" and draw(st.booleans()),
            "more": draw(st.booleans()),
        }
        for one in asked
    ]
    forms = [
        {"kind": kind, "label": draw(labels(languages)), "contingency": contingency, "items": items}
        for kind, contingency in (("first", "event"), ("second", "interval"))[: draw(st.integers(1, 2))]
    ]
    return InstrumentDefinition.model_validate({
        "key": "by_chance",
        "version": draw(st.integers(1, 100)),
        "title": draw(labels(languages)),
        "default_language": default,
        "languages": languages,
        "questions": asked,
        "forms": forms,
    })  # fmt: skip
