"""Leo's phone tells what became of a prompt: shown, opened, later; twice is once, and nothing goes backwards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from api.core import clock, db
from api.core.ids import new_id
from api.prompts.models import Prompt, PromptSending
from schemas.prompt import PromptStatus
from schemas.reminders import ChannelName
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import Leader, World

ACTS = ("confirmed", "opened")


def asked(world: World, leader: Leader, status: PromptStatus = PromptStatus.SENT, **changes: Any) -> UUID:
    now = clock.now()
    prompt = Prompt(
        study_id=world.study_id,
        participant_id=leader.participant_id,
        occasion=str(new_id()),
        instrument="place_leadership_diary",
        kind="day",
        time_zone="Europe/London",
        planned_at=now,
        expires_at=now + timedelta(hours=1),
        status=status,
    )
    for name, value in changes.items():
        setattr(prompt, name, value)
    with db.transaction(world.engine) as session:
        session.add(prompt)
    return prompt.id


def row(world: World, prompt: UUID) -> Prompt:
    with db.reading(world.engine) as session:
        return session.exec(select(Prompt).where(Prompt.id == prompt)).one()


def begun(world: World, prompt: Prompt) -> None:
    sending = PromptSending(
        prompt_id=prompt.id,
        participant_id=prompt.participant_id,
        channel=ChannelName.PUSH,
        step=prompt.step,
        state="sent",
        claim=new_id(),
        claimed_at=clock.now(),
    )
    with db.transaction(world.engine) as session:
        session.add(sending)


def test_a_prompt_is_shown_and_then_opened_and_what_is_told_twice_is_noted_once(world: World) -> None:
    leo = world.join()
    prompt = asked(world, leo)
    assert leo.post(f"/v1/me/prompts/{prompt}/confirmed").json()["status"] == "confirmed"
    assert leo.post(f"/v1/me/prompts/{prompt}/opened").json()["status"] == "opened"
    with nothing_stored(world.engine):
        for act in ACTS:
            assert leo.post(f"/v1/me/prompts/{prompt}/{act}").json()["status"] == "opened"
    found = row(world, prompt)
    assert found.confirmed_at is not None
    assert found.opened_at is not None


@pytest.mark.parametrize(
    "status",
    [PromptStatus.ANSWERED, PromptStatus.EXPIRED, PromptStatus.SKIPPED, PromptStatus.PLANNED],
)
def test_a_status_never_moves_backwards_and_one_that_is_not_sent_yet_is_still_to_be_sent(
    world: World, status: PromptStatus
) -> None:
    leo = world.join()
    prompt = asked(world, leo, status)
    for act in ACTS:
        assert leo.post(f"/v1/me/prompts/{prompt}/{act}").json()["status"] == status
    with nothing_stored(world.engine):
        refused(leo.post(f"/v1/me/prompts/{prompt}/snooze", {"minutes": 5}), 409, "prompt-not-open")


def test_a_snoozed_prompt_comes_again_once_however_often_it_is_put_off(world: World) -> None:
    leo, before = world.join(), clock.now()
    prompt = asked(world, leo)
    for minutes in (30, 10):
        assert leo.post(f"/v1/me/prompts/{prompt}/snooze", {"minutes": minutes}).status_code == 200
    found = row(world, prompt)
    assert found.step == 1
    assert due(found) - before == pytest.approx(timedelta(minutes=10), abs=timedelta(minutes=1))
    begun(world, found)
    leo.post(f"/v1/me/prompts/{prompt}/snooze", {"minutes": 1_440})
    found = row(world, prompt)
    assert (found.step, found.due_at) == (2, found.expires_at)


def due(prompt: Prompt) -> datetime:
    assert prompt.due_at is not None
    return prompt.due_at


@pytest.mark.parametrize("minutes", [4, 1_441, "ten", None])
def test_a_wrong_time_is_refused(world: World, minutes: Any) -> None:
    leo = world.join()
    prompt = asked(world, leo)
    with nothing_stored(world.engine):
        wrong = refused(leo.post(f"/v1/me/prompts/{prompt}/snooze", {"minutes": minutes}), 422, "invalid")
    assert pointers(wrong) == {"/minutes"}


def test_a_prompt_that_is_over_comes_no_more(world: World) -> None:
    leo = world.join()
    prompt = asked(world, leo, expires_at=clock.now() - timedelta(minutes=1))
    refused(leo.post(f"/v1/me/prompts/{prompt}/snooze", {}), 409, "prompt-not-open")


def test_another_leaders_prompt_is_not_there(world: World) -> None:
    leo, lena = world.join(), world.join()
    prompt = asked(world, leo)
    with nothing_stored(world.engine):
        for one in (prompt, new_id()):
            for act in (*ACTS, "snooze"):
                refused(lena.post(f"/v1/me/prompts/{one}/{act}", {"minutes": 5}), 404, "not-found")


def test_a_phone_asks_for_what_is_open_now_or_soon(world: World) -> None:
    leo, now = world.join(), clock.now()
    soon = asked(world, leo, PromptStatus.PLANNED, planned_at=now + timedelta(days=2), expires_at=None)
    here = asked(world, leo, PromptStatus.OPENED)
    asked(world, leo, PromptStatus.PLANNED, planned_at=now + timedelta(days=8), expires_at=None)
    asked(world, leo, expires_at=now - timedelta(seconds=1))
    for status in (PromptStatus.ANSWERED, PromptStatus.EXPIRED, PromptStatus.SKIPPED):
        asked(world, leo, status)
    asked(world, world.join())
    assert [one["id"] for one in leo.get("/v1/me/prompts?open=true").json()] == [str(here), str(soon)]
    assert len(leo.get("/v1/me/prompts").json()) == 7
