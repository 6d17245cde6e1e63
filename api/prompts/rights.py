"""What reminders tell a participant of what is held of them, and what a withdrawal erases."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from api.core import crypto
from api.core.crypto import KeyDestroyed
from api.core.db import columns_of
from api.participants.telling import Asked, tells
from api.participants.withdrawal import erases
from api.prompts.models import (
    Prompt,
    PromptPlan,
    PromptSending,
    PromptTrigger,
    PushSubscription,
    Reminders,
)

_MINE = {"study_id", "participant_id"}


@tells("prompts")
def _tell_prompts(asked: Asked) -> Iterator[dict[str, Any]]:
    yield from _rows(asked, Prompt, _MINE)


@tells("reminders_sent")
def _tell_sendings(asked: Asked) -> Iterator[dict[str, Any]]:
    yield from _rows(asked, PromptSending, _MINE | {"claim"})


@tells("reminders")
def _tell_reminders(asked: Asked) -> Iterator[dict[str, Any]]:
    row = asked.session.get(Reminders, asked.participant_id)
    if row is not None:
        yield columns_of(row, but=_MINE | {"feed_hash"}) | {"calendar": row.feed_hash is not None}


@tells("reminder_plans")
def _tell_plans(asked: Asked) -> Iterator[dict[str, Any]]:
    yield from _rows(asked, PromptPlan, _MINE)


@tells("entries_to_look_back_at")
def _tell_triggers(asked: Asked) -> Iterator[dict[str, Any]]:
    yield from _rows(asked, PromptTrigger, _MINE)


@tells("push_subscriptions")
def _tell_subscriptions(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = select(PushSubscription).where(PushSubscription.participant_id == asked.participant_id)
    for row in asked.session.exec(mine):
        yield columns_of(row, but=_MINE | {"wrapped_key", "sealed", "endpoint_hash"}) | _opened(asked, row)


def _opened(asked: Asked, row: PushSubscription) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = json.loads(
            crypto.decrypt(asked.settings.master_keys, row.wrapped_key, row.sealed)
        )
    except KeyDestroyed:
        return {}
    return opened


def _rows(asked: Asked, table: type[SQLModel], but: set[str]) -> Iterator[dict[str, Any]]:
    mine = select(table).where(_of(table) == asked.participant_id).order_by(*table.__table__.primary_key)  # type: ignore[attr-defined] # SQLModel hides __table__
    for row in asked.session.exec(mine.execution_options(yield_per=200)):
        yield columns_of(row, but=but)


@erases
def _erase_reminders(session: Session, participant_id: UUID) -> dict[str, int]:
    tables: tuple[type[SQLModel], ...] = (
        PromptSending,
        PromptPlan,
        PromptTrigger,
        PushSubscription,
        Reminders,
    )
    for table in tables:
        session.execute(delete(table).where(_of(table) == participant_id))
    gone = session.execute(delete(Prompt).where(col(Prompt.participant_id) == participant_id))
    return {"prompts": gone.rowcount}  # type: ignore[attr-defined] # a DELETE's result counts its rows


def _of(table: type[SQLModel]) -> Any:
    return table.__table__.c.participant_id  # type: ignore[attr-defined] # SQLModel hides __table__
