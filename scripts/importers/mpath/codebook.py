"""Reads m-Path's codebook: which columns belong to which question, and how it was worded."""

import html
import re
from dataclasses import dataclass

from scripts.importers.mpath.reading import Sheet

_TAG = re.compile(r"<[^>]*>")
_GAP = re.compile(r" ([.,;:?!])")
_PARTS = ("index", "string", "likert")


@dataclass(frozen=True)
class Item:
    """One question of an m-Path study; a choice fills up to three columns, anything else one."""

    name: str
    kind: str
    answer: str
    label: str
    reworded: bool
    columns: dict[str, str]

    @property
    def column(self) -> str:
        """Return the column that says whether, and what, was answered."""
        return self.columns.get("index") or next(iter(self.columns.values()))


def items(meta: Sheet, columns: tuple[str, ...]) -> list[Item]:
    """Return the questions that the answers have columns for, in the codebook's order."""
    found: dict[tuple[str, str], Item] = {}
    for row in meta.rows:
        kind = row["typeQuestion"]
        name, part = _split(row["columnName"], kind)
        if row["columnName"] not in columns:
            continue
        label = plain(row["fullQuestion"]) or name.replace("_", " ").strip()
        reworded = row["fullQuestion_mixed"] not in {"", "0"}
        item = found.setdefault((name, kind), Item(name, kind, row["typeAnswer"], label, reworded, {}))
        item.columns[part] = row["columnName"]
    return list(found.values())


def plain(marked_up: str) -> str:
    """Return HTML as plain text: no tags, no entities, single spaces."""
    return _GAP.sub(r"\1", " ".join(html.unescape(_TAG.sub(" ", marked_up)).split()))


def slug(text: str) -> str:
    """Return a text as lower-case words joined by underscores, at most 50 characters."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:50].strip("_")


def _split(column: str, kind: str) -> tuple[str, str]:
    for part in _PARTS:
        if column.endswith(f"_{kind}_{part}"):
            return column.removesuffix(f"_{kind}_{part}"), part
    return column.removesuffix(f"_{kind}"), ""
