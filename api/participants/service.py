"""Where participants stand: who takes part, who shares, and who has left."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.audit.service import Actor
from api.auth import sessions
from api.core import clock, plain
from api.core.problems import NotFound
from api.participants.models import Consent, Participant
from api.participants.problems import ParticipantWithdrawn
from api.studies import service as studies
from schemas.participant import Me, ParticipantStatus, ParticipantView
from schemas.session import SignedInDevice


def me(session: Session, participant_id: UUID) -> Me:
    """Show a participant what is known of them, without their diary."""
    participant = session.get_one(Participant, participant_id)
    study = studies.get(session, participant.study_id)
    consent = current_consent(session, participant_id)
    return Me(
        participant_id=participant.id,
        study_id=study.id,
        study_title=study.title,
        study_status=study.status.value,
        time_zone=study.time_zone,
        languages=study.languages,
        edit_window_hours=study.edit_window_hours,
        status=participant.status,
        consent_version=consent.document_version if consent else None,
        sharing=participant_id in sharing(session, study.id, clock.now()),
        prompts_stopped=participant.prompts_stopped_at is not None,
    )


def exists(session: Session, participant_id: UUID) -> bool:
    """Say whether there is such a participant."""
    return session.get(Participant, participant_id) is not None


def language(session: Session, participant_id: UUID) -> str:
    """Return the language in which a participant is written to: their study's first."""
    participant = session.get_one(Participant, participant_id)
    return studies.get(session, participant.study_id).languages[0]


def is_prompted(session: Session, participant_id: UUID) -> bool:
    """Say whether somebody takes part and has not stopped the reminders for good."""
    participant = session.get_one(Participant, participant_id)
    return participant.status == ParticipantStatus.ENROLLED and participant.prompts_stopped_at is None


def listing(session: Session, study_id: UUID, after: UUID | None, limit: int) -> list[ParticipantView]:
    """List participants in the order in which they were invited."""
    query = (
        select(Participant).where(Participant.study_id == study_id).order_by(col(Participant.id)).limit(limit)
    )
    found = session.exec(query.where(col(Participant.id) > after) if after else query).all()
    return [view(participant) for participant in found]


def enrolled(session: Session, study_id: UUID) -> Sequence[UUID]:
    """Return who takes part, in the order in which they were invited."""
    mine = (Participant.study_id == study_id, Participant.status == ParticipantStatus.ENROLLED)
    return session.exec(select(Participant.id).where(*mine).order_by(col(Participant.id))).all()


def taking_part(study_id: UUID) -> Select[*tuple[Any, ...]]:
    """Return the query for who takes part, for figures that the database works out; whoever left is not in it."""
    return core_select(
        col(Participant.id).label("participant_id"),
        col(Participant.enrolled_at),
        col(Participant.prompts_stopped_at),
    ).where(col(Participant.study_id) == study_id, col(Participant.status) == ParticipantStatus.ENROLLED)


def standing(session: Session, study_id: UUID) -> dict[ParticipantStatus, int]:
    """Count a study's participants by where they stand."""
    rows = session.execute(
        core_select(col(Participant.status), func.count())
        .where(col(Participant.study_id) == study_id)
        .group_by(col(Participant.status))
    )
    return dict(rows.all())


def view(participant: Participant) -> ParticipantView:
    """Show a participant to coordinators."""
    return ParticipantView(
        id=participant.id,
        status=participant.status,
        enrolled_at=participant.enrolled_at,
        withdrawn_at=participant.withdrawn_at,
        prompts_stopped=participant.prompts_stopped_at is not None,
    )


def devices(session: Session, study_id: UUID, participant_id: UUID) -> list[SignedInDevice]:
    """Show the devices on which a participant is signed in."""
    return sessions.signed_in(session, require_of_study(session, study_id, participant_id).id)


def sign_out(session: Session, actor: Actor, study_id: UUID, participant_id: UUID, device_id: UUID) -> None:
    """Sign one of a participant's devices out, at once: a phone was lost."""
    sessions.revoke(session, actor, require_of_study(session, study_id, participant_id).id, device_id)


def current_consent(session: Session, participant_id: UUID) -> Consent | None:
    """Return the consent that is in force."""
    mine = (Consent.participant_id == participant_id, col(Consent.withdrawn_at).is_(None))
    return session.exec(select(Consent).where(*mine).order_by(col(Consent.id).desc())).first()


def sharing(session: Session, study_id: UUID, at: datetime) -> set[UUID]:
    """Return who, at a time, took part and had agreed to share: the people a release may hold."""
    allowing = studies.sharing_statements(session, study_id)
    rows = session.execute(  # text: to make objects of many people takes ten times as long
        core_select(
            plain.hex_of(session, col(Participant.id)),
            col(Consent.document_version),
            plain.json_of(session, col(Consent.statements)),
        )
        .join(Consent, col(Consent.participant_id) == col(Participant.id))
        .where(
            col(Participant.study_id) == study_id,
            col(Participant.status) == ParticipantStatus.ENROLLED,
            col(Consent.withdrawn_at).is_(None),
            col(Consent.given_at) <= at,
        )
        .order_by(col(Consent.id))
    )
    latest = {who: (version, given) for who, version, given in rows}
    agreed = {one: _allows(allowing.get(one[0]), one[1]) for one in set(latest.values())}
    return {UUID(who) for who, one in latest.items() if agreed[one]}


def _allows(keys: Collection[str] | None, statements: str) -> bool:
    given = json.loads(statements)
    return bool(keys) and all(given.get(key) for key in keys or ())


# Where participants stand; locked, so that they stay there until the transaction ends. Asked by every batch of entries.
STANDING: Select[*tuple[Any, ...]] = (
    core_select(
        col(Participant.id).label("participant_id"), col(Participant.status), col(Participant.study_id)
    )
    .where(col(Participant.id).in_(bindparam("participants", expanding=True)))
    .order_by(col(Participant.id))  # one order of locking for all: no deadlock
    .with_for_update(key_share=True)
)

# Who takes part and may be reminded, and since when.
REMINDED: Select[*tuple[Any, ...]] = core_select(
    col(Participant.id).label("participant_id"), col(Participant.study_id), col(Participant.enrolled_at)
).where(
    col(Participant.status) == ParticipantStatus.ENROLLED,
    col(Participant.prompts_stopped_at).is_(None),
    col(Participant.enrolled_at).is_not(None),
)

# Where some participants stand with their reminders.
_STANDING_WITH_REMINDERS = core_select(
    col(Participant.id), col(Participant.status), col(Participant.prompts_stopped_at)
).where(col(Participant.id).in_(bindparam("participants", expanding=True)))


def reminders_of(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[ParticipantStatus, bool]]:
    """Return where participants stand, and whether their reminders were stopped by a withdrawal."""
    rows = session.execute(_STANDING_WITH_REMINDERS, {"participants": [*ids]})
    return {who: (status, stopped is not None) for who, status, stopped in rows}


def lock_statuses(connection: Connection, participant_ids: Collection[UUID]) -> dict[UUID, ParticipantStatus]:
    """Return where participants stand, and keep them there until this transaction ends."""
    rows = connection.execute(STANDING, {"participants": list(participant_ids)})
    return {row.participant_id: row.status for row in rows}


def lock_enrolled(session: Session, study_id: UUID) -> int:
    """Keep everybody who takes part in a study where they stand until this transaction ends; return how many."""
    mine = col(Participant.study_id) == study_id, col(Participant.status) == ParticipantStatus.ENROLLED
    # One order of locking, as above. Counted there, since to name many people takes long.
    locked = core_select(col(Participant.id)).where(*mine).order_by(col(Participant.id))
    counted = core_select(func.count()).select_from(locked.with_for_update(key_share=True).subquery())
    return int(session.execute(counted).scalar_one())


def require_of_study(session: Session, study_id: UUID, participant_id: UUID) -> Participant:
    """Return a participant of this study, or raise NotFound."""
    participant = session.get(Participant, participant_id)
    if participant is None or participant.study_id != study_id:
        raise NotFound
    return participant


def lock_welcome(session: Session, participant_id: UUID) -> Participant:
    """Return a participant who has not withdrawn, and cannot until what follows is stored."""
    participant = session.get_one(Participant, participant_id, with_for_update={"key_share": True})
    if participant.status == ParticipantStatus.WITHDRAWN:
        raise ParticipantWithdrawn
    return participant
