"""What the inbox tells a participant, what it erases of them, and what it forgets with time."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Exists, and_, delete, exists, or_, update
from sqlmodel import Session, col, select

from api.core import clock, crypto, db
from api.core.config import Settings
from api.core.crypto import KeyDestroyed
from api.core.db import columns_of
from api.core.jobs import chore
from api.diary import service as diary
from api.participants.telling import Asked, tells
from api.participants.withdrawal import erases, leaves
from api.studies.secrets import study_secret
from api.webhooks.models import WebhookCode, WebhookDelivery, WebhookSource, WebhookSubmission

_PURGED: dict[str, Any] = {"raw": None, "fetched": None, "headers": {}, "findings": {}, "purge_at": None}
_BATCH = 500


@tells("survey_posts")
def _tell_deliveries(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = select(WebhookDelivery).where(WebhookDelivery.participant_id == asked.participant_id)
    told = {
        "id",
        "received_at",
        "content_type",
        "status",
        "reason",
        "event_type",
        "submission_id",
        "entry_id",
    }
    for row in asked.session.exec(mine.execution_options(yield_per=100)):
        said = [part.decode(errors="replace") for part in (row.raw, row.fetched) if part]
        yield {name: getattr(row, name) for name in told} | {"said": said}


@tells("survey_submissions")
def _tell_submissions(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = select(WebhookSubmission).where(WebhookSubmission.participant_id == asked.participant_id)
    yield from (columns_of(row, but={"participant_id"}) for row in asked.session.exec(mine))


@tells("survey_codes")
def _tell_codes(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = (
        select(WebhookCode, WebhookSource.name)
        .join(WebhookSource, col(WebhookSource.id) == col(WebhookCode.source_id))
        .where(WebhookCode.participant_id == asked.participant_id)
    )
    for row, name in asked.session.exec(mine):
        code = None
        with contextlib.suppress(KeyDestroyed):
            secret = study_secret(asked.session, asked.settings, asked.study_id)
            code = crypto.open_under(secret, row.sealed) if row.sealed else None
        yield {"survey": name, "code": code}


@erases
def _erase(session: Session, participant_id: UUID) -> dict[str, int]:
    """Erase posts and codes; a code's hash stays, so that what is sent later is known to be theirs and thrown away."""
    gone = session.execute(
        delete(WebhookDelivery).where(col(WebhookDelivery.participant_id) == participant_id)
    )
    session.execute(delete(WebhookSubmission).where(col(WebhookSubmission.participant_id) == participant_id))
    session.execute(
        update(WebhookCode).where(col(WebhookCode.participant_id) == participant_id).values(sealed=None)
    )
    return {"survey_posts": gone.rowcount}  # type: ignore[attr-defined] # a DELETE's result counts its rows


@leaves
def _forget_posts(session: Session, participant_id: UUID) -> None:
    session.execute(
        update(WebhookDelivery).where(col(WebhookDelivery.participant_id) == participant_id).values(**_PURGED)
    )
    db.shred(session)


@chore
def purge(engine: Engine, _settings: Settings) -> None:
    """Erase what was posted once it was processed long ago, or its entry was deleted; hashes stay.

    So nothing comes in twice.
    """
    while due := _due(engine):
        with db.transaction(engine) as session:
            session.execute(update(WebhookDelivery).where(col(WebhookDelivery.id).in_(due)).values(**_PURGED))
            db.shred(session)


def _due(engine: Engine) -> list[UUID]:
    over = col(WebhookDelivery.purge_at) <= clock.now()
    taken_back = and_(col(WebhookDelivery.raw).is_not(None), _entry_is_deleted())
    with db.reading(engine) as session:
        return [*session.exec(select(WebhookDelivery.id).where(or_(over, taken_back)).limit(_BATCH))]


def _entry_is_deleted() -> Exists:
    return exists().where(
        col(WebhookSubmission.source_id) == col(WebhookDelivery.source_id),
        col(WebhookSubmission.submission_id) == col(WebhookDelivery.submission_id),
        diary.is_deleted(col(WebhookSubmission.entry_id)),
    )
