"""A questionnaire with every class of answer in every place: plain, in a repeat, and in a repeat that never leaves."""

from typing import Any

from schemas.instrument import InstrumentDefinition
from schemas.questions import Disclosure

KEY, KIND = "attacked", "moment"
_FREE = ("short_text", "long_text")
TEXT_CLASSES = ("text", "open", "generalise", "restricted", "never")
"""What an author may say of a free text; whatever it is, no text leaves unread."""
HIDDEN = ("restricted", "never")


def label(text: str) -> dict[str, str]:
    """Return a label."""
    return {"en": text}


def question(kind: str, key: str, stated: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a question."""
    return {"type": kind, "key": key, "label": label(key), "disclosure": stated} | more


def texts(prefix: str) -> list[dict[str, Any]]:
    """Return a free text of every type and class."""
    return [question(kind, f"{prefix}{kind}_{told}", told) for kind in _FREE for told in TEXT_CLASSES]


def coded(prefix: str, told: str) -> list[dict[str, Any]]:
    """Return a question of each coded type, all of one class."""
    options = [
        {"value": value, "label": label(value)} for value in (f"{prefix}{told}_one", f"{prefix}{told}_two")
    ]
    return [
        question("number", f"{prefix}number_{told}", told, decimals=3),
        question("single_choice", f"{prefix}choice_{told}", told, options=options),
        question("multiple_choice", f"{prefix}choices_{told}", told, options=options),
        question("date", f"{prefix}date_{told}", told),
        question("time", f"{prefix}time_{told}", told),
        question("date_time", f"{prefix}date_time_{told}", told),
    ]


def definition(version: int = 1, extra: tuple[dict[str, Any], ...] = ()) -> InstrumentDefinition:
    """Return the questionnaire; `extra` are more questions."""
    questions = [
        question("scale", "mood", "open", min=1, max=5),
        *texts(""),
        *(one for told in HIDDEN for one in coded("", told)),
        *(one for one in coded("", "generalise")),
        question("repeat_group", "items", "open", children=[question("yes_no", "done", "open"), *texts("in_")]),
        *(
            question("repeat_group", f"items_{told}", told, children=[*texts(f"{told}_"), *coded("in_", "open")])
            for told in HIDDEN
        ),
        question("single_choice", "quotable", "restricted", options=_options("yes", "no", "paraphrase_only")),
        question("yes_no", "keep_out", "restricted"),
        question("date", "embargo_until", "restricted"),
        *extra,
    ]  # fmt: skip
    return InstrumentDefinition.model_validate(
        {
            "key": KEY,
            "version": version,
            "title": label("Attacked"),
            "default_language": "en",
            "languages": ["en"],
            "questions": questions,
            "forms": [
                {
                    "kind": KIND,
                    "label": label("Moment"),
                    "contingency": "event",
                    "items": [{"question": one["key"]} for one in questions],
                }
            ],
        }
    )


def _options(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label(value)} for value in values]


def disclosure_of(key: str) -> Disclosure:
    """Return the class that the author gave a question."""
    return Disclosure(key.rpartition("_")[2])
