"""How a participant wants to be reminded: channels, days, hour, quiet hours, pause, absences, stop."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator

from schemas.base import Day, Instant, Model, ShortText
from schemas.schedule import QuietHours, WallTime, Weekday
from schemas.study import TimeZone


class ChannelName(StrEnum):
    """The ways in which a prompt reaches a participant; a calendar is read, not sent."""

    EMAIL = "email"
    PUSH = "push"
    SMS = "sms"


class Absence(Model):
    """Days, the last included, on which nothing is sent."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _is_some_time(self) -> Self:
        if self.last < self.first:
            raise ValueError("The last day must not come before the first.")
        return self


class RemindersPut(Model):
    """My reminders: all of it."""

    channels: Annotated[list[ChannelName], Field(max_length=3)] = Field(
        default_factory=lambda: [ChannelName.EMAIL, ChannelName.PUSH]
    )
    time_zone: Annotated[TimeZone | None, Field(description="Null: the study's.")] = None
    weekdays: Annotated[list[Weekday] | None, Field(min_length=1, max_length=7)] = None
    at: Annotated[WallTime | None, Field(description="My own hour, where the study lets me choose.")] = None
    quiet: QuietHours | None = None
    paused_until: Instant | None = None
    absences: Annotated[list[Absence], Field(max_length=50)] = Field(default_factory=list)
    stopped: Annotated[StrictBool, Field(description="Send nothing until I say otherwise.")] = False

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.channels)) < len(self.channels):
            raise ValueError("Name each channel once.")
        return self


class RemindersView(RemindersPut):
    """My reminders as they are, and what they can do for me."""

    offered: Annotated[list[ChannelName], Field(description="Channels that this service can use.")]
    email_known: Annotated[bool, Field(description="Whether an e-mail address of mine is kept.")]
    phone_known: bool
    email_refused: Annotated[bool, Field(description="My mail server refused the last reminder for good.")]
    push_devices: int
    push_key: Annotated[str | None, Field(description="The service's public key, for subscribing to push.")]
    movable: Annotated[bool, Field(description="Whether any schedule lets me choose the hour.")]
    next_at: datetime | None


class CalendarAddress(Model):
    """The private address of my calendar feed; shown this once, and ends the one before."""

    url: ShortText


class PushSubscriptionPut(Model):
    """Where this device receives push messages, as its browser gave it."""

    endpoint: Annotated[str, Field(min_length=9, max_length=1_000, pattern=r"^https?://[^\s\x00]+$")]
    p256dh: Annotated[str, Field(min_length=80, max_length=100, pattern=r"^[A-Za-z0-9_-]+=?$")]
    auth: Annotated[str, Field(min_length=20, max_length=30, pattern=r"^[A-Za-z0-9_-]+=*$")]
