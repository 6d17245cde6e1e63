"""One worker is slow, another takes its sending over: between the two, the reminder goes out once and is noted."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from api.core import clock, db
from api.prompts import sendings
from api.prompts.claiming import LEASE, Errand, take
from api.prompts.models import Prompt, PromptSending
from tests.prompts.conftest import Reminded

BEFORE, AT = "2026-03-02T12:00:00+00:00", "2026-03-02T20:30:00+00:00"


def claimed(reminded: Reminded) -> Errand:
    """Let the slow worker claim Leo's reminder."""
    with db.transaction(reminded.engine) as session:
        (errand,) = take(session, reminded.settings) or []
    return errand


def state_of(session: Session, sending: UUID) -> str:
    return session.exec(select(PromptSending.state).where(PromptSending.id == sending)).one()


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_what_is_being_taken_over_is_not_handed_over(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as at:
        reminded.schedule()
        reminded.joins()
        reminded.turn()
        at.move_to(AT)
        ((_, sending, claim, _, _),) = claimed(reminded).by
        at.move_to(clock.now() + LEASE + timedelta(seconds=1))
        said: list[bool] = []
        slow = threading.Thread(
            target=lambda: said.append(sendings.hand_over(reminded.engine, sending, claim))
        )
        with db.transaction(reminded.engine) as session:
            (second,) = take(session, reminded.settings) or []
            slow.start()
            slow.join(timeout=0.5)
            assert slow.is_alive(), "It was handed over while another worker was taking it over."
        slow.join(timeout=10)
        assert said == [False]
        ((_, again, new_claim, _, _),) = second.by
        assert again == sending
        assert sendings.hand_over(reminded.engine, again, new_claim)


def test_what_was_handed_over_is_noted_by_whoever_sent_it_and_never_sent_again(reminded: Reminded) -> None:
    with reminded.at(BEFORE) as at:
        reminded.schedule()
        leo = reminded.joins()
        reminded.turn()
        at.move_to(AT)
        ((_, sending, claim, _, _),) = claimed(reminded).by
        assert sendings.hand_over(reminded.engine, sending, claim)
        at.move_to(clock.now() + LEASE + timedelta(seconds=1))
        with db.transaction(reminded.engine) as session:
            assert take(session, reminded.settings) == []
        with db.transaction(reminded.engine) as session:
            assert state_of(session, sending) == "unknown"
            prompt = session.get_one(Prompt, reminded.prompts(leo)[0].id)
            assert prompt.due_at is not None
            assert prompt.due_at > clock.now()
