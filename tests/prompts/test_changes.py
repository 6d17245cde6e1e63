"""What changes after it was planned: schedules, zones, the rules of a zone, and a leader's wishes. The past stays."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from api.core import db
from api.prompts import zone_rules
from api.prompts.models import Prompt, Reminders
from schemas.prompt import PromptStatus
from schemas.reminders import RemindersPut
from tests.personas import Leader
from tests.prompts.conftest import Reminded

BEFORE = "2026-03-02T12:00:00+00:00"


def wishes(reminded: Reminded, leader: Leader, **changes: Any) -> None:
    """Let a leader say how they are reminded, as the phone would."""
    chosen = RemindersPut.model_validate(changes).model_dump(mode="json")
    with db.transaction(reminded.engine) as session:
        row = session.get(Reminders, leader.participant_id)
        if row is None:
            row = Reminders(
                participant_id=leader.participant_id,
                study_id=reminded.world.study_id,
                version=0,
                settings={},
            )
        row.settings, row.version = chosen, row.version + 1
        session.add(row)


def times(reminded: Reminded, leader: Leader) -> list[str]:
    return [one.planned_at.isoformat()[:16] for one in reminded.prompts(leader)]


def test_a_changed_schedule_moves_what_is_to_come_and_leaves_what_was(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        clock.move_to("2026-03-02T20:30:00+00:00")
        assert reminded.turn() == 1
        reminded.schedule(timing={"type": "interval", "times": ["07:15"]})
        reminded.turn()
        found = times(reminded, leo)
        assert found[:3] == ["2026-03-02T20:30", "2026-03-03T07:15", "2026-03-04T07:15"]
        assert reminded.olivia.delete(f"{reminded.world.path}/schedules/evening").status_code == 200
        assert times(reminded, leo) == ["2026-03-02T20:30"]
        clock.move_to("2026-03-05T07:15:00+00:00")
        assert reminded.turn() == 0


def test_a_leader_who_travels_is_asked_on_the_wall_clock_of_where_they_are(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        wishes(reminded, leo, time_zone="America/New_York")
        reminded.turn()
        assert times(reminded, leo)[:2] == ["2026-03-03T01:30", "2026-03-04T01:30"]
        clock.move_to("2026-03-03T01:30:00+00:00")
        assert reminded.turn() == 1
        wishes(
            reminded, leo, time_zone="Europe/London"
        )  # back over night: the evening there is still to come
        reminded.turn()
        assert times(reminded, leo)[:2] == ["2026-03-03T01:30", "2026-03-03T20:30"]
        clock.move_to("2026-03-03T20:30:00+00:00")
        assert reminded.turn() == 1
    assert len(set(reminded.mailbox.ids())) == 2


def test_a_slot_that_the_new_zone_has_behind_it_is_sent_late_rather_than_lost(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        wishes(reminded, leo, time_zone="America/New_York")
        reminded.turn()
        clock.move_to("2026-03-02T21:00:00+00:00")
        wishes(reminded, leo, time_zone="Europe/London")
        assert reminded.turn() == 1
        assert reminded.turn() == 0


def test_an_hour_of_ones_own_quiet_hours_and_days(reminded: Reminded) -> None:
    with reminded.at(BEFORE):
        reminded.schedule()
        leo = reminded.joins()
        wishes(reminded, leo, at="18:00", weekdays=["tue"])
        reminded.turn()
        assert times(reminded, leo) == ["2026-03-03T18:00"]
        wishes(reminded, leo, quiet={"begin": "20:00", "end": "07:00"})
        reminded.turn()
        assert times(reminded, leo)[0] == "2026-03-02T19:59"


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"stopped": True}, "stopped"),
        ({"paused_until": "2026-03-05T00:00:00+00:00"}, "paused"),
        ({"absences": [{"first": "2026-03-02", "last": "2026-03-02"}]}, "away"),
        ({"channels": []}, "no_channel"),
    ],
)
def test_who_wants_nothing_is_sent_nothing_and_misses_nothing(
    reminded: Reminded, wish: dict[str, Any], reason: str
) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        wishes(reminded, leo, **wish)
        clock.move_to("2026-03-02T20:30:00+00:00")
        assert reminded.turn() == 0
        assert reminded.prompts(leo)[0].status is PromptStatus.SKIPPED
        with db.reading(reminded.engine) as session:
            assert session.get_one(Prompt, reminded.prompts(leo)[0].id).skipped == reason
        clock.move_to("2026-03-06T20:30:00+00:00")
        wishes(reminded, leo)
        assert reminded.turn() == 1


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_zone_whose_rules_changed_after_planning_is_right_by_the_wall_clock(
    reminded: Reminded, hours: int
) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        with db.transaction(reminded.engine) as session:  # as if planned by rules that are no longer so
            first = session.get_one(Prompt, reminded.prompts(leo)[0].id)
            at = first.planned_at + timedelta(hours=hours)
            session.execute(update(Prompt).where(col(Prompt.id) == first.id).values(planned_at=at, due_at=at))
        if hours > 0:
            assert zone_rules.hold(reminded.engine) == 1
        clock.move_to("2026-03-02T20:29:00+00:00")
        assert reminded.turn() == 0
        clock.move_to("2026-03-02T20:30:00+00:00")
        assert reminded.turn() == 1
        assert times(reminded, leo)[0] == "2026-03-02T20:30"
