"""A leader's calendar: private, neutral, on their own clock, and read by another library."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlmodel import col, select

from api.audit.events import Event
from api.core import clock, db
from api.prompts.models import Prompt, PromptPlan, PromptSchedule, Reminders
from schemas.prompt import PromptStatus
from tests.audit.test_one_event import events
from tests.core.logs import captured_logs
from tests.participants.test_withdrawal import withdraw
from tests.personas import Leader, World
from tests.prompts.test_zones import FIVE


def plan(world: World, leo: Leader, **changes: Any) -> Prompt:
    """Plan an evening two days from now, at half past eight on Leo's clock."""
    zone = str(changes.pop("zone", "Europe/London"))
    day = (clock.now() + timedelta(days=2)).date()
    at = datetime.fromisoformat(f"{day}T20:30:00").replace(tzinfo=ZoneInfo(zone))
    prompt = Prompt(
        study_id=world.study_id,
        participant_id=leo.participant_id,
        occasion=f"evening {zone} {changes.pop('days', 0)}",
        instrument="place_leadership_diary",
        kind="day",
        time_zone=zone,
        planned_at=at,
        **changes,
    )
    with db.transaction(world.engine) as session:
        session.add(prompt)
    return prompt


def address(world: World, leo: Leader) -> str:
    made = leo.post("/v1/me/reminders/calendar")
    assert made.status_code == 201, made.text
    url = str(made.json()["url"])
    assert url.startswith(world.settings.public_url)
    return url.removeprefix(world.settings.public_url)


@pytest.mark.parametrize("zone", FIVE)
def test_a_feed_shows_the_evening_on_the_leaders_own_clock(world: World, zone: str) -> None:
    leo = world.join()
    prompt = plan(world, leo, zone=zone)
    answer = world.client.get(address(world, leo))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "private, no-cache"
    (event,) = IcsCalendarStream.calendar_from_ics(answer.text).events
    assert event.dtstart == prompt.planned_at
    assert isinstance(event.dtstart, datetime)
    assert event.dtstart.strftime("%H:%M") == "20:30"
    assert event.summary == "Diary"
    assert f"TZID:{zone}" in answer.text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.text
    for told in ("Place leadership", "place_leadership", "study", str(leo.participant_id), "evening"):
        assert told not in answer.text
    assert leo.get("/v1/me/reminders/calendar.ics").text == answer.text


def test_a_calendar_that_did_not_change_is_not_sent_again(world: World) -> None:
    leo = world.join()
    plan(world, leo)
    path = address(world, leo)
    etag = world.client.get(path).headers["etag"]
    again = world.client.get(path, headers={"If-None-Match": f'W/{etag}, "x"'})
    assert (again.status_code, again.content) == (304, b"")
    plan(world, leo, days=1)
    assert world.client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_what_moved_has_a_higher_sequence_and_what_is_gone_is_not_there(world: World) -> None:
    leo = world.join()
    path = address(world, leo)
    with db.transaction(world.engine) as session:
        schedule = PromptSchedule(study_id=world.study_id, key="evening", seed="-", definition="{}")
        session.add(schedule)
        session.flush()
        session.add(
            PromptPlan(
                participant_id=leo.participant_id,
                schedule_id=schedule.id,
                next_on=clock.now().date(),
                schedule_version=1,
                reminders_version=1,
            )
        )
    prompt = plan(world, leo, schedule_id=schedule.id)
    (before,) = IcsCalendarStream.calendar_from_ics(world.client.get(path).text).events
    with db.transaction(world.engine) as session:
        session.get_one(Prompt, prompt.id).planned_at += timedelta(hours=1)
        session.exec(select(PromptPlan)).one().reminders_version += 1
    (after,) = IcsCalendarStream.calendar_from_ics(world.client.get(path).text).events
    assert after.uid == before.uid
    assert (after.sequence or 0) > (before.sequence or 0)
    with db.transaction(world.engine) as session:
        session.get_one(Prompt, prompt.id).status = PromptStatus.SKIPPED
    assert IcsCalendarStream.calendar_from_ics(world.client.get(path).text).events == []


def test_an_address_is_stored_as_a_hash_shown_once_and_ended(world: World) -> None:
    leo = world.join()
    first = address(world, leo)
    second = address(world, leo)
    assert world.client.get(first).status_code == 404
    assert world.client.get(second).status_code == 200
    with db.reading(world.engine) as session:
        stored = session.exec(select(col(Reminders.feed_hash))).one()
    assert stored
    assert second not in stored
    assert leo.delete("/v1/me/reminders/calendar").status_code == 204
    assert leo.delete("/v1/me/reminders/calendar").status_code == 204
    assert world.client.get(second).status_code == 404
    kinds = [one.event for one in events(world.engine)]
    assert (kinds.count(Event.CALENDAR_ADDRESS_MADE), kinds.count(Event.CALENDAR_ADDRESS_ENDED)) == (2, 1)


def test_who_has_left_has_an_empty_calendar_or_none(world: World) -> None:
    leo = world.join()
    plan(world, leo)
    path = address(world, leo)
    assert "BEGIN:VEVENT" in world.client.get(path).text
    withdraw(leo, "stop_prompts")
    assert "BEGIN:VEVENT" not in world.client.get(path).text
    withdraw(leo, "erase")
    assert world.client.get(path).status_code == 404


def test_an_address_is_in_no_log_and_guesses_are_counted(world: World) -> None:
    leo = world.join()
    path = address(world, leo)
    with captured_logs() as log:
        assert world.client.get(path).status_code == 200
    assert path.removesuffix(".ics").rpartition("/")[2] not in log.getvalue()
    answers = {world.client.get("/v1/calendar/dbc_guess.ics").status_code for _ in range(301)}
    assert answers == {404, 429}
    assert world.client.get(path).status_code == 200
