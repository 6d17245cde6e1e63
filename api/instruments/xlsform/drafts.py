"""Walks the sheet survey: which questions there are, in which repeat, and under which conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from api.instruments.xlsform.cells import Cell, Row
from api.instruments.xlsform.findings import Findings
from api.instruments.xlsform.types import Kind, kind
from api.instruments.xlsform.words import NAME_RULE, is_key


@dataclass
class Draft:
    """A question as its row says it, before conditions are read."""

    row: Row
    key: str
    kind: Kind
    conditions: list[Cell] = field(default_factory=list)
    """Its own condition and those of the groups that it stands in, outermost first."""
    children: "list[Draft]" = field(default_factory=list)
    type: str = ""


@dataclass
class _Edge:
    """A group or repeat that is open."""

    draft: Draft
    name: str
    conditions: list[Cell]


class _Walk:
    """The questions so far, and the groups and repeats that are open."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.questions: list[Draft] = []
        self.open: list[_Edge] = []

    @property
    def repeat(self) -> Draft | None:
        return next((edge.draft for edge in self.open if edge.name == "repeat"), None)

    def take(self, row: Row) -> None:
        found = kind(row.word("type"))
        if not row.word("type"):
            self.findings.refuse(row.place("type"), "missing", "This row has no type.")
        elif isinstance(found, str):
            self.findings.refuse(row.place("type"), "unsupported_type", found)
        elif found.name.startswith("end_"):
            self._close(row, found.name.removeprefix("end_"))
        else:
            self._add(row, found)

    def _add(self, row: Row, found: Kind) -> None:
        name = row.word("name")
        if not name and found.name != "begin_group":
            self.findings.refuse(row.place("name"), "missing", "This row has no name.")
        elif name and not is_key(name):
            self.findings.refuse(row.place("name"), "bad_name", NAME_RULE)
        draft = Draft(row, name if is_key(name) else "", found, self._conditions(row))
        if found.name == "begin_group":
            self._group(draft)
            return
        if found.name == "begin_repeat" and self.repeat:
            reason = "A repeat cannot stand inside another repeat."
            self.findings.refuse(row.place("type"), "nested_repeat", reason)
        self._place(draft)
        if found.name == "begin_repeat":
            # What is asked inside is asked only where the repeat itself is: its conditions are the repeat's.
            self.open.append(_Edge(draft, "repeat", []))

    def _group(self, draft: Draft) -> None:
        """Flatten a group: its label becomes a note, its condition that of everything inside."""
        self.open.append(_Edge(draft, "group", draft.conditions))
        if draft.row.labels("label") or draft.row.labels("hint"):
            if not draft.key:
                self.findings.refuse(draft.row.place("name"), "missing", "A group with a label needs a name.")
            self._place(Draft(draft.row, draft.key, Kind("note"), draft.conditions))

    def _place(self, draft: Draft) -> None:
        (self.repeat.children if self.repeat else self.questions).append(draft)

    def _conditions(self, row: Row) -> list[Cell]:
        own = row.cell("relevant")
        outer = self.open[-1].conditions if self.open else []
        return [*outer, *([own] if own else [])]

    def _close(self, row: Row, name: str) -> None:
        if not self.open or self.open[-1].name != name:
            reason = f"This ends a {name} that was not begun, or not the innermost one."
            self.findings.refuse(row.place("type"), "not_begun", reason)
        else:
            self.open.pop()

    def finish(self) -> None:
        for edge in self.open:
            reason = f"This {edge.name} is never ended."
            self.findings.refuse(edge.draft.row.place("type"), "not_ended", reason)


def drafts(rows: list[Row], findings: Findings) -> list[Draft]:
    """Return the questions in order, those of a repeat inside it."""
    walk = _Walk(findings)
    for row in rows:
        walk.take(row)
    walk.finish()
    for level in (walk.questions, *(one.children for one in walk.questions)):
        for draft in _again(level):
            findings.refuse(
                draft.row.place("name"), "name_twice", "This name is used before, in the same place."
            )
    for draft in walk.questions:
        if draft.kind.name == "begin_repeat" and not draft.children:
            findings.refuse(draft.row.place("type"), "empty_repeat", "This repeat asks nothing.")
    return walk.questions


def _again(level: list[Draft]) -> Iterator[Draft]:
    seen: set[str] = set()
    for draft in level:
        if draft.key and draft.key in seen:
            yield draft
        seen.add(draft.key)
