"""Time zones as calendars write them: the very minute of each change, in zones that do it oddly."""

from datetime import UTC, datetime, timedelta

import pytest
from ical.calendar_stream import IcsCalendarStream

from api.core.ids import new_id
from api.prompts.calendars import Occasion, feed
from api.prompts.words import words_for
from api.prompts.zones import zone_block

FIVE = ["Europe/London", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"]
STAMP = datetime(2026, 1, 1, tzinfo=UTC)


def test_london_changes_at_one_o_clock_by_the_clock_before() -> None:
    block = zone_block("Europe/London", 2026, 2026).decode()
    changes = [line.removeprefix("DTSTART:") for line in block.splitlines() if line.startswith("DTSTART")]
    assert changes == ["20260101T000000", "20260329T010000", "20261025T020000"]
    assert "DTSTART:20261004T020000" in zone_block("Australia/Lord_Howe", 2026, 2026).decode()


@pytest.mark.parametrize("zone", FIVE)
def test_another_library_reads_every_hour_of_a_year_as_the_same_instant(zone: str) -> None:
    hours = [datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=31 * n) for n in range(280)]
    hours += [datetime(2026, 3, 29, tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(12)]
    hours += [datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(16)]
    occasions = [Occasion(new_id(), at, zone, STAMP) for at in hours]
    calendar = IcsCalendarStream.calendar_from_ics(feed(occasions, words_for("en"), "example.org").decode())
    read = {event.uid: event.dtstart for event in calendar.events}
    wrong = [one.at for one in occasions if read[f"{one.prompt_id}@example.org"] != one.at]
    assert wrong == []
