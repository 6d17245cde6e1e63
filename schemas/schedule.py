"""A schedule: when a study asks for one kind of entry, as data.

Times are on a participant's own wall clock. A study in London asks a leader in Lord Howe at 21:00 there.
"""

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StrictBool, StrictInt, model_validator

from schemas.base import Day, Key, Model, ShortText

MINUTES_A_DAY = 1_440


def _whole_minutes(at: str) -> str:
    time.fromisoformat(at)
    return at


WallTime = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["17:30"]),
    AfterValidator(_whole_minutes),
]
"""A time of day on the participant's wall clock, such as 17:30."""
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minute_of(at: WallTime) -> int:
    """Return a wall time as minutes after midnight."""
    return int(at[:2]) * 60 + int(at[3:])


class _Timing(Model):
    model_config = ConfigDict(frozen=True)


class IntervalTiming(_Timing):
    """Interval-contingent: at fixed times of each day of the schedule."""

    type: Literal["interval"]
    times: Annotated[list[WallTime], Field(min_length=1, max_length=24)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if sorted(set(self.times)) != self.times:
            raise ValueError("Name each time of the day once, the earliest first.")
        return self


class SignalTiming(_Timing):
    """Signal-contingent: so many prompts at random moments of a window, never closer than the minimum gap."""

    type: Literal["signal"]
    prompts: Annotated[StrictInt, Field(ge=1, le=24)]
    opens: WallTime
    closes: WallTime
    minimum_gap: Annotated[StrictInt, Field(ge=1, le=MINUTES_A_DAY, description="Minutes.")] = 30

    @model_validator(mode="after")
    def _fits(self) -> Self:
        length = minute_of(self.closes) - minute_of(self.opens)
        if length <= 0:
            raise ValueError("The window must close after it opens, on the same day.")
        if (self.prompts - 1) * self.minimum_gap > length:
            raise ValueError(
                "The window is too short: it must hold every prompt with the minimum gap between each two."
            )
        return self


class EventTiming(_Timing):
    """Event-contingent: nothing is planned; the form waits until something happens."""

    type: Literal["event"]


class EnrolmentTiming(_Timing):
    """Relative to enrolment: so many days after a participant joined."""

    type: Literal["after_enrolment"]
    days: Annotated[list[Annotated[StrictInt, Field(ge=0, le=3_650)]], Field(min_length=1, max_length=100)]
    at: WallTime


class Source(_Timing):
    """The kind of entry that is followed, and the answer that says when: 7d, 30d, 90d, date or never."""

    kind: Key
    answer: Key | None = None
    date_answer: Key | None = None


class EntryTiming(_Timing):
    """Relative to an entry: when its author wanted to look back at it, or so many days after it happened."""

    type: Literal["after_entry"]
    sources: Annotated[list[Source], Field(min_length=1, max_length=10)]
    days: Annotated[list[Annotated[StrictInt, Field(ge=1, le=3_650)]], Field(max_length=20)] = Field(
        default_factory=list, description="For sources without an answer that says when."
    )
    at: WallTime

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if any(source.answer is None for source in self.sources) and not self.days:
            raise ValueError("Name the days after the entry, or the question whose answer says when.")
        return self


Timing = Annotated[
    IntervalTiming | SignalTiming | EventTiming | EnrolmentTiming | EntryTiming,
    Field(discriminator="type"),
]


class Burst(_Timing):
    """A phase of consecutive days, counted from 0 at the participant's first day in the schedule."""

    from_day: Annotated[StrictInt, Field(ge=0, le=3_650)]
    days: Annotated[StrictInt, Field(ge=1, le=3_650)]


class QuietHours(_Timing):
    """Hours in which nobody is disturbed; they may run over midnight."""

    begin: WallTime
    end: WallTime

    @model_validator(mode="after")
    def _is_some_time(self) -> Self:
        if self.begin == self.end:
            raise ValueError("Quiet hours must begin and end at different times.")
        return self


_EXAMPLE: JsonValue = {
    "key": "evening",
    "instrument": "place_leadership_diary",
    "kind": "day",
    "timing": {"type": "interval", "times": ["20:30"]},
    "weekdays": ["mon", "tue", "wed", "thu", "fri"],
    "expires_after": 720,
    "remind_after": [60],
}


class Schedule(Model):
    """When one kind of entry is asked for; planned prompts follow it from now on, past ones never change."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    key: Key
    title: ShortText | None = None
    instrument: Key
    kind: Key
    timing: Timing
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: list(WEEKDAYS)
    )
    every_days: Annotated[StrictInt, Field(ge=1, le=366, description="1: every day; 2: every other.")] = 1
    starts_on: Day | None = None
    ends_on: Day | None = None
    bursts: Annotated[list[Burst], Field(max_length=50)] = Field(default_factory=list)
    quiet: QuietHours | None = None
    holidays: Annotated[list[Day], Field(max_length=1_000)] = Field(default_factory=list)
    expires_after: Annotated[
        StrictInt, Field(ge=5, le=90 * MINUTES_A_DAY, description="Minutes until a prompt counts as missed.")
    ] = 720
    remind_after: Annotated[
        list[Annotated[StrictInt, Field(ge=1, le=90 * MINUTES_A_DAY)]],
        Field(max_length=3, description="Minutes after a prompt until it is repeated, if not answered."),
    ] = Field(default_factory=list)
    movable: Annotated[StrictBool, Field(description="Whether participants may choose their own hour.")] = (
        True
    )

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("The schedule ends before it starts.")
        if len(set(self.weekdays)) < len(self.weekdays):
            raise ValueError("Name each weekday once.")
        if self.remind_after != sorted(set(self.remind_after)):
            raise ValueError("Name each reminder once, the earliest first.")
        if self.remind_after and self.remind_after[-1] >= self.expires_after:
            raise ValueError("A reminder must come before the prompt expires.")
        ends = 0
        for burst in self.bursts:
            if burst.from_day < ends:
                raise ValueError("Bursts must follow one another without an overlap.")
            ends = burst.from_day + burst.days
        return self


class ScheduleView(Schedule):
    """A schedule as staff see it, with its version."""

    version: int
    retired: bool
