"""The lists of the sheet choices, and the options that a question has of one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from api.instruments.xlsform.cells import Cell, Row
from api.instruments.xlsform.conditions import Condition
from api.instruments.xlsform.filters import names, offered_when
from api.instruments.xlsform.findings import Findings
from api.instruments.xlsform.scope import Scope
from api.instruments.xlsform.tree import Unsaid
from api.instruments.xlsform.words import NAME_RULE, flag, is_value

KNOWN = {"list_name", "name", "removed", "exclusive"}


@dataclass(frozen=True)
class Choice:
    """One row of a list."""

    value: str
    row: Row
    removed: bool
    exclusive: bool

    @property
    def columns(self) -> dict[str, str]:
        """Return what a filter may look at."""
        return {name: cell.word for name, cell in self.row.cells.items() if "::" not in name}


@dataclass
class Lists:
    """Every list by name, and which lists and columns a question has looked at."""

    lists: dict[str, list[Choice]]
    columns: set[str]
    used: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def tell_unused(self, rows: Iterable[Row], findings: Findings) -> None:
        """Refuse filled columns that nothing looks at, which would be lost; warn of lists that nothing asks."""
        for name in [name for name in self.lists if name not in self.asked and self.lists[name]]:
            reason = "No question uses this list: it is left out."
            findings.warn(self.lists[name][0].row.place("list_name"), "unused_list", reason)
        for column in sorted(self.columns - self.used):
            filled = [cell for row in rows if (cell := row.cell(column))]
            if filled:
                reason = "Nothing looks at this column: no choice_filter names it."
                findings.refuse(filled[0].place, "unused_column", reason)


def lists(rows: list[Row], findings: Findings) -> Lists:
    """Read the sheet choices."""
    found: dict[str, list[Choice]] = {}
    columns: set[str] = set()
    for row in rows:
        columns |= {
            name
            for name in row.letters
            if name not in KNOWN and "::" not in name and not name.startswith("hierarchy_")
        }
        name, value = row.word("list_name"), row.word("name")
        if name:
            found.setdefault(name, [])  # a list whose choices are refused is a list still
        if not name or not value:
            reason = "A choice needs the name of its list and a name of its own."
            findings.refuse(row.place("name" if name else "list_name"), "missing", reason)
        elif not is_value(value) and not re.fullmatch(r"-[0-9]{1,3}", value):
            findings.refuse(row.place("name"), "bad_name", NAME_RULE)
        elif not row.labels("label"):
            reason = "This choice has no label. Write what people read."
            findings.refuse(row.place("label"), "no_label", reason)
        else:
            choice = Choice(value, row, flag(row, "removed", findings), flag(row, "exclusive", findings))
            found[name].append(choice)
    return Lists(found, columns)


def options(
    choices: list[Choice], filter_cell: Cell | None, scope: Scope, known: Lists, findings: Findings
) -> list[dict[str, JsonValue]]:
    """Return a question's options; a choice that occurs for several values of a filter is one option."""
    found: dict[str, dict[str, JsonValue]] = {}
    for choice in choices:
        try:
            when = None
            if filter_cell is not None and not choice.removed:
                known.used |= known.columns & names(filter_cell.text)
                when = offered_when(filter_cell.text, choice.columns, known.columns | KNOWN, scope)
        except Unsaid as reason:
            assert filter_cell is not None  # noqa: S101 (only a filter says what cannot be said)
            findings.refuse(filter_cell.place, "filter", str(reason))
            return []
        if when is not False:
            _take(found, choice, when if isinstance(when, dict) else None, findings)
    return list(found.values())


def _take(
    found: dict[str, dict[str, JsonValue]], choice: Choice, when: Condition | None, findings: Findings
) -> None:
    made: dict[str, JsonValue] = {"value": choice.value, "label": {**choice.row.labels("label")}}
    made |= {name: True for name in ("removed", "exclusive") if getattr(choice, name)}
    if when:
        made["relevant"] = when
    if not is_value(choice.value):  # a label of a scale may be at -2, an option may not
        findings.refuse(choice.row.place("name"), "bad_name", NAME_RULE)
    earlier = found.get(choice.value)
    if earlier is None:
        found[choice.value] = made
    elif when is None or not _merged(earlier, made):
        reason = "This list has the same choice twice."
        findings.refuse(choice.row.place("name"), "choice_twice", reason)


def _merged(earlier: dict[str, JsonValue], made: dict[str, JsonValue]) -> bool:
    """Let an option be offered for one more answer, if all else of the two rows is the same."""
    if {**earlier, "relevant": None} != {**made, "relevant": None}:
        return False
    terms = [one["relevant"] for one in (earlier, made) if isinstance(one.get("relevant"), dict)]
    inner = [term["in"] for term in terms if isinstance(term, dict)]
    both = [one for one in inner if isinstance(one, dict)]
    if len(both) < 2 or both[0]["question"] != both[1]["question"]:
        return False
    values: list[JsonValue] = []
    for one in both:
        assert isinstance(one["values"], list)  # noqa: S101 (filters.py makes it so)
        values += [value for value in one["values"] if value not in values]
    earlier["relevant"] = {"in": {"question": both[0]["question"], "values": values}}
    return True
