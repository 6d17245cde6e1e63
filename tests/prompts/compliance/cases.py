"""Prompts in every state, made by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from api.core import db
from api.participants.models import Participant
from api.prompts.models import Prompt, PromptSchedule, Reminders
from schemas.prompt import PromptStatus, SkipReason
from schemas.schedule import Schedule
from tests.personas import Caller, Leader, World

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
"""In London, where the study is, it is noon."""
_occasions: Iterator[int] = count()


def prompt(world: World, who: Leader, planned: datetime = MONDAY, **changes: Any) -> Prompt:
    """A prompt that is planned and no more."""
    given: dict[str, Any] = {
        "study_id": world.study_id,
        "participant_id": who.participant_id,
        "occasion": f"occasion {next(_occasions)}",
        "instrument": "place_leadership_diary",
        "kind": "moment",
        "time_zone": "Europe/London",
        "planned_at": planned,
    }
    return Prompt(**(given | changes))


def sent(world: World, who: Leader, planned: datetime = MONDAY, **changes: Any) -> Prompt:
    """A prompt that was sent five seconds after it was planned, and is still open."""
    given: dict[str, Any] = {"sent_at": planned + timedelta(seconds=5), "status": PromptStatus.SENT}
    return prompt(world, who, planned, **(given | changes))


def answered(
    world: World, who: Leader, planned: datetime = MONDAY, after: float = 65, **changes: Any
) -> Prompt:
    """A prompt that was sent, opened after five seconds, and answered so many seconds after it was sent."""
    at = planned + timedelta(seconds=5)
    given: dict[str, Any] = {
        "opened_at": at + timedelta(seconds=5),
        "answered_at": at + timedelta(seconds=after),
        "status": PromptStatus.ANSWERED,
    }
    return sent(world, who, planned, **(given | changes))


def missed(world: World, who: Leader, planned: datetime = MONDAY, **changes: Any) -> Prompt:
    """A prompt that was sent and expired."""
    return sent(world, who, planned, **({"status": PromptStatus.EXPIRED} | changes))


def skipped(world: World, who: Leader, why: SkipReason, planned: datetime = MONDAY, **changes: Any) -> Prompt:
    """A prompt that was never sent, for a reason."""
    return prompt(world, who, planned, **({"status": PromptStatus.SKIPPED, "skipped": why} | changes))


def store(world: World, *rows: Any) -> None:
    """Store rows."""
    with db.transaction(world.engine) as session:
        session.add_all(rows)


def schedule(world: World, key: str = "moments", **changes: Any) -> PromptSchedule:
    """A schedule that asks at nine."""
    given: dict[str, Any] = {
        "key": key,
        "instrument": "place_leadership_diary",
        "kind": "moment",
        "timing": {"type": "interval", "times": ["09:00"]},
    }
    definition = Schedule.model_validate(given | changes).model_dump_json()
    made = PromptSchedule(study_id=world.study_id, key=key, seed="s", definition=definition)
    store(world, made)
    return made


def enrolled(world: World, who: Leader, at: datetime) -> None:
    """Say that somebody enrolled at another time."""
    with db.transaction(world.engine) as session:
        session.execute(
            update(Participant).where(col(Participant.id) == who.participant_id).values(enrolled_at=at)
        )


def reminds(world: World, who: Leader, settings: dict[str, Any], **changes: Any) -> None:
    """Store how somebody wants to be reminded."""
    store(
        world,
        Reminders(participant_id=who.participant_id, study_id=world.study_id, settings=settings, **changes),
    )


def figures(caller: Caller, world: World, by: str = "participant", **query: Any) -> dict[str, Any]:
    """Ask for compliance."""
    answer = caller.get(f"{world.path}/compliance", params={"by": by, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
