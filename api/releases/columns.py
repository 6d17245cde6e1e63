"""The columns of entries.csv: a function of the instrument versions and the policy, never of the rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from pydantic import JsonValue

from api.instruments.service import PROFILE
from api.releases.coarsening import Rule, rule_for
from schemas.instrument import InstrumentDefinition
from schemas.questions import CodebookRow, Disclosure, Question

FIXED = (
    "entry", "participant", "instrument", "instrument_version", "kind",
    "study_week", "time_of_day", "entered_by", "follows",
)  # fmt: skip
_STRICTEST_FIRST = (
    Disclosure.NEVER, Disclosure.RESTRICTED, Disclosure.TEXT, Disclosure.GENERALISE, Disclosure.OPEN,
)  # fmt: skip
_HIDDEN = {Disclosure.NEVER, Disclosure.RESTRICTED}
_FREE_TEXT = {"short_text", "long_text"}
AS_GIVEN = "as given"
TEXT_WITHHELD = "withheld: no person has reviewed a redaction"
NO_RULE = "withheld: no rule generalises it"


@dataclass(frozen=True)
class Version:
    """A published instrument version."""

    id: UUID
    definition: InstrumentDefinition


@dataclass(frozen=True)
class Column:
    """One column of answers, and what the codebook says of it."""

    name: str
    instrument: str
    versions: tuple[int, ...]
    described: CodebookRow
    disclosure: Disclosure
    rule: str


@dataclass(frozen=True)
class Slot:
    """Where one version's answers to a question go in a row, and the rule that makes them coarser."""

    places: tuple[int, ...]
    question: Question
    rule: Rule | None

    def cells(self, answer: JsonValue, starts_on: date) -> list[str]:
        """Write an answer as cells."""
        return self.rule.cells(answer, starts_on) if self.rule else self.question.cells(answer)


@dataclass(frozen=True)
class Plan:
    """Every column of answers; and for each version, by question, where its answers go. No slot: withheld."""

    columns: list[Column]
    slots: dict[UUID, dict[str, Slot]]

    @property
    def header(self) -> list[str]:
        """Return the names of all columns of entries.csv."""
        return [*FIXED, *(column.name for column in self.columns)]


def plan(versions: Sequence[Version]) -> Plan:
    """Lay out the columns of all versions; a question has the strictest class that any version gave it."""
    made = Plan([], {version.id: {} for version in versions})
    ordered = sorted(versions, key=lambda v: (v.definition.key, v.definition.version))
    groups = {key: list(group) for key, group in groupby(ordered, lambda v: v.definition.key)}
    asked_in = Counter(key for group in groups.values() for key in _asked(group))
    for instrument, group in groups.items():
        for key in _asked(group):
            prefix = f"{instrument}__" if asked_in[key] > 1 or key in FIXED else ""
            _add(made, [(v, q) for v in group if (q := v.definition.question(key))], prefix)
    return made


def _add(made: Plan, asked: list[tuple[Version, Question]], prefix: str) -> None:
    disclosure = min((_class(question) for _, question in asked), key=_STRICTEST_FIRST.index)
    if disclosure in _HIDDEN:
        return
    latest = asked[-1][1]
    rule = rule_for(latest) if disclosure is Disclosure.GENERALISE else None
    withheld = disclosure is Disclosure.TEXT or (rule is not None and rule.name is None)
    text = (
        TEXT_WITHHELD if disclosure is Disclosure.TEXT else AS_GIVEN if rule is None else rule.name or NO_RULE
    )
    rows = {row.column: row for _, question in asked for row in question.codebook()}
    start = len(FIXED) + len(made.columns)
    places = {name: start + number for number, name in enumerate(rows)}
    for name, row in rows.items():
        numbers = tuple(v.definition.version for v, question in asked if name in question.columns())
        made.columns.append(Column(prefix + name, asked[0][0].definition.key, numbers, row, disclosure, text))
    if withheld:
        return
    for version, question in asked:
        own = Rule(question, rule.name) if rule else None
        slot = Slot(tuple(places[name] for name in question.columns()), question, own)
        made.slots[version.id][question.key] = slot


def _class(question: Question) -> Disclosure:
    """Return a question's class; free text is never open, whatever its author said."""
    stated = question.effective_disclosure
    if question.type in _FREE_TEXT and stated not in _HIDDEN:
        return Disclosure.TEXT
    return stated


def _asked(group: Iterable[Version]) -> list[str]:
    """Return the questions that entries of an instrument answer, in the order in which versions named them."""
    keys = (
        item.question
        for version in group
        for form in version.definition.forms
        if form.kind != PROFILE
        for item in form.items
    )
    return list(dict.fromkeys(keys))
