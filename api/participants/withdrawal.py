"""Withdraws a participant: one filter, one place; every feature that holds their data registers what it erases."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import PARTICIPANT, Event
from api.audit.service import Actor
from api.auth import device_codes, sessions
from api.auth.principals import ParticipantPrincipal
from api.core import clock, ledger
from api.core.db import columns_of, shred
from api.core.ids import new_id
from api.core.ledger import Line
from api.participants import consents
from api.participants.models import (
    Contact,
    Invitation,
    Participant,
    ParticipantAttribute,
    Withdrawal,
)
from api.participants.receipts import letter
from api.participants.service import require_of_study
from api.participants.telling import Asked, tells
from api.studies import service as studies
from schemas.participant import ParticipantStatus, WithdrawalReceipt, WithdrawalScope

Eraser = Callable[[Session, UUID], dict[str, int]]
Leaver = Callable[[Session, UUID], None]
Holder = Callable[[Session, UUID], list[int]]
_erasers: list[Eraser] = []
_leavers: list[Leaver] = []
_holders: list[Holder] = []


def erases(eraser: Eraser) -> Eraser:
    """Register what a feature erases of a participant; it returns what was erased, counted."""
    _erasers.append(eraser)
    return eraser


def leaves(leaver: Leaver) -> Leaver:
    """Register what a feature does at once when a participant leaves the study, however far."""
    _leavers.append(leaver)
    return leaver


def holds(holder: Holder) -> Holder:
    """Register how a feature finds the releases that hold a participant."""
    _holders.append(holder)
    return holder


# What an erasure leaves, and why. docs/data-protection.md says it to the controller.
KEPT = {
    "participant": "the pseudonymous id and the dates of joining and leaving, so that the withdrawal stays in force",
    "consent": "which statements were agreed to, and when: the evidence that the study may have worked with the data",
    "contact": "an empty row: its key and content are destroyed",
    "withdrawal": "the receipt",
    "entry_tombstone": "the ids of erased entries, so that a late phone is refused",
    "release_participant": "which releases hold the participant, and how coarsely each describes them, as its "
    "recipients do: what cannot be recalled, and what later releases must not give away",
    "webhook_code": "the hash of a survey link's code, so that what still comes by it is thrown away",
    "audit_event": "who did what, when; never a word of a diary or a contact",
}


def withdraw_for(
    session: Session, actor: Actor, study_id: UUID, participant_id: UUID, scope: WithdrawalScope
) -> WithdrawalReceipt:
    """Withdraw a participant who asked the study's team to, or raise NotFound."""
    require_of_study(session, study_id, participant_id)
    return withdraw(session, actor, participant_id, scope)


def withdraw_oneself(
    session: Session, principal: ParticipantPrincipal, scope: WithdrawalScope
) -> WithdrawalReceipt:
    """Withdraw the participant who calls; an erasure ends their session, and a lost answer is still given again."""
    earlier = _given(session, principal.participant_id, scope)
    if earlier is None or scope != WithdrawalScope.ERASE:
        sessions.require_signed_in(session, principal)
    return earlier or withdraw(session, principal.actor, principal.participant_id, scope)


def withdraw(
    session: Session, actor: Actor, participant_id: UUID, scope: WithdrawalScope, again: Line | None = None
) -> WithdrawalReceipt:
    """Withdraw a participant and return the receipt; asking again for the same returns the same receipt."""
    # The lock makes entries on their way wait: they are stored before and erased, or refused after.
    participant = session.exec(
        select(Participant).where(Participant.id == participant_id).with_for_update()
    ).one()
    if earlier := _given(session, participant_id, scope):
        return earlier
    now = again.at if again else clock.now()
    done: dict[str, int] = {"reminders": int(participant.prompts_stopped_at is None)}
    participant.prompts_stopped_at = participant.prompts_stopped_at or now
    if scope != WithdrawalScope.STOP_PROMPTS:
        participant.status, participant.withdrawn_at = (
            ParticipantStatus.WITHDRAWN,
            participant.withdrawn_at or now,
        )
        done["consents"] = consents.end(session, participant_id)
        for leaver in _leavers:
            leaver(session, participant_id)
    if scope == WithdrawalScope.ERASE:
        done |= _erase(session, participant_id)
    receipt = WithdrawalReceipt(
        id=again.id("receipt_id") if again else new_id(),
        scope=scope,
        at=now,
        by_study_team=actor.kind != PARTICIPANT,
        done=done,
        releases_not_recalled=sorted({n for holder in _holders for n in holder(session, participant_id)}),
    )
    receipt.text = letter(receipt, studies.get(session, participant.study_id).title)
    _keep(session, actor, participant, receipt)
    return receipt


def receipts(session: Session, study_id: UUID, participant_id: UUID) -> list[WithdrawalReceipt]:
    """Return the receipts of a participant's withdrawals, oldest first, or raise NotFound."""
    require_of_study(session, study_id, participant_id)
    found = session.exec(
        select(Withdrawal).where(Withdrawal.participant_id == participant_id).order_by(col(Withdrawal.id))
    )
    return [WithdrawalReceipt.model_validate(row.receipt) for row in found]


def _given(session: Session, participant_id: UUID, scope: WithdrawalScope) -> WithdrawalReceipt | None:
    """Return the receipt that was given for a withdrawal of this scope."""
    same = (Withdrawal.participant_id == participant_id, Withdrawal.scope == scope)
    row = session.exec(select(Withdrawal).where(*same)).first()
    return WithdrawalReceipt.model_validate(row.receipt) if row else None


def _keep(session: Session, actor: Actor, participant: Participant, receipt: WithdrawalReceipt) -> None:
    session.add(
        Withdrawal(
            id=receipt.id,
            participant_id=participant.id,
            study_id=participant.study_id,
            scope=receipt.scope,
            at=receipt.at,
            receipt=receipt.model_dump(mode="json"),
        )
    )
    audit.record(
        session,
        Event.PARTICIPANT_WITHDREW,
        actor,
        study_id=participant.study_id,
        object_id=participant.id,
        scope=receipt.scope.value,
    )
    ids = {
        "receipt_id": receipt.id,
        "participant_id": participant.id,
        "scope": receipt.scope,
        "by": actor.kind,
    }
    ledger.note(session, Event.PARTICIPANT_WITHDREW, ids)


@ledger.redoes(Event.PARTICIPANT_WITHDREW)
def _withdraw_again(session: Session, line: Line) -> bool:
    participant = line.id("participant_id")
    if session.get(Withdrawal, line.id("receipt_id")) or session.get(Participant, participant) is None:
        return False
    withdraw(session, Actor(line.ids["by"]), participant, WithdrawalScope(line.ids["scope"]), line)
    return True


def _erase(session: Session, participant_id: UUID) -> dict[str, int]:
    done: dict[str, int] = {}
    for eraser in _erasers:
        done |= eraser(session, participant_id)
    shred(session)
    return done


@tells("participant")
def _tell_participant(asked: Asked) -> Iterable[dict[str, Any]]:
    yield columns_of(asked.session.get_one(Participant, asked.participant_id))


@tells("withdrawals")
def _tell_withdrawals(asked: Asked) -> Iterable[dict[str, Any]]:
    mine = select(Withdrawal).where(Withdrawal.participant_id == asked.participant_id)
    yield from (columns_of(row, but={"id", "participant_id", "study_id"}) for row in asked.session.exec(mine))


@tells("devices")
def _tell_devices(asked: Asked) -> Iterable[dict[str, Any]]:
    return sessions.told(asked.session, asked.participant_id)


@tells("device_codes")
def _tell_device_codes(asked: Asked) -> Iterable[dict[str, Any]]:
    return device_codes.told(asked.session, asked.participant_id)


@tells("events")
def _tell_events(asked: Asked) -> Iterable[dict[str, Any]]:
    devices = [device["id"] for device in sessions.told(asked.session, asked.participant_id)]
    return audit.told(asked.session, asked.study_id, asked.participant_id, devices)


@leaves
def _end_device_codes(session: Session, participant_id: UUID) -> None:
    device_codes.end(session, participant_id)


@erases
def _erase_devices(session: Session, participant_id: UUID) -> dict[str, int]:
    return {"devices": sessions.erase_all(session, participant_id)}


@erases
def _erase_profile(session: Session, participant_id: UUID) -> dict[str, int]:
    profile = session.execute(
        delete(ParticipantAttribute).where(col(ParticipantAttribute.participant_id) == participant_id)
    )
    contact = session.execute(
        update(Contact)
        .where(col(Contact.participant_id) == participant_id, col(Contact.sealed).is_not(None))
        .values(wrapped_key=None, sealed=None, email_hash=None, changed_at=clock.now())
    )
    session.execute(delete(Invitation).where(col(Invitation.participant_id) == participant_id))
    session.execute(
        update(Participant).where(col(Participant.id) == participant_id).values(external_ref=None)
    )
    return {
        "profile_values": profile.rowcount,  # type: ignore[attr-defined] # as above
        "contact_records": contact.rowcount,  # type: ignore[attr-defined] # as above
    }
