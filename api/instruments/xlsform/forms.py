"""The sheets forms and form_items: the kinds of entry; a workbook without them is one form that asks everything."""

from collections.abc import Sequence

from pydantic import JsonValue

from api.instruments.xlsform import tables
from api.instruments.xlsform.cells import Row
from api.instruments.xlsform.columns import FORM_ITEMS, FORMS
from api.instruments.xlsform.drafts import Draft
from api.instruments.xlsform.findings import Findings
from api.instruments.xlsform.making import Made
from api.instruments.xlsform.settings import Settings
from api.instruments.xlsform.words import flag
from api.instruments.xlsform.workbook import Sheet


def one_form(settings: Settings, made: Sequence[tuple[Draft, Made]]) -> list[Made]:
    """Return the one form of a workbook that names none: every question in order."""
    items: list[JsonValue] = []
    for draft, question in made:
        required = (
            question["key"] == draft.row.word("name") and draft.type != "note" and _is_required(draft.row)
        )
        items.append({"question": question["key"], "required": required})
    label: JsonValue = {**settings.title}
    return [{"kind": settings.kind, "label": label, "contingency": settings.contingency, "items": items}]


def _is_required(row: Row) -> bool:
    return flag(row, "required", Findings())  # what is wrong was told when the question was made


def forms(sheets: dict[str, Sheet], default: str, findings: Findings) -> list[tuple[Row, Made]]:
    """Return the forms that the workbook names, each with its row."""
    found: dict[str, tuple[Row, Made]] = {}
    for row in tables.rows(sheets["forms"], FORMS, default, findings):
        kind = row.word("kind")
        if kind in found:
            findings.refuse(row.place("kind"), "form_twice", "This kind of entry is named before.")
        label: JsonValue = {**row.labels("label")}
        contingency = row.word("contingency") or "event"
        found[kind] = row, {"kind": kind, "label": label, "contingency": contingency, "items": []}
    items = sheets.get("form_items", Sheet("form_items", []))
    for row in tables.rows(items, FORM_ITEMS, default, findings):
        form = found.get(row.word("kind"))
        if form is None:
            reason = "The sheet forms has no such kind of entry."
            findings.refuse(row.place("kind"), "no_form", reason)
            continue
        listed = form[1]["items"]
        assert isinstance(listed, list)  # noqa: S101 (made so above)
        flags = {name: flag(row, name, findings) for name in ("required", "more")}
        listed.append({"question": row.word("question"), **flags})
    return list(found.values())
