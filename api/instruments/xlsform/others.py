"""`or_other`: one more option, and a text that is asked when it is chosen."""

from pydantic import JsonValue

from api.instruments.xlsform.drafts import Draft
from api.instruments.xlsform.findings import Findings
from api.instruments.xlsform.types import Kind

OTHER = "other"
_TEXTS = {"open", "generalise", "text"}


def companion(
    draft: Draft, made: dict[str, JsonValue], language: str, findings: Findings
) -> list[tuple[Draft, dict[str, JsonValue]]]:
    """Add the option to a question that says or_other; return the question that asks what it is."""
    options = made.get("options")
    if not draft.kind.or_other or not isinstance(options, list):
        return []
    if any(isinstance(option, dict) and option.get("value") == OTHER for option in options):
        reason = "The list has a choice named other already. Leave out or_other, or rename the choice."
        findings.refuse(draft.row.place("type"), "other_twice", reason)
        return []
    options.append({"value": OTHER, "label": {language: "Other"}})
    if language != "en":
        reason = "The added option and its question are in English. Write both out to translate them."
        findings.warn(draft.row.place("type"), "english", reason)
    asks = Draft(draft.row, f"{draft.key}_other", Kind("text"), type="short_text")
    found: dict[str, JsonValue] = {
        "type": "short_text",
        "key": asks.key,
        "label": {language: "Please specify."},
        "max_length": 500,
        "relevant": {"equals": {"question": draft.key, "value": OTHER}},
    }
    if made.get("disclosure"):
        # What people write in their own words is a text, whatever the choice itself is.
        found["disclosure"] = "text" if made["disclosure"] in _TEXTS else made["disclosure"]
    return [(asks, found)]
