"""Describes the CSV files for machines: W3C "Metadata Vocabulary for Tabular Data" (CSV on the Web)."""

import json
from collections.abc import Sequence
from typing import Any

from api.core.cells import guarded_header
from api.releases.tables import PSEUDONYM, Column, Kind, Labels, Table

NAME = "csv-metadata.json"
"""Where a reader of CSV on the Web looks by itself."""
_DATATYPES: dict[Kind, Any] = {
    Kind.CODE: "string",
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "decimal",
    Kind.FLAG: {"base": "boolean", "format": "1|0"},
}
_POINTS_TO = {
    "entry": ("entries", "entry"),
    "follows": ("entries", "entry"),
    "participant": ("participants", "participant"),
}
_OFTEN_EMPTY = {
    ("entries", "follows"),
    ("prompts", "entry"),
}  # a strict reader wants a foreign key in every row


def text(tables: Sequence[Table]) -> str:
    """Return csv-metadata.json for all CSV files of a release."""
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:description": "De-identified tables of one release; codebook.csv explains every column.",
        "tables": [_table(table) for table in tables],
    }
    return json.dumps(group, indent=1, ensure_ascii=False) + "\n"


def _table(table: Table) -> dict[str, Any]:
    keys = [_foreign_key(column.name) for column in table.columns if _points_elsewhere(table, column)]
    schema: dict[str, Any] = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": list(table.key),
    }
    if keys:
        schema["foreignKeys"] = keys
    return {"url": f"{table.name}.csv", "dc:description": table.label, "tableSchema": schema}


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": guarded_header(column.name),
        "dc:description": _in_languages(column.label),
        "datatype": _DATATYPES[column.kind],
        "null": "",
    }


def _in_languages(labels: Labels) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in labels.items()]


def _points_elsewhere(table: Table, column: Column) -> bool:
    target, place = _POINTS_TO.get(column.name), (table.name, column.name)
    return column.role == PSEUDONYM and target not in {None, place} and place not in _OFTEN_EMPTY


def _foreign_key(name: str) -> dict[str, Any]:
    table, column = _POINTS_TO[name]
    return {
        "columnReference": name,
        "reference": {"resource": f"{table}.csv", "columnReference": column},
    }
