"""Writes occasions as a calendar (RFC 5545, RFC 7986): neutral words, stable ids, the participant's own wall clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vDuration

from api.prompts.words import Words
from api.prompts.zones import zone_block

REFRESH = timedelta(hours=1)
LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Occasion:
    """One prompt as a calendar shows it; `sequence` rises when it moves."""

    prompt_id: UUID
    at: datetime
    time_zone: str
    stamp: datetime
    sequence: int = 0


def published(occasion: Occasion, words: Words, host: str, organizer: str) -> bytes:
    """Return one occasion as a mail carries it (RFC 5546, PUBLISH)."""
    calendar = _calendar(words)
    calendar.add("method", "PUBLISH")
    event = _event(occasion, words, host)
    event.add("organizer", f"mailto:{organizer}")
    return _written(calendar, [(occasion, event)])


def feed(occasions: Sequence[Occasion], words: Words, host: str) -> bytes:
    """Return a calendar to subscribe to, or to keep: each occasion with an alarm; one that is gone is left out."""
    calendar = _calendar(words)
    calendar.add("name", words.diary)
    calendar.add("x-wr-calname", words.diary)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    events = [(occasion, _event(occasion, words, host)) for occasion in occasions]
    for _, event in events:
        event.add_component(_alarm(words))
    return _written(calendar, events)


def _calendar(words: Words) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Daybook//{words.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(occasion: Occasion, words: Words, host: str) -> Event:
    event = Event()
    event.add("uid", f"{occasion.prompt_id}@{host}")
    event.add("dtstamp", occasion.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _start(occasion))
    event.add("duration", LASTS)
    event.add("summary", words.diary)
    event.add("sequence", occasion.sequence)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    return event


def _start(occasion: Occasion) -> datetime:
    """Return a local time; in UTC where the clock shows it twice, as readers do not agree on which of the two it is."""
    local = occasion.at.astimezone(ZoneInfo(occasion.time_zone))
    is_shown_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return occasion.at.astimezone(UTC) if is_shown_twice else local


def _alarm(words: Words) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words.diary)
    alarm.add("trigger", timedelta())
    return alarm


def _written(calendar: Calendar, events: list[tuple[Occasion, Event]]) -> bytes:
    years = [occasion.at.year for occasion, _ in events]
    for name in sorted({occasion.time_zone for occasion, _ in events}):
        block = zone_block(name, min(years) - 1, max(years) + 1)
        calendar.add_component(Timezone.from_ical(block))
    for _, event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
