"""Two years with a frozen clock: the real planner, for one person in each of five zones, misses and doubles nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from api.audit.service import OPERATOR
from api.core import db
from api.core.ids import new_id
from api.participants import contacts
from api.participants.models import Participant
from api.prompts import plan, schedules, sending
from api.prompts.models import Prompt, PromptSchedule, Reminders
from api.prompts.planning.days import Person
from api.prompts.planning.occasions import occasions
from schemas.participant import ContactPut, ParticipantStatus
from schemas.prompt import PromptStatus
from schemas.reminders import RemindersPut
from schemas.schedule import Schedule
from tests.prompts.conftest import Reminded
from tests.prompts.planning.calendars import ZONES
from tests.prompts.planning.calendars import schedules as written

START, END = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2027, 12, 31, 12, tzinfo=UTC)
CHANGES = [datetime(2026, 3, 28, 18, tzinfo=UTC), datetime(2026, 10, 24, 18, tzinfo=UTC)]


def live_in_every_zone(session: Session, reminded: Reminded) -> dict[str, UUID]:
    """Enrol somebody in each zone, with an address."""
    found = {}
    for zone in ZONES:
        who = Participant(
            id=new_id(),
            study_id=reminded.world.study_id,
            status=ParticipantStatus.ENROLLED,
            enrolled_at=START,
        )
        chosen = RemindersPut(time_zone=zone).model_dump(mode="json")
        session.add_all([who])
        session.flush()
        session.add(Reminders(participant_id=who.id, study_id=who.study_id, settings=chosen))
        email = ContactPut(email=f"{who.id}@example.org")
        contacts.replace(session, reminded.settings, OPERATOR, who.id, email)
        found[zone] = who.id
    return found


def wanted(schedule: Schedule, zone: str, who: UUID, seed: str) -> dict[str, datetime]:
    """What the schedule asks of somebody between the first and the last turn of the worker."""
    person = Person(who, START.astimezone(ZoneInfo(zone)).date(), zone, RemindersPut(time_zone=zone))
    days = (person.enrolled_on + timedelta(days=number) for number in range(731))
    made = [one for day in days for one in occasions(schedule, person, day, seed)]
    return {one.name: one.planned_at for one in made if START <= one.planned_at < END}


def turns(random: Random) -> Iterator[datetime]:
    """When the worker comes: often, seldom, and once after a fortnight."""
    at = START
    while at < END:
        yield at
        at += timedelta(hours=random.choice([1, 20, 48, 71, 24 * 14]))
    yield END


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(written(), st.integers(0, 1_000))
def test_two_years_of_any_schedule_are_planned_once(
    reminded: Reminded, schedule: Schedule, salt: int
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        with db.transaction(reminded.engine) as session:
            people = live_in_every_zone(session, reminded)
            named = schedule.model_copy(update={"key": f"asked_{new_id().hex[-12:]}"})
            schedules.put(session, OPERATOR, reminded.world.study_id, named)
        for at in turns(Random(salt)):
            clock.move_to(at)
            plan.plan(reminded.engine, reminded.settings)
        with db.transaction(reminded.engine) as session:
            row = session.exec(select(PromptSchedule).where(PromptSchedule.key == named.key)).one()
            for zone, who in people.items():
                mine = (Prompt.participant_id == who, Prompt.schedule_id == row.id, Prompt.planned_at < END)
                rows = session.exec(select(Prompt).where(*mine)).all()
                assert {one.occasion: one.planned_at for one in rows} == wanted(named, zone, who, row.seed)
                assert all(one.time_zone == zone for one in rows)
            schedules.retire(session, OPERATOR, reminded.world.study_id, named.key)


def test_on_the_days_on_which_clocks_change_each_reminder_goes_out_in_its_minute(reminded: Reminded) -> None:
    times = ["01:15", "01:45", "02:20", "08:00", "17:30"]
    schedule = Schedule.model_validate(
        {
            "key": "asked",
            "instrument": "place_leadership_diary",
            "kind": "day",
            "timing": {"type": "interval", "times": times},
            "expires_after": 30,
        }
    )
    with time_machine.travel(START, tick=False) as clock:
        with db.transaction(reminded.engine) as session:
            people = live_in_every_zone(session, reminded)
            schedules.put(session, OPERATOR, reminded.world.study_id, schedule)
        for evening in CHANGES:
            clock.move_to(evening)
            plan.plan(reminded.engine, reminded.settings)
            with db.reading(reminded.engine) as session:
                rows = session.exec(select(Prompt).where(Prompt.planned_at >= evening)).all()
            due = sorted({one.planned_at for one in rows if one.planned_at < evening + timedelta(hours=36)})
            for at in due:
                clock.move_to(at)
                sending.run(reminded.engine, reminded.settings)
            with db.reading(reminded.engine) as session:
                for one in session.exec(select(Prompt).where(Prompt.planned_at.in_(due))).all():  # type: ignore[attr-defined] # a column
                    assert one.sent_at == one.planned_at
                    assert one.status in {PromptStatus.SENT, PromptStatus.EXPIRED}  # half an hour later
                    shown = one.planned_at.astimezone(ZoneInfo(one.time_zone))
                    left_out = one.time_zone in {"Europe/London", "Europe/Lisbon"} and evening is CHANGES[0]
                    if not (left_out and one.local_time in times[:2]):  # these times did not come that night
                        assert f"{shown:%H:%M}" == one.local_time in times
        assert len(reminded.mailbox.ids()) == len(set(reminded.mailbox.ids())) >= 2 * 7 * len(people)
