"""Keeps the queue up to date: looks through what changed in entries since it looked last, some entries at a time.

Writing an entry does not wait for this. Whatever was not looked through yet is exported by nobody: what is exported
is only a text whose row stands at the entry's current version.
"""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Row, func, insert, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.core import clock, db
from api.core.config import Settings
from api.core.ids import new_id
from api.core.jobs import chore
from api.diary.models import Entry
from api.participants import service as participants
from api.participants.models import Participant
from api.releases.review.locations import Location, Texts, place_of, text_at, texts_of
from api.releases.review.models import ReviewProgress, TextReview
from api.releases.review.reading import contents
from api.studies.models import Study
from api.studies.secrets import study_secret
from schemas.participant import ParticipantStatus
from schemas.review import TextState

PAGE = 200
A_TURN = 2.0
"""Seconds of a turn of the sweep for each study; what is left waits for the next."""
_DECIDED = {TextState.REVIEWED, TextState.WITHHELD}


@chore
def keep_up(engine: Engine, settings: Settings) -> None:
    """Look through what changed in every study, for some time each turn."""
    with db.reading(engine) as session:
        studies = session.exec(select(Study.id).order_by(col(Study.id))).all()
    for study_id in studies:
        catch_up(engine, settings, study_id, A_TURN)


def catch_up(engine: Engine, settings: Settings, study_id: UUID, seconds: float = math.inf) -> int:
    """Look through what changed in a study, a page at least; return how many pages of entries there were."""
    until = time.monotonic() + seconds
    with db.reading(engine) as session:
        sharing = participants.sharing(session, study_id, clock.now())
        waiting = [who for who in _changed(session, study_id) if who in sharing]
        texts = texts_of(session, study_id)
    _note_sharing(engine, study_id, sharing)
    if waiting:
        with db.transaction(engine) as session:
            study_secret(session, settings, study_id)  # so that whoever only reads finds it
    done = 0
    for who in waiting:
        more = True
        while more and (done == 0 or time.monotonic() < until):
            with db.transaction(engine) as session:
                more = look_through(session, who, texts)
            done += 1
    return done


def before_release(engine: Engine, settings: Settings, study_id: UUID) -> None:
    """Know of every edit before a release is frozen; where nobody has reviewed anything, it changes nothing."""
    with db.reading(engine) as session:
        reviewed = TextReview.study_id == study_id, TextReview.state == TextState.REVIEWED
        any_reviewed = session.exec(select(TextReview.id).where(*reviewed).limit(1)).first()
    if any_reviewed:
        catch_up(engine, settings, study_id)


def look_through(session: Session, participant_id: UUID, texts: Texts) -> bool:
    """Look through a participant's next entries that changed; say whether there are more."""
    # The writer takes the same lock first: neither waits for the other with something in hand.
    standing = participants.lock_statuses(session.connection(), [participant_id])
    if standing.get(participant_id) != ParticipantStatus.ENROLLED:
        return False
    study_id = session.get_one(Participant, participant_id).study_id
    progress = session.get(ReviewProgress, participant_id, populate_existing=True) or ReviewProgress(
        participant_id=participant_id, study_id=study_id
    )
    after = col(Entry.change_seq) > progress.change_seq
    entries = _entries(session, after, col(Entry.participant_id) == participant_id)
    if entries:
        _Page(session, entries, texts).store(study_id, participant_id)
        progress.change_seq = entries[-1].change_seq
        session.add(progress)
        session.flush()
    return len(entries) == PAGE


def _changed(session: Session, study_id: UUID) -> Sequence[UUID]:
    latest = (
        core_select(func.max(col(Entry.change_seq)))
        .where(col(Entry.participant_id) == col(Participant.id))
        .correlate(Participant)
        .scalar_subquery()
    )
    return session.exec(
        select(Participant.id)
        .join(ReviewProgress, col(ReviewProgress.participant_id) == col(Participant.id), isouter=True)
        .where(Participant.study_id == study_id, latest > func.coalesce(col(ReviewProgress.change_seq), 0))
        .order_by(col(Participant.id))
    ).all()


def _note_sharing(engine: Engine, study_id: UUID, sharing: set[UUID]) -> None:
    """Show the texts of who shares now, and of nobody else."""
    with db.reading(engine) as session:
        known = session.exec(
            select(ReviewProgress.participant_id, ReviewProgress.sharing).where(
                ReviewProgress.study_id == study_id
            )
        ).all()
    changed = [who for who, shares in known if shares != (who in sharing)]
    for who in changed:
        with db.transaction(engine) as session:
            session.execute(
                update(ReviewProgress)
                .where(col(ReviewProgress.participant_id) == who)
                .values(sharing=who in sharing)
            )


def look_again(session: Session, row: TextReview) -> None:
    """Look through the entry of a text now, whoever else does; the participant is locked."""
    entries = _entries(session, col(Entry.id) == row.entry_id)
    texts = texts_of(session, row.study_id)
    _Page(session, entries, texts).store(row.study_id, row.participant_id)
    session.flush()


def _entries(session: Session, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    return session.execute(
        core_select(
            col(Entry.id),
            col(Entry.version),
            col(Entry.instrument_version_id),
            col(Entry.keep_out),
            col(Entry.change_seq),
        )
        .where(*which)
        .order_by(col(Entry.change_seq))
        .limit(PAGE)
    ).all()


@dataclass
class _Page:
    """Some entries, and what the queue is to hold of them."""

    session: Session
    entries: Sequence[Row[Any]]
    texts: Texts

    def store(self, study_id: UUID, participant_id: UUID) -> None:
        known: dict[UUID, list[TextReview]] = {}
        for row in self.session.exec(
            select(TextReview).where(col(TextReview.entry_id).in_([one.id for one in self.entries]))
        ):
            known.setdefault(row.entry_id, []).append(row)
        now = contents(self.session, ((one.id, one.version) for one in self.entries))
        before = contents(
            self.session, ((row.entry_id, row.version) for rows in known.values() for row in rows)
        )
        found: list[dict[str, Any]] = []
        for entry in self.entries:
            texts = {} if entry.keep_out else self._read(entry, now[entry.id, entry.version])
            rows = known.get(entry.id, [])
            self._update(entry, rows, texts, before)
            there = {place_of(row) for row in rows}
            found += [
                {"entry_id": entry.id, "version": entry.version, **place._asdict()}
                for place in texts
                if place not in there
            ]
        self._insert(found, {"study_id": study_id, "participant_id": participant_id})

    def _read(self, entry: Row[Any], content: bytes) -> dict[Location, str]:
        return self.texts.of(entry.instrument_version_id, content)

    def _update(
        self,
        entry: Row[Any],
        rows: Iterable[TextReview],
        texts: Mapping[Location, str],
        before: Mapping[tuple[UUID, int], bytes],
    ) -> None:
        """Carry over the decision about a text that an edit left as it was; let the others be reviewed again."""
        for row in rows:
            place = place_of(row)
            if place not in texts:
                self.session.delete(row)
                continue
            earlier = text_at(before[row.entry_id, row.version], place)
            if row.state in _DECIDED and earlier != texts[place]:
                row.state = TextState.EDITED
            row.version = entry.version

    def _insert(self, found: list[dict[str, Any]], whose: dict[str, UUID]) -> None:
        if found:
            fresh = {"state": TextState.UNREVIEWED, "decisions": 0}
            self.session.execute(
                insert(TextReview), [{"id": new_id()} | whose | fresh | one for one in found]
            )
