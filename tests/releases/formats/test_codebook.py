"""The codebook and the CSVW metadata describe every column of every table, whatever the versions did."""

import json
from typing import Any

import pytest

from api.core.ids import new_id
from api.releases import codebook, csvw
from api.releases.codebook import CODEBOOK
from api.releases.layout import Layout, lay_out
from api.releases.policy import Policy, QuasiIdentifier, SensitiveQuestion
from api.releases.slots import Version
from schemas.instrument import InstrumentDefinition
from tests.schemas.samples import options

CHANGES: list[list[dict[str, Any]]] = [
    [
        {"type": "scale", "key": "stakes", "label": {"en": "Stakes?", "cy": "Beth?"}, "min": 1, "max": 5},
        {"type": "multiple_choice", "key": "why", "label": {"en": "Why?"}, "options": options("cost")},
        {"type": "long_text", "key": "story", "label": {"en": "=Tell us"}},
    ],
    [
        {
            "type": "scale",
            "key": "stakes",
            "label": {"en": "How high?", "cy": "Beth?"},
            "min": 1,
            "max": 5,
            "theme": "skills",
        },
        {
            "type": "multiple_choice",
            "key": "why",
            "label": {"en": "Why?"},
            "options": options("cost", "risk"),
        },
        {"type": "long_text", "key": "story", "label": {"en": "=Tell us"}},
        {
            "type": "repeat_group",
            "key": "people",
            "label": {"en": "Who?"},
            "children": [{"type": "number", "key": "distance", "label": {"en": "How far?"}, "unit": "km"}],
        },
    ],
]


def version(number: int, questions: list[dict[str, Any]]) -> Version:
    items = [{"question": one["key"]} for one in questions]
    body = {
        "key": "diary",
        "version": number,
        "title": {"en": "Diary"},
        "default_language": "en",
        "languages": ["en", "cy"],
        "questions": [_open(one) for one in questions],
        "forms": [{"kind": "day", "label": {"en": "Day"}, "contingency": "event", "items": items}],
    }
    return Version(new_id(), InstrumentDefinition.model_validate(body))


def _open(question: dict[str, Any]) -> dict[str, Any]:
    children = {"children": [_open(one) for one in question["children"]]} if "children" in question else {}
    return question | children | {"disclosure": "text" if question["type"] == "long_text" else "open"}


@pytest.fixture
def layout() -> Layout:
    policy = Policy(
        quasi_identifiers=[QuasiIdentifier(key="sector", ancestors={"a": [], "b": []})],
        k=5,
        suppression_limit=0.05,
        sensitive=[SensitiveQuestion(key="stakes")],
    )
    return lay_out([version(number, asked) for number, asked in enumerate(CHANGES, start=1)], policy)


@pytest.fixture
def rows(layout: Layout) -> dict[tuple[str, str], dict[str, Any]]:
    frame = codebook.rows(layout.tables, layout.policy)
    found = {(row["file"], row["column"]): row for row in frame.to_dicts()}
    assert len(found) == frame.height, "every column once"
    return found


@pytest.fixture
def columns(layout: Layout) -> dict[tuple[str, str], dict[str, Any]]:
    told = json.loads(codebook.text(layout.tables, layout.policy))
    assert {"empty", "guarding", "comparability", "spss", "roles"} == set(told["notes"])
    return {(table["name"], one["column"]): one for table in told["tables"] for one in table["columns"]}


def test_every_column_of_every_table_is_described_once(
    layout: Layout, rows: dict[tuple[str, str], Any], columns: dict[tuple[str, str], Any]
) -> None:
    released = [(table.name, name) for table in layout.tables for name in table.header]
    assert [(f"{name}.csv", column) for name, column in released] == list(rows)
    assert released == list(columns)


def test_versions_labels_and_comparability_are_told(
    rows: dict[tuple[str, str], Any], columns: dict[tuple[str, str], Any]
) -> None:
    stakes = columns["entries", "stakes"]
    assert stakes["label"] == {"en": "How high?", "cy": "Beth?"}
    assert [(one["version"], one["label"]["en"]) for one in stakes["versions"]] == [
        (1, "Stakes?"), (2, "How high?"),
    ]  # fmt: skip
    assert stakes["comparability"] == [{"from": 1, "to": 2, "answers": "wording"}]
    assert rows["entries.csv", "stakes"]["comparability"] == "1 to 2: wording"
    risk = rows["entries.csv", "why__risk"]
    assert (risk["versions"], risk["comparability"]) == ("2", "1 to 2: options_added")
    assert risk["values"] == "1 = chosen; 0 = not chosen"
    assert columns["entries", "why__risk"]["values"]["0"] == {"en": "not chosen"}
    assert rows["people.csv", "distance"]["unit"] == "km"
    assert (rows["entries.csv", "stakes"]["theme"], stakes["theme"]) == ("skills", "skills")
    assert rows["entries.csv", "why__risk"]["theme"] is None


def test_roles_kinds_and_rules_are_told(rows: dict[tuple[str, str], Any]) -> None:
    roles = {place: row["role"] for place, row in rows.items() if row["role"]}
    assert roles["entries.csv", "stakes"] == "sensitive attribute"
    assert roles["participants.csv", "sector"] == "quasi-identifier"
    assert roles["prompts.csv", "entry"] == roles["participants.csv", "participant"] == "pseudonym"
    story = rows["entries.csv", "story"]
    assert (story["class"], story["kind"]) == ("text", "text")
    assert story["rule"].startswith("reviewed redaction")
    assert "apostrophe" in story["cells"]
    assert rows["answers_long.csv", "value"]["spss_name"] == "value"


def test_the_metadata_is_csv_on_the_web(layout: Layout) -> None:
    tables = [*layout.tables, CODEBOOK]
    group = json.loads(csvw.text(tables))
    assert group["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [one["url"] for one in group["tables"]] == [f"{table.name}.csv" for table in tables]
    named = {
        one["url"]: [column["name"] for column in one["tableSchema"]["columns"]] for one in group["tables"]
    }
    for table, one in zip(tables, group["tables"], strict=True):
        schema = one["tableSchema"]
        assert named[one["url"]] == table.header
        assert len(set(table.header)) == len(table.header)
        assert all(
            set(column) == {"name", "titles", "dc:description", "datatype", "null"}
            for column in schema["columns"]
        )
        assert set(schema["primaryKey"]) <= set(table.header)
        for key in schema.get("foreignKeys", []):
            assert key["columnReference"] in table.header
            assert key["reference"]["columnReference"] in named[key["reference"]["resource"]]
    links = {
        (one["url"], key["columnReference"]): key["reference"]["resource"]
        for one in group["tables"]
        for key in one["tableSchema"].get("foreignKeys", [])
    }
    assert links == {
        ("entries.csv", "participant"): "participants.csv",
        ("answers_long.csv", "entry"): "entries.csv",
        ("people.csv", "entry"): "entries.csv",
        ("followups.csv", "entry"): "entries.csv",
        ("followups.csv", "follows"): "entries.csv",
        ("followups.csv", "participant"): "participants.csv",
        ("prompts.csv", "participant"): "participants.csv",
    }
