"""What the report needs of the database, read in the release's own snapshot."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from api.core import plain
from api.participants.models import Participant
from api.releases.making import Staged
from api.releases.models import Release, ReleaseParticipant
from api.releases.people import Attributes
from api.releases.review.reviewed import counts
from api.releases.snapshot import Frozen
from schemas.participant import ParticipantStatus
from schemas.release import ReleaseStatus
from schemas.report import ReportTexts


@dataclass(frozen=True)
class Background:
    """Who shares, with what they answered, and counts of people, entries and texts around a release."""

    attributes: Attributes
    enrolled: int
    entries: int
    last_release: int | None
    withdrawn: int
    texts: ReportTexts


def background(view: Frozen, release: Release, staged: Staged) -> Background:
    """Count who takes part, who shares, who shares no more since the last release, and where texts stand."""
    session, study_id = view.session, view.study_id
    last = _last(session, release)
    return Background(
        attributes=view.attributes,
        enrolled=_enrolled(session, study_id),
        entries=staged.entries.rows,
        last_release=last.number if last else None,
        withdrawn=len(_people_of(session, last) - {who.hex for who in view.attributes}) if last else 0,
        texts=_texts(session, study_id, staged.texts.rows),
    )


def _enrolled(session: Session, study_id: UUID) -> int:
    mine = Participant.study_id == study_id, Participant.status == ParticipantStatus.ENROLLED
    return session.exec(select(func.count()).select_from(Participant).where(*mine)).one()


def _last(session: Session, release: Release) -> Release | None:
    """Return the release that was published last, whoever received it."""
    mine = (
        Release.study_id == release.study_id,
        Release.status == ReleaseStatus.PUBLISHED,
        Release.id != release.id,
    )
    return session.exec(select(Release).where(*mine).order_by(col(Release.published_at).desc())).first()


def _people_of(session: Session, release: Release) -> set[str]:
    """Return the hex digits of who is in a release."""
    mine = ReleaseParticipant.release_id == release.id
    return set(
        session.exec(select(plain.hex_of(session, col(ReleaseParticipant.participant_id))).where(mine))
    )


def _texts(session: Session, study_id: UUID, exported: int) -> ReportTexts:
    found = counts(session, study_id)
    return ReportTexts(
        exported=exported,
        reviewed=found.reviewed,
        second=found.second,
        withheld=found.withheld,
        unreviewed=found.unreviewed,
        edited=found.edited,
        redacted=dict(sorted(found.redacted.items())),
    )
