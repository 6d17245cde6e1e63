"""Participants' codes of a source, as ready links."""

from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import crypto
from api.core.config import Settings
from api.participants import service as participants
from api.studies.secrets import study_secret
from api.webhooks import claims
from api.webhooks.adapters import ADAPTERS
from api.webhooks.models import WebhookCode, WebhookSource
from schemas.inbox import ParticipantLink
from schemas.source import SourceOptions


def make(session: Session, settings: Settings, actor: Actor, source: WebhookSource) -> list[ParticipantLink]:
    """Give everybody who takes part a code of this source; whoever has one keeps it."""
    secret = study_secret(session, settings, source.study_id)
    new = claims.make(session, secret, source.id, participants.enrolled(session, source.study_id))
    if new:
        audit.record(
            session, Event.CODES_MADE, actor, study_id=source.study_id, object_id=source.id, count=new
        )
    session.flush()
    return links(session, settings, source)


def links(session: Session, settings: Settings, source: WebhookSource) -> list[ParticipantLink]:
    """Return every participant's link of a source, in the order in which they joined."""
    secret, options = (
        study_secret(session, settings, source.study_id),
        SourceOptions.model_validate(source.options),
    )
    mine = (
        select(WebhookCode)
        .where(WebhookCode.source_id == source.id, col(WebhookCode.sealed).is_not(None))
        .order_by(col(WebhookCode.participant_id))
    )
    taking_part = set(participants.enrolled(session, source.study_id))
    rows = [row for row in session.exec(mine) if row.participant_id in taking_part]
    return [_link(secret, options, source, row.participant_id, row.sealed or b"") for row in rows]


def _link(
    secret: str, options: SourceOptions, source: WebhookSource, who: UUID, sealed: bytes
) -> ParticipantLink:
    code = claims.link_code(secret, source.id, crypto.open_under(secret, sealed), options)
    return ParticipantLink(
        participant_id=who, code=code, link=ADAPTERS[source.tool].link(options.claim_name, code)
    )
