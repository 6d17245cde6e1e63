"""Says in words what a row of the real file says, and what a stored entry says: two paths that share no code."""

import json
import re
from typing import Any

from tests.importers.files import FIXED
from tests.importers.house import House


def given(row: dict[str, Any]) -> dict[str, Any]:
    """What a row of the file says, in words."""
    said: dict[str, Any] = {}
    for column, cell in row.items():
        if column in FIXED or not cell or column.endswith("_basic"):
            continue
        name = re.sub(r"_(yesno|open|steps|slider[A-Za-z]+|multipleChoice_\w+)$", "", column).lower()
        if column.endswith("_string"):
            said[name] = [wording.strip() for wording in json.loads(f"[{cell}]")]
        elif column.endswith("_yesno"):
            said[name] = cell == "1"
        elif column.endswith("_open"):
            if json.loads(cell).strip():
                said[name] = json.loads(cell)
        elif column.endswith("_likert"):
            said[f"{name} point"] = cell
        elif not column.endswith("_index"):
            said[name] = int(cell)
    return said


def option_labels(real: House) -> dict[str, dict[str, str]]:
    (version,) = real.rows("instrument_version")
    questions = json.loads(version["definition"])["questions"]
    return {
        question["key"]: {option["value"]: option["label"]["en"] for option in question["options"]}
        for question in questions
        if "options" in question
    }


def spoken(answers: dict[str, Any], labels: dict[str, dict[str, str]]) -> dict[str, Any]:
    """What a stored entry says, in words."""
    said: dict[str, Any] = {}
    for key, value in answers.items():
        name = key.removeprefix("intake_")
        if key == "intake_age":
            said[name] = str(value)
        elif key in labels:
            chosen = value if isinstance(value, list) else [value]
            said[name] = [labels[key][one] for one in chosen]
            if value == "other" and f"{key}_other" in answers:
                said[name] = [answers[f"{key}_other"].strip()]
            if key.startswith(("swls", "bfi")):
                said[f"{name} point"] = value
        elif not key.endswith("_other"):
            said[name] = value
    return said
