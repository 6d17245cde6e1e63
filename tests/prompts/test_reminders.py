"""Leo says how he is reminded; what changes is one new version and one event, and is his alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from api.audit.models import AuditEvent
from api.core import clock, db
from api.core.ids import new_id
from api.prompts import reminders
from api.prompts.models import Prompt, PromptSchedule, Reminders
from schemas.reminders import RemindersPut
from schemas.schedule import Schedule
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import Leader, World

USUAL = RemindersPut().model_dump(mode="json")
CHOSEN = USUAL | {
    "channels": ["sms"],
    "time_zone": "Australia/Lord_Howe",
    "weekdays": ["tue"],
    "at": "17:30",
    "quiet": {"begin": "21:00", "end": "07:00"},
    "absences": [{"first": "2026-12-20", "last": "2027-01-03"}],
}


def stored(world: World, leader: Leader) -> Reminders | None:
    with db.reading(world.engine) as session:
        return session.get(Reminders, leader.participant_id)


def said(view: dict[str, Any]) -> dict[str, Any]:
    return {name: view[name] for name in USUAL}


def changes(world: World) -> int:
    with db.reading(world.engine) as session:
        return len(session.exec(select(AuditEvent).where(AuditEvent.event == "reminders.changed")).all())


def test_who_never_said_anything_has_the_usual_reminders(world: World) -> None:
    leo = world.join()
    found = leo.get("/v1/me/reminders").json()
    assert said(found) == USUAL
    assert (found["push_key"], found["push_devices"], found["next_at"]) == (None, 0, None)
    assert (found["email_known"], found["phone_known"], found["email_refused"]) == (False, False, False)
    assert found["offered"] == []
    with db.reading(world.engine) as session:
        assert reminders.of(session, [leo.participant_id]) == {leo.participant_id: RemindersPut()}


def test_a_change_is_a_new_version_and_one_event_and_a_repeat_is_neither(world: World) -> None:
    leo, lena = world.join(), world.join()
    with nothing_stored(world.engine):
        assert leo.put("/v1/me/reminders", USUAL).status_code == 200
    assert said(leo.put("/v1/me/reminders", CHOSEN).json()) == CHOSEN
    with nothing_stored(world.engine):
        assert said(leo.put("/v1/me/reminders", CHOSEN).json()) == CHOSEN
    assert said(leo.put("/v1/me/reminders", CHOSEN | {"stopped": True}).json())["stopped"] is True
    row = stored(world, leo)
    assert row is not None
    assert (row.version, changes(world)) == (2, 2)
    assert said(lena.get("/v1/me/reminders").json()) == USUAL
    assert stored(world, lena) is None
    with db.reading(world.engine) as session:
        found = reminders.of(session, [leo.participant_id, lena.participant_id])
    assert found[leo.participant_id] == RemindersPut.model_validate(CHOSEN | {"stopped": True})
    assert found[lena.participant_id] == RemindersPut()


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"channels": ["pigeon"]}, "/channels/0"),
        ({"channels": ["sms", "sms"]}, "/"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"weekdays": []}, "/weekdays"),
        ({"at": "24:00"}, "/at"),
        ({"at": "noon"}, "/at"),
        ({"quiet": {"begin": "21:00", "end": "21:00"}}, "/quiet"),
        ({"absences": [{"first": "2026-12-20", "last": "2026-12-19"}]}, "/absences/0"),
        ({"absences": [{"first": "20000", "last": "2026-12-19"}]}, "/absences/0/first"),
        ({"paused_until": "tomorrow"}, "/paused_until"),
        ({"stopped": "yes"}, "/stopped"),
        ({"version": 7}, "/version"),
    ],
)
def test_wrong_reminders_are_refused_whole(world: World, wrong: dict[str, Any], pointer: str) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        assert pointers(refused(leo.put("/v1/me/reminders", CHOSEN | wrong), 422, "invalid")) == {pointer}


def test_reminders_that_a_withdrawal_stopped_stay_stopped(world: World) -> None:
    leo, lena = world.join(), world.join()
    leo.post("/v1/me/withdrawal", {"scope": "stop_prompts"})
    assert leo.get("/v1/me/reminders").json()["stopped"] is True
    assert leo.put("/v1/me/reminders", CHOSEN).json()["stopped"] is True
    lena.post("/v1/me/withdrawal", {"scope": "out_of_releases"})
    with nothing_stored(world.engine):
        refused(lena.put("/v1/me/reminders", CHOSEN), 403, "participant-withdrawn")


def test_what_is_known_of_him_is_said_and_a_refused_address_until_it_is_changed(world: World) -> None:
    leo = world.join()
    leo.put("/v1/me/contact", {"email": "leo@example.org"})
    leo.put("/v1/me/reminders", CHOSEN)
    with db.transaction(world.engine) as session:
        session.get_one(Reminders, leo.participant_id).email_refused_at = clock.now()
    found = leo.get("/v1/me/reminders").json()
    assert (found["email_known"], found["phone_known"], found["email_refused"]) == (True, False, True)
    leo.put("/v1/me/contact", {"email": "leo.leader@example.org", "phone": "+44 20 7946 0000"})
    found = leo.get("/v1/me/reminders").json()
    assert (found["email_known"], found["phone_known"], found["email_refused"]) == (True, True, False)


@pytest.mark.parametrize(
    ("timing", "movable", "wanted"),
    [
        ({"type": "interval", "times": ["20:30"]}, True, True),
        ({"type": "interval", "times": ["20:30"]}, False, False),
        ({"type": "signal", "prompts": 3, "opens": "09:00", "closes": "17:00"}, True, False),
        ({"type": "event"}, True, False),
    ],
)
def test_the_hour_is_his_where_a_schedule_has_one_and_lets_him(
    world: World, timing: dict[str, Any], movable: bool, wanted: bool
) -> None:
    leo = world.join()
    schedule = Schedule.model_validate(
        {"key": "evening", "instrument": "x", "kind": "day", "timing": timing, "movable": movable}
    )
    row = PromptSchedule(
        study_id=world.study_id, key="evening", seed="s", definition=schedule.model_dump_json()
    )
    with db.transaction(world.engine) as session:
        session.add(row)
    assert leo.get("/v1/me/reminders").json()["movable"] is wanted
    with db.transaction(world.engine) as session:
        session.get_one(PromptSchedule, row.id).retired_at = clock.now()
    assert leo.get("/v1/me/reminders").json()["movable"] is False


def test_the_next_prompt_is_the_next_that_will_be_sent(world: World) -> None:
    leo, now = world.join(), clock.now().replace(microsecond=0)
    days = [now + timedelta(days=number) for number in (-1, 1, 2, 3)]
    prompts = [
        Prompt(
            id=new_id(),
            study_id=world.study_id,
            participant_id=leo.participant_id,
            occasion=day.isoformat(),
            instrument="place_leadership_diary",
            kind="day",
            time_zone="Europe/London",
            planned_at=day,
            local_date=day.date(),
        )
        for day in days
    ]
    with db.transaction(world.engine) as session:
        session.add_all(prompts)
    away = {"first": days[1].date().isoformat(), "last": days[2].date().isoformat()}
    for change, wanted in (
        ({}, days[1]),
        ({"absences": [away]}, days[3]),
        ({"paused_until": days[1].isoformat()}, days[2]),
        ({"stopped": True}, None),
    ):
        found = leo.put("/v1/me/reminders", USUAL | change).json()["next_at"]
        assert found == (wanted and wanted.isoformat().replace("+00:00", "Z")), change
