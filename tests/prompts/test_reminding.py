"""Leo is reminded of his evening diary: planned, mailed once, answered or missed."""

from typing import Any
from uuid import UUID

import pytest

from api.core.ids import new_id
from schemas.prompt import PromptStatus, PromptView
from tests.personas import DECISION, Leader
from tests.prompts.conftest import Reminded
from tests.schemas.entries import EPISODE

BEFORE, AT, LATER, MORNING = (
    "2026-03-02T12:00:00+00:00",
    "2026-03-02T20:30:00+00:00",
    "2026-03-02T21:30:00+00:00",
    "2026-03-03T08:31:00+00:00",
)

DAY: dict[str, Any] = {"episodes": [EPISODE] * 3}


def first(reminded: Reminded, leader: Leader) -> PromptView:
    return reminded.prompts(leader)[0]


def test_a_reminder_goes_out_once_in_its_minute_and_again_an_hour_later(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        assert reminded.turn() == 0
        assert first(reminded, leo).planned_at.isoformat()[:16] == "2026-03-02T20:30"
        clock.move_to("2026-03-02T20:29:59+00:00")
        assert reminded.turn() == 0
        clock.move_to(AT)
        assert reminded.turn() == 1
        assert reminded.turn() == 0
        (mail,) = reminded.mailbox.mails("leo@example.org")
        assert first(reminded, leo).status == "sent"
        assert f"/#/prompt/{first(reminded, leo).id}" in mail.as_string()
        clock.move_to(LATER)
        assert reminded.turn() == 1
        clock.move_to(MORNING)
        assert reminded.turn() == 0
    assert first(reminded, leo).status == "expired"
    assert len(set(reminded.mailbox.ids())) == 2


def test_an_answered_prompt_is_not_repeated(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        clock.move_to(AT)
        reminded.turn()
        reminded.wakes(leo)
        stored = answers(leo, prompt_id=str(first(reminded, leo).id))
        clock.move_to(LATER)
        assert reminded.turn() == 0
    assert (first(reminded, leo).status, first(reminded, leo).entry_id) == ("answered", stored)


def test_who_has_written_already_is_not_reminded_and_has_missed_nothing(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        stored = answers(leo)
        clock.move_to(AT)
        assert reminded.turn() == 0
    assert (first(reminded, leo).status, first(reminded, leo).entry_id) == ("skipped", stored)
    assert reminded.mailbox.mails() == []


def test_after_a_day_without_a_worker_only_the_newest_is_sent(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule(
            timing={"type": "interval", "times": ["09:00", "12:00", "15:00"]}, expires_after=2_000
        )
        leo = reminded.joins()
        reminded.turn()
        clock.move_to("2026-03-03T15:20:00+00:00")
        assert reminded.turn() == 1
    found = {one.planned_at.isoformat()[:16]: one.status for one in reminded.prompts(leo)}
    assert found["2026-03-02T15:00"] == found["2026-03-03T12:00"] == "skipped"
    assert found["2026-03-03T15:00"] == "sent"


def test_after_a_month_without_a_worker_what_was_missed_is_written_down_and_not_sent(
    reminded: Reminded,
) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        clock.move_to("2026-04-01T12:00:00+00:00")
        assert reminded.turn() == 0
    statuses = [one.status for one in reminded.prompts(leo)]
    assert statuses.count(PromptStatus.SKIPPED) == 30
    assert set(statuses) == {"skipped", "planned"}


@pytest.mark.parametrize("says", ["550 5.1.1 No such user", "451 4.7.1 Try again later"])
def test_a_refused_address_is_noted_and_a_greylisted_one_is_tried_again(
    reminded: Reminded, says: str
) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        clock.move_to(AT)
        reminded.mailbox.says = lambda _: says
        assert reminded.turn() == 0
        reminded.mailbox.says = lambda _: None
        clock.move_to("2026-03-02T20:31:00+00:00")
        sent = reminded.turn()
        assert reminded.turn() == 0
    if says.startswith("550"):
        assert (sent, first(reminded, leo).status) == (0, "skipped")
    else:
        assert (sent, first(reminded, leo).status) == (1, "sent")
    assert len(reminded.mailbox.mails()) == sent


def test_a_decision_plans_its_look_back_and_an_edit_moves_it(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as clock:
        reminded.schedule(
            key="followup",
            kind="followup",
            timing={
                "type": "after_entry",
                "sources": [
                    {"kind": "decision", "answer": "review_after", "date_answer": "review_date"},
                    {"kind": "followup", "answer": "next_review", "date_answer": "next_review_date"},
                ],
                "at": "09:00",
            },
            expires_after=20_000,
        )
        leo = reminded.joins()
        decision = new_id()
        assert leo.keeps(decision, local_date="2026-03-02").status_code == 201
        reminded.turn()
        (planned,) = reminded.prompts(leo)
        assert (planned.planned_at.isoformat()[:16], planned.follows) == ("2026-04-01T08:00", decision)
        sooner = {"review_after": "7d"}
        edited = leo.keeps(decision, local_date="2026-03-02", base_version=1, answers=DECISION | sooner)
        assert edited.status_code == 200, edited.text
        reminded.turn()
        (planned,) = reminded.prompts(leo)
        assert planned.planned_at.isoformat()[:16] == "2026-03-09T09:00"
        clock.move_to("2026-03-09T09:00:00+00:00")
        assert reminded.turn() == 1


def answers(leader: Leader, **changes: Any) -> UUID:
    """Fill in the evening's diary."""
    entry = new_id()
    made = leader.keeps(entry, answers=DAY, kind="day", **changes)
    assert made.status_code == 201, made.text
    return entry
