"""The tables of a release: a function of the instrument versions and the policy, never of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from api.releases.policy import Policy
from api.releases.slots import ITEM_KEY, Slot, Version, slots_of
from api.releases.tables import PSEUDONYM, QUASI_IDENTIFIER, Column, Kind, Table
from schemas.disclosure import Tier

_OWN_NAMES = {"entries", "answers_long", "participants", "prompts", "followups", "codebook", "manifest"}
_PARTS = {
    "early": {"en": "5 to 8"},
    "morning": {"en": "8 to 12"},
    "midday": {"en": "12 to 14"},
    "afternoon": {"en": "14 to 18"},
    "evening": {"en": "18 to 22"},
    "night": {"en": "22 to 5"},
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Layout:
    """Every table of one release, and the questions that fill them."""

    slots: tuple[Slot, ...]
    policy: Policy

    @cached_property
    def cells(self) -> list[pl.Expr]:
        """Return how the answers in the wide table are made of the staged ones."""
        return [cell for slot in self.slots if slot.is_staged for cell in slot.cells()]

    @property
    def repeats(self) -> list[tuple[Slot, Table]]:
        """Return the questions with a table of their own."""
        return [(slot, _repeat(slot)) for slot in self.slots if slot.children and slot.is_staged]

    @property
    def entries(self) -> Table:
        """Return the wide table: one row per entry."""
        answers = (column for slot in self.slots for column in slot.columns)
        return Table("entries", "one row per entry", ("entry",), (*_fixed(self.policy), *answers))

    @property
    def answers_long(self) -> Table:
        """Return the long table: one row per answer given."""
        return Table(
            "answers_long",
            "one row per answer given, and one per option chosen",
            ("entry", "question", "item", "part", "value"),
            (
                ENTRY,
                _code("question", "key of the question"),
                Column("item", Kind.INTEGER, {"en": "number of the item, from 1, in a repeat"}),
                _code("part", "key of the question inside a repeat"),
                Column("value", Kind.TEXT, {"en": "the answer, as entries.csv writes it; the option chosen"}),
            ),
        )

    @property
    def followups(self) -> Table:
        """Return the table that links follow-ups to what they follow."""
        columns = [
            ENTRY,
            _pseudonym("follows", "pseudonym of the entry that it follows up"),
            _participant(self.policy),
            _code("instrument", "instrument that was filled in"),
            _code("kind", "kind of entry"),
        ]
        if self.policy.dates != "phase":
            columns.append(
                Column("weeks_after", Kind.INTEGER, {"en": "study weeks between the two"}, unit="weeks")
            )
        return Table(
            "followups", "one row per follow-up of an entry in this release", ("entry",), tuple(columns)
        )

    @property
    def prompts(self) -> Table:
        """Return the table of planned prompts, the missed ones too."""
        columns = (
            _pseudonym("prompt", "pseudonym of the prompt, fresh in each release"),
            _participant(self.policy),
            _code("instrument", "instrument that was asked for"),
            _code("kind", "kind of entry that was asked for"),
            *_when(self.policy, "planned_"),
            _code(
                "status",
                "planned, sent, confirmed, opened, answered, expired or skipped (unsent), at the cutoff",
            ),
            _pseudonym("entry", "pseudonym of the entry that answers it, where it is in this release"),
        )
        return Table("prompts", "one row per planned prompt, missed ones too", ("prompt",), columns)

    @property
    def participants(self) -> Table:
        """Return the table of people: their generalised description, nothing else."""
        described = (
            Column(
                q.key,
                Kind.CODE,
                {"en": "quasi-identifier"},
                question=q.key,
                disclosure="generalise",
                rule="generalised until k people share the description; *: suppressed",
                role=QUASI_IDENTIFIER,
            )
            for q in self.policy.quasi_identifiers
        )
        return Table(
            "participants",
            "one row per participant",
            ("participant",),
            (_participant(self.policy), *described),
        )

    @property
    def tables(self) -> list[Table]:
        """Return every table, in the order in which a reader meets them."""
        repeats = [table for _, table in self.repeats]
        return [self.entries, self.answers_long, *repeats, self.followups, self.prompts, self.participants]


def lay_out(versions: Sequence[Version], policy: Policy) -> Layout:
    """Give every question of every version its place."""
    fixed = [column.name for column in _fixed(policy)]
    phase_weeks = policy.phase_weeks if policy.dates == "phase" else None
    return Layout(tuple(slots_of(versions, fixed, texts=policy.texts, phase_weeks=phase_weeks)), policy)


def _code(name: str, label: str) -> Column:
    return Column(name, Kind.CODE, {"en": label})


def _pseudonym(name: str, label: str) -> Column:
    return Column(name, Kind.CODE, {"en": label}, role=PSEUDONYM)


ENTRY = _pseudonym("entry", "pseudonym of the entry, fresh in each release")
_SAME_PERSON = {
    Tier.SAFEGUARDED: "the same in every release to this recipient for this purpose",
    Tier.OPEN: "fresh in each release",
}


def _participant(policy: Policy) -> Column:
    return _pseudonym("participant", f"pseudonym of the participant, {_SAME_PERSON[policy.tier]}")


def _when(policy: Policy, prefix: str = "") -> list[Column]:
    before = {"0": {"en": "before the study began"}}
    if policy.dates == "phase":
        label = f"phase of the study, from 1, of {policy.phase_weeks} weeks each"
        return [Column(f"{prefix}study_phase", Kind.INTEGER, {"en": label}, before)]
    columns = [Column(f"{prefix}study_week", Kind.INTEGER, {"en": "week of the study, from 1"}, before)]
    if policy.dates == "week_and_weekday":
        days = {str(number): {"en": name} for number, name in enumerate(_WEEKDAYS, start=1)}
        columns.append(Column(f"{prefix}weekday", Kind.INTEGER, {"en": "day of the week"}, days))
    on_own_clock = {"en": "part of the day, on the participant's own clock"}
    return [*columns, Column(f"{prefix}time_of_day", Kind.CODE, on_own_clock, _PARTS)]


def _fixed(policy: Policy) -> tuple[Column, ...]:
    return (
        ENTRY,
        _participant(policy),
        _code("instrument", "instrument that was filled in"),
        Column("instrument_version", Kind.INTEGER, {"en": "version of that instrument"}),
        _code("kind", "kind of entry"),
        *_when(policy),
        _code("entered_by", "who filled it in"),
        _pseudonym("follows", "pseudonym of the entry that this one follows up"),
    )


def _repeat(slot: Slot) -> Table:
    children = (column for child in slot.children for column in child.columns)
    item = Column("item", Kind.INTEGER, {"en": f"number of the item of {slot.name}, from 1"})
    name = f"repeat_{slot.name}" if slot.name in _OWN_NAMES else slot.name
    return Table(name, f"one row per item of {slot.name}", ITEM_KEY, (ENTRY, item, *children))
