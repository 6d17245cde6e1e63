"""Who is to be reminded now: where they stand, what they wish, in which language and by which addresses."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from api.core.config import Settings
from api.participants import contacts, profiles
from api.participants import service as participants
from api.prompts import reminders, subscriptions
from api.prompts.channels import CHANNELS
from api.prompts.channels.base import Address
from api.prompts.models import Reminders
from api.studies import service as studies
from schemas.participant import ContactPut, ParticipantStatus
from schemas.reminders import ChannelName, RemindersPut

LANGUAGE = "language"


@dataclass(frozen=True)
class Recipient:
    """One participant as the engine knows them for a moment."""

    status: ParticipantStatus
    stopped: bool
    study_runs: bool
    reminders: RemindersPut
    language: str
    addresses: Mapping[ChannelName, list[Address]] = field(repr=False)


def recipients(session: Session, settings: Settings, people: Mapping[UUID, UUID]) -> dict[UUID, Recipient]:
    """Return some participants, given with their studies: {participant: study}."""
    running = studies.RUNNING.subquery()
    rows = session.execute(select(running).where(running.c.study_id.in_({*people.values()})))
    languages = {row.study_id: row.languages for row in rows}
    standing = participants.reminders_of(session, people)
    wishes, refused = reminders.of(session, people), _refused(session, people)
    known = contacts.several(session, settings, people)
    pushed = _pushed(session, settings, people)
    spoken = profiles.attributes(session, [*people], {LANGUAGE})
    found: dict[UUID, Recipient] = {}
    for who, study_id in people.items():
        wanted = wishes[who]
        reached = _addresses(known.get(who), refused.get(who), pushed.get(who, []))
        found[who] = Recipient(
            *standing[who],
            study_id in languages,
            wanted,
            str(spoken[who].get(LANGUAGE) or next(iter(languages.get(study_id, ["en"])))),
            {name: to for name, to in reached.items() if to and name in _usable(settings, wanted)},
        )
    return found


def _usable(settings: Settings, reminders: RemindersPut) -> set[ChannelName]:
    return {
        name
        for name, channel in CHANNELS.items()
        if name in reminders.channels and channel.is_offered(settings)
    }


def _addresses(
    known: tuple[ContactPut, datetime] | None, refused: datetime | None, pushed: list[Address]
) -> dict[ChannelName, list[Address]]:
    contact, since = known or (ContactPut(), None)
    is_refused = refused is not None and (since is None or since <= refused)
    return {
        ChannelName.EMAIL: [Address(contact.email)] if contact.email and not is_refused else [],
        ChannelName.SMS: [Address(contact.phone)] if contact.phone else [],
        ChannelName.PUSH: pushed,
    }


def _refused(session: Session, people: Collection[UUID]) -> dict[UUID, datetime]:
    mine = (col(Reminders.participant_id).in_(people), col(Reminders.email_refused_at).is_not(None))
    rows = session.execute(
        select(col(Reminders.participant_id), col(Reminders.email_refused_at)).where(*mine)
    )
    return {who: at for who, at in rows if at}


def _pushed(session: Session, settings: Settings, people: Collection[UUID]) -> dict[UUID, list[Address]]:
    if not CHANNELS[ChannelName.PUSH].is_offered(settings):
        return {}
    return {who: subscriptions.addresses(session, settings, who) for who in people}
