"""Seeds a demonstration study: synthetic people, and five weeks of their synthetic diaries."""

from datetime import datetime, timedelta
from itertools import product
from random import Random
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.audit.service import OPERATOR, Actor
from api.auth import service as auth
from api.auth import sessions
from api.auth.models import Staff
from api.auth.principals import ParticipantPrincipal
from api.auth.verbs import Role
from api.core import clock
from api.core.config import Settings
from api.core.ids import new_id
from api.core.problems import Problem
from api.diary import sync
from api.diary.operations import Operation, prepare
from api.diary.reading import read_entry
from api.instruments import service as instruments
from api.instruments import shipped
from api.instruments.catalogue import Published
from api.participants import invitations, profiles
from api.participants.models import Consent, Participant
from api.prompts import shipped as shipped_schedules
from api.studies import service as studies
from api.studies.models import Study
from schemas.participant import ConsentGiven, InvitationRedeem
from schemas.study import StudyCreate, StudyStatus
from scripts.cli.documents import CONSENT, INFORMATION
from scripts.demo_answers import plausible_answers
from scripts.demo_entries import diary_of

__all__ = ["ANALYST", "OWNER", "TITLE", "find", "plausible_answers", "seed"]

TITLE = "How place leaders decide (demonstration)"
OWNER = ("olivia.owner@example.org", "Olivia Owner")
ANALYST = ("ana.analyst@example.org", "Ana Analyst")
WEEKS = 5
_SEED = 2026
_SECTORS = {
    "government": ("local_gov", "regional_or_combined_authority", "central_gov"),
    "beyond_government": ("university_he", "third_sector", "other_public_partner"),
}
_TIERS = {
    "most_senior": ("chief_executive_or_equivalent", "elected_leader_or_mayor"),
    "senior": ("executive_director", "senior_official", "chair_or_trustee"),
}
_COUNTRIES = ("england", "england", "scotland", "wales", "england", "northern_ireland")


def find(session: Session) -> Study | None:
    """Return the demonstration study, if this database has one."""
    return session.exec(select(Study).where(Study.title == TITLE).order_by(col(Study.id))).first()


def seed(session: Session, settings: Settings) -> Study:
    """Make the study, its staff, 24 participants and their entries, through the services that phones use."""
    random = Random(_SEED)  # noqa: S311 - a demonstration keeps no secret
    began = (clock.now() - timedelta(weeks=WEEKS)).replace(hour=7, minute=0, second=0, microsecond=0)
    study = _study(session, began)
    published = _diary(session, study.id)
    people = [
        _enrol(session, settings, study, sector, tier, number, random)
        for number, (sector, tier) in enumerate([*product(_SECTORS, _TIERS)] * 6)
    ]
    _backdate(session, study, began)
    operations: list[Operation] = []
    for number, principal in enumerate(people):
        for entry_id, body in diary_of(number, published.definition, began, random):
            entry, content = read_entry(body)
            operations.append(prepare(principal, entry_id, entry, content, published, None))
    session.flush()
    for outcome in sync.apply(session.connection(), operations):
        if isinstance(outcome, Problem):
            raise outcome
    return study


def _study(session: Session, began: datetime) -> Study:
    study = studies.create(session, OPERATOR, StudyCreate(title=TITLE, starts_on=began.date()))
    for (email, name), role in ((OWNER, Role.OWNER), (ANALYST, Role.ANALYST)):
        auth.set_role(session, OPERATOR, study.id, _staff(session, email, name).id, role)
    shipped.publish_all(session, OPERATOR, study.id)
    shipped_schedules.put_all(session, OPERATOR, study.id)
    for document in (INFORMATION, CONSENT):
        studies.publish_document(session, OPERATOR, study.id, document)
    return studies.change_status(session, OPERATOR, study, StudyStatus.OPEN)


def _staff(session: Session, email: str, name: str) -> Staff:
    return auth.find_staff(session, email) or auth.add_staff(session, OPERATOR, email, name)


def _diary(session: Session, study_id: UUID) -> Published:
    row = instruments.published(session, study_id, "place_leadership_diary", 1)
    return Published(row.id, instruments.parse(row))


def _enrol(
    session: Session, settings: Settings, study: Study, sector: str, tier: str, number: int, random: Random
) -> ParticipantPrincipal:
    """Invite one person, and let them join, share and describe themselves."""
    code = invitations.invite(session, OPERATOR, study, 1, 30)[0].code
    consent = ConsentGiven(document_version=1, statements={"read": True, "take_part": True, "share": True})
    joined = invitations.redeem(
        session, settings, InvitationRedeem(code=code, attempt=new_id(), consent=consent, device_name="Demo")
    )
    principal = sessions.claims(settings, joined.session.access_token or "")
    found = instruments.profile_definition(session, study.id)
    assert found is not None  # noqa: S101 - the shipped instruments ask a profile
    answers = plausible_answers(found[1], instruments.PROFILE, random) | {
        "sector": _SECTORS[sector][number % len(_SECTORS[sector])],
        "country": _COUNTRIES[number // 4],
        "role_tier": _TIERS[tier][number % len(_TIERS[tier])],
        "language": "en",
        "time_zone": "Europe/London",
    }
    answers.pop("region", None)  # it would have to fit the country
    profiles.replace(
        session, Actor("participant", principal.participant_id), principal.participant_id, answers
    )
    return principal


def _backdate(session: Session, study: Study, began: datetime) -> None:
    """Let the study have begun when its first diary did; only a demonstration may do this."""
    study.opened_at = began
    mine = col(Participant.study_id) == study.id
    session.flush()
    session.execute(
        update(Consent)
        .where(col(Consent.participant_id).in_(select(Participant.id).where(mine)))
        .values(given_at=began)
    )
    session.execute(update(Participant).where(mine).values(enrolled_at=began))
