"""Describes every column of every table of a release, once: codebook.csv for people, codebook.json for programs."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from api.releases.policy import Policy
from api.releases.spss import LONGEST_TEXT, in_one, names_of
from api.releases.tables import Column, Kind, Table

_HEADER = (
    "file", "column", "kind", "role", "instrument", "versions", "question", "type", "theme", "label", "values", "unit",
    "class", "rule", "comparability", "spss_name", "cells",
)  # fmt: skip
CODEBOOK = Table(
    "codebook",
    "one row per column of every table",
    ("file", "column"),
    tuple(Column(name, Kind.TEXT, {"en": name}) for name in _HEADER),
)
SENSITIVE = "sensitive attribute"
_GUARDED = "in CSV an apostrophe stands before text that a spreadsheet could run"
CELLS = {
    Kind.CODE: f"a code, a name or a band, never what a participant wrote; {_GUARDED}",
    Kind.TEXT: f"text; {_GUARDED}",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number with a decimal point, never with an exponent",
    Kind.FLAG: "1 or 0",
}
_NOTES = {
    "empty": "Not asked, not answered, or withheld; `rule` says what is withheld and why. CSV: nothing. "
    "JSON Lines: the key is left out. Parquet: null. SPSS: system-missing, or an empty string.",
    "guarding": "CSV only: a text or a column's name has an apostrophe before it where it begins, perhaps "
    "after spaces, with = + - @ (full-width ones too), a tab, CR, LF or NUL, so that no spreadsheet runs it. To have "
    "the text as it was, take the apostrophe away where one of these follows. Numbers are never touched. JSON Lines, "
    "Parquet and SPSS hold the text as it is.",
    "comparability": "How far answers to two versions may be pooled. identical; wording: only words changed; "
    "options_added: who answered the earlier version could not choose the new ones; not_comparable.",
    "spss": f"SPSS holds at most {LONGEST_TEXT} bytes of a text, drops spaces at its end, cuts names after 64, labels "
    "of variables after 255 and of values after 120 bytes, and keeps whole numbers exact up to 2^53. "
    "`spss_name` is the name there.",
    "roles": "pseudonym: a keyed hash, means nothing outside this release's scope. quasi-identifier: "
    "generalised so that at least k participants share each description. sensitive attribute: its values differ "
    "among people who share a description.",
}


def rows(tables: Sequence[Table], policy: Policy) -> pl.DataFrame:
    """Return one row per column of every table."""
    told = [row for table in tables for row, _ in _rows(table, policy)]
    cells = [tuple(row[key] or None for key in _HEADER) for row in told]
    return pl.DataFrame(cells, schema=CODEBOOK.schema, orient="row")


def text(tables: Sequence[Table], policy: Policy) -> str:
    """Return codebook.json: the same with every language, and the words of every version."""
    described = [
        {
            "name": table.name,
            "description": table.label,
            "key": list(table.key),
            "columns": [_in_full(row, column) for row, column in _rows(table, policy)],
        }
        for table in tables
    ]
    return json.dumps({"notes": _NOTES, "tables": described}, indent=1, ensure_ascii=False) + "\n"


def _rows(table: Table, policy: Policy) -> Iterator[tuple[dict[str, str], Column]]:
    names, sensitive = names_of(table), {one.key for one in policy.sensitive}
    for column in table.columns:
        role = column.role or (SENSITIVE if column.question in sensitive else "")
        yield _row(table, column, role, names[column.name]), column


def _row(table: Table, column: Column, role: str, spss_name: str) -> dict[str, str]:
    return {
        "file": f"{table.name}.csv",
        "column": column.name,
        "kind": column.kind.value,
        "role": role,
        "instrument": column.instrument,
        "versions": " ".join(map(str, column.versions)),
        "question": column.question,
        "type": column.type or column.kind.value,
        "theme": column.theme,
        "label": in_one(column.label),
        "values": "; ".join(f"{value} = {in_one(labels)}" for value, labels in column.values.items()),
        "unit": column.unit,
        "class": column.disclosure,
        "rule": column.rule,
        "comparability": "; ".join(f"{a} to {b}: {mark}" for (a, b), mark in column.comparable.items()),
        "spss_name": spss_name,
        "cells": CELLS[column.kind],
    }


def _in_full(row: dict[str, str], column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {key: cell for key, cell in row.items() if cell and key != "file"}
    told |= {"label": dict(column.label), "values": {key: dict(one) for key, one in column.values.items()}}
    told["versions"] = [
        {
            "version": one.version,
            "label": dict(one.label),
            "values": {k: dict(v) for k, v in one.values.items()},
        }
        for one in column.history
    ]
    told["comparability"] = [
        {"from": a, "to": b, "answers": mark} for (a, b), mark in column.comparable.items()
    ]
    return told
