"""Many people who share, made at once, and releases of what they share."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from api.audit.service import OPERATOR
from api.core import clock, db
from api.core.jobs import JobContext
from api.participants.models import Consent, Participant, ParticipantAttribute
from api.participants.withdrawal import withdraw
from api.releases import build
from api.releases.gate.judging import Gate
from api.releases.models import Release, ReleaseParticipant
from schemas.participant import ParticipantStatus, WithdrawalScope
from tests.personas import World

SHARES = {"read": True, "take_part": True, "share": True}


def join(world: World, **sectors: int) -> list[UUID]:
    """Let people of each sector join and share, the sectors in the order given."""
    who: list[UUID] = []
    with db.transaction(world.engine) as session:
        for sector, count in sectors.items():
            people = [
                Participant(study_id=world.study_id, status=ParticipantStatus.ENROLLED) for _ in range(count)
            ]
            session.add_all(people)
            session.flush()
            for one in people:
                session.add(Consent(participant_id=one.id, document_version=1, statements=SHARES, how="test"))
                session.add(ParticipantAttribute(participant_id=one.id, key="sector", value=sector))
            who += [one.id for one in people]
    return who


def leave(world: World, *people: UUID, scope: WithdrawalScope = WithdrawalScope.OUT_OF_RELEASES) -> None:
    """Let people withdraw."""
    with db.transaction(world.engine) as session:
        for one in people:
            withdraw(session, OPERATOR, one, scope)


def move(world: World, sector: str, people: Iterable[UUID]) -> None:
    """Let people change to another sector."""
    with db.transaction(world.engine) as session:
        for one in people:
            mine = (
                col(ParticipantAttribute.participant_id) == one,
                col(ParticipantAttribute.key) == "sector",
            )
            session.execute(
                update(ParticipantAttribute)
                .where(*mine, col(ParticipantAttribute.valid_to).is_(None))
                .values(valid_to=clock.now())
            )
            session.add(ParticipantAttribute(participant_id=one, key="sector", value=sector))


def wanted(world: World, **body: Any) -> str:
    """Ask for a release that tells sectors, to Ana unless said otherwise; return its id."""
    asked = world.olivia.post(
        f"{world.path}/releases",
        {"recipient": "Dr Ana", "purpose": "themes", "quasi_identifiers": ["sector"]} | body,
    )
    assert asked.status_code == 202, asked.text
    return str(asked.json()["id"])


def made(world: World, release_id: str) -> dict[str, Any]:
    """Make a release as the worker would, and show it."""
    build.build(JobContext(world.settings, "test"), release_id)
    found = world.olivia.get(f"{world.path}/releases").json()
    return next(dict(one) for one in found if one["id"] == release_id)


def ask(world: World, **body: Any) -> dict[str, Any]:
    """Ask for a release and make it."""
    return made(world, wanted(world, **body))


def publish(world: World, **body: Any) -> dict[str, Any]:
    """Ask for a release that must be made."""
    found = ask(world, **body)
    assert found["status"] == "published", found["refusal"]
    return found


def refuse(world: World, **body: Any) -> str:
    """Ask for a release that must be refused; return why."""
    found = ask(world, **body)
    assert (found["status"], found["files"]) == ("refused", []), found
    return str(found["refusal"])


def gate(world: World, number: int) -> Gate:
    """Return what was compared for a release."""
    with db.reading(world.engine) as session:
        mine = (Release.study_id == world.study_id, Release.number == number)
        stored = session.exec(select(Release.gate).where(*mine)).one()
    assert stored is not None
    return Gate.of(stored)


def shown(world: World, number: int) -> dict[UUID, tuple[str, ...]]:
    """Return how a release describes each of its people, as it was kept."""
    with db.reading(world.engine) as session:
        rows = session.exec(
            select(ReleaseParticipant)
            .join(Release, col(Release.id) == col(ReleaseParticipant.release_id))
            .where(Release.study_id == world.study_id, Release.number == number)
        )
        return {row.participant_id: tuple((row.shown or {}).values()) for row in rows}
