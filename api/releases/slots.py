"""Where the answers to each question go: a function of the instrument versions and the policy, never of the rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise
from uuid import UUID

import polars as pl

from api.instruments.service import PROFILE
from api.releases.answers import kind_of, stored_type, written
from api.releases.coarsening import Rule, rule_for
from api.releases.tables import DTYPES, Column, Wording
from schemas.change_gate import likeness
from schemas.instrument import InstrumentDefinition
from schemas.questions import CodebookRow, Disclosure, Question, RepeatGroupQuestion

AS_GIVEN = "as given"
REVIEWED = "reviewed redaction; empty where no person has reviewed the text or the leader does not allow it"
CODED_ONLY = "withheld: this release holds coded answers only"
NO_RULE = "withheld: no rule generalises it"
ITEM_KEY = ("entry", "item")
"""What tells the rows of a repeat's own table apart."""
_STRICTEST_FIRST = (
    Disclosure.NEVER, Disclosure.RESTRICTED, Disclosure.TEXT, Disclosure.GENERALISE, Disclosure.OPEN,
)  # fmt: skip
_HIDDEN = {Disclosure.NEVER, Disclosure.RESTRICTED}
_NOTHING = "_"  # items of which nothing may leave are counted all the same
_FREE_TEXT = {"short_text", "long_text"}
_TIMES = {"date", "date_time", "time"}


@dataclass(frozen=True)
class Version:
    """A published instrument version."""

    id: UUID
    definition: InstrumentDefinition


@dataclass(frozen=True)
class Slot:
    """One question of one instrument over all its versions: how its answers are read, staged and written."""

    name: str
    instrument: str
    asked: tuple[tuple[int, Question], ...]
    disclosure: Disclosure
    texts: bool
    prefix: str = ""
    children: "tuple[Slot, ...]" = field(default=())
    phase_weeks: int | None = None

    @property
    def key(self) -> str:
        """Return the question's key."""
        return self.asked[-1][1].key

    @cached_property
    def rule(self) -> Rule | None:
        """Return how answers of class `generalise` become coarser; None: as given."""
        questions = [question for _, question in self.asked]
        return rule_for(questions, self.phase_weeks) if self.disclosure is Disclosure.GENERALISE else None

    @property
    def is_text(self) -> bool:
        """Say whether only a reviewed redaction of the answers may leave."""
        return self.disclosure is Disclosure.TEXT

    @property
    def is_staged(self) -> bool:
        """Say whether coded answers are taken from the entries."""
        return not self.is_text and (self.rule is None or self.rule.name is not None)

    @property
    def told(self) -> str:
        """Return the rule as the codebook states it."""
        if self.is_text:
            return REVIEWED if self.texts else CODED_ONLY
        return AS_GIVEN if self.rule is None else self.rule.name or NO_RULE

    @cached_property
    def read_type(self) -> pl.DataType:
        """Return the type in which answers are read; what may not leave is not read at all."""
        if not self.children:
            return stored_type(self.asked[-1][1])
        fields = {child.key: child.read_type for child in self.children if child.is_staged}
        return pl.List(pl.Struct(fields or {_NOTHING: pl.Null()}))

    @cached_property
    def staged_type(self) -> pl.DataType:
        """Return the type in which answers are staged: as coarse as they will be written."""
        if self.rule is not None:
            return DTYPES[self.rule.kind]
        fields = {child.name: child.staged_type for child in self.children if child.is_staged}
        return pl.List(pl.Struct(fields)) if fields else self.read_type

    def staged(self, answer: pl.Expr, starts_on: date) -> pl.Expr:
        """Return an answer as it is staged."""
        if self.rule is not None:
            answer = self.rule.applied(answer, starts_on)
        inside = [c.staged(pl.element().struct.field(c.key), starts_on) for c in self.children if c.is_staged]
        return (answer.list.eval(pl.struct(inside)) if inside else answer).alias(self.name)

    def rows(self) -> dict[str, CodebookRow]:
        """Return every column that any version gives the question, and its latest description."""
        return {row.column: row for _, question in self.asked for row in question.codebook()}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return the question's columns."""
        return tuple(self._column(name, row) for name, row in self.rows().items())

    def cells(self) -> Iterator[pl.Expr]:
        """Yield each column, from the staged answers and `instrument_version`."""
        asked = [(pl.col("instrument_version") == number, question) for number, question in self.asked]
        for name, column in zip(self.rows(), self.columns, strict=True):
            if self.rule is None:
                yield written(pl.col(self.name), asked, name).alias(column.name)
            else:
                yield pl.col(self.name).alias(column.name)

    def _column(self, name: str, row: CodebookRow) -> Column:
        latest = self.asked[-1][1]
        return Column(
            name=self.prefix + name,
            kind=self.rule.kind if self.rule else kind_of(latest),
            label=row.label,
            values={} if self.rule else row.values,
            unit=row.unit or "",
            instrument=self.instrument,
            question=row.question,
            type=row.type,
            theme=latest.theme or "",
            history=tuple(self._history(name)),
            comparable=self._comparable,
            disclosure=self.disclosure.value,
            rule=self.told,
        )

    def _history(self, name: str) -> Iterator[Wording]:
        for number, question in self.asked:
            for row in question.codebook():
                if row.column == name:
                    yield Wording(number, row.label, row.values)

    @cached_property
    def _comparable(self) -> dict[tuple[int, int], str]:
        return {(a, b): likeness(old, new) for (a, old), (b, new) in pairwise(self.asked)}


def slots_of(
    versions: Sequence[Version], fixed: Iterable[str], *, texts: bool, phase_weeks: int | None = None
) -> list[Slot]:
    """Give every question that may leave its place; it has the strictest class that any version gave it.

    `phase_weeks` is how long a phase is where a release tells of dates no more than the phase.
    """
    taken = set(fixed)
    ordered = sorted(versions, key=lambda v: (v.definition.key, v.definition.version))
    groups = {key: list(group) for key, group in groupby(ordered, lambda v: v.definition.key)}
    asked_in = Counter(key for group in groups.values() for key in _asked(group))
    found: list[Slot] = []
    for instrument, group in groups.items():
        for key in _asked(group):
            prefix = f"{instrument}__" if asked_in[key] > 1 or key in taken else ""
            asked = [(v.definition.version, q) for v in group if (q := v.definition.question(key))]
            found += _slot(instrument, asked, prefix, texts=texts, phase_weeks=phase_weeks)
    return found


def _slot(
    instrument: str,
    asked: Sequence[tuple[int, Question]],
    prefix: str,
    *,
    texts: bool,
    phase_weeks: int | None,
) -> Iterator[Slot]:
    disclosure = min((_class(question) for _, question in asked), key=_STRICTEST_FIRST.index)
    if disclosure in _HIDDEN or not asked[-1][1].columns():
        return
    yield Slot(
        name=prefix + asked[-1][1].key,
        instrument=instrument,
        asked=tuple(asked),
        disclosure=disclosure,
        texts=texts,
        prefix=prefix,
        children=tuple(_children(instrument, asked, texts=texts, phase_weeks=phase_weeks)),
        phase_weeks=phase_weeks,
    )


def _children(
    instrument: str, asked: Sequence[tuple[int, Question]], *, texts: bool, phase_weeks: int | None
) -> Iterator[Slot]:
    pairs = [
        (number, child)
        for number, question in asked
        if isinstance(question, RepeatGroupQuestion)
        for child in question.children
    ]
    for key in dict.fromkeys(child.key for _, child in pairs):
        prefix = f"{asked[-1][1].key}__" if key in ITEM_KEY else ""
        mine = [(number, child) for number, child in pairs if child.key == key]
        yield from _slot(instrument, mine, prefix, texts=texts, phase_weeks=phase_weeks)


def _class(question: Question) -> Disclosure:
    """Return a question's class; free text and times are never open, whatever their author said."""
    stated = question.effective_disclosure
    if question.type in _FREE_TEXT and stated not in _HIDDEN:
        return Disclosure.TEXT
    if question.type in _TIMES and stated is Disclosure.OPEN:
        return Disclosure.GENERALISE
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
