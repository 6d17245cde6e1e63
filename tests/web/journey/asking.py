"""A study that asks: prompts as the planner and the engine leave them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.core import clock, db
from api.core.ids import new_id
from api.prompts.models import Prompt
from schemas.prompt import PromptStatus
from tests.web.joining.place import Place
from tests.web.journey.diary import Leader


def asks(place: Place, leo: Leader, kind: str, minutes: int = -5, **changes: Any) -> str:
    """Ask a leader for a kind of entry, so many minutes from now; his phone hears of it."""
    now = clock.now()
    planned = now + timedelta(minutes=minutes)
    prompt = Prompt(
        study_id=place.world.study_id,
        participant_id=UUID(leo.me),
        occasion=str(new_id()),
        instrument="place_leadership_diary",
        kind=kind,
        time_zone="Europe/London",
        planned_at=planned,
        sent_at=None if minutes > 0 else planned,
        expires_at=planned + timedelta(hours=12),
        status=PromptStatus.PLANNED if minutes > 0 else PromptStatus.SENT,
    )
    for name, value in changes.items():
        setattr(prompt, name, value)
    with db.transaction(place.engine) as session:
        session.add(prompt)
    leo.module("sync/prompts", "m.refreshPrompts()")
    return str(prompt.id)


def became(place: Place, prompt: str) -> Prompt:
    """Return a prompt as the service has it."""
    with db.reading(place.engine) as session:
        return session.exec(select(Prompt).where(Prompt.id == UUID(prompt))).one()
