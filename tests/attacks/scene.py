"""A study that holds something to find in every place, and the releases that its attackers are given of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.audit.service import OPERATOR
from api.core import clock, db
from api.core.ids import new_id
from api.core.jobs import JobContext, Jobs
from api.core.storage import Storage
from api.instruments import service as instruments
from api.releases import build, service
from api.releases.models import Release
from api.releases.review import refresh
from api.studies import service as studies
from schemas.instrument import InstrumentDefinition
from schemas.release import ReleaseCreate, ReleaseStatus
from tests.attacks.attacker import Held
from tests.attacks.instrument import KEY, KIND
from tests.personas import Leader, World

SECTORS = ("local_gov", "university_he")
PROFILE = {"country": "england", "role_tier": "senior_official", "leader_status": "current"}
NAMED = {"recipient": "Dr Eve Evil", "purpose": "themes"}


@dataclass
class Scene:
    """A study, its leaders, and a way to give its releases away."""

    world: World
    leaders: list[Leader] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=lambda: count(1))

    def settle(self, people: int = 10, **profile: Any) -> None:
        """Let so many leaders join, half of each sector."""
        for number in range(people):
            self.leaders.append(self.world.join(PROFILE | {"sector": SECTORS[number % 2]} | profile))

    def publish(self, definition: InstrumentDefinition) -> None:
        """Publish a questionnaire."""
        with db.transaction(self.world.engine) as session:
            row = instruments.draft(session, OPERATOR, self.world.study_id, definition)
            instruments.publish(session, OPERATOR, row)

    def keeps(
        self, leader: Leader, answers: dict[str, Any], entry: UUID | None = None, **changes: Any
    ) -> UUID:
        """Let a leader put an entry of the questionnaire."""
        entry = entry or new_id()
        body = {"instrument": KEY, "kind": KIND} | changes
        stored = leader.keeps(entry, answers, **body)
        assert stored.status_code in {200, 201}, stored.text
        return entry

    def ask(self, **wanted: Any) -> UUID:
        """Ask for a release, as Olivia would; return its id."""
        jobs = Jobs(self.world.settings)
        body = ({} if wanted.get("tier") == "open" else NAMED) | wanted
        with db.transaction(self.world.engine) as session:
            study = studies.get(session, self.world.study_id)
            asked = service.request(session, jobs, OPERATOR, study, ReleaseCreate.model_validate(body)).id
        jobs.close()
        return asked

    def make(self, asked: UUID) -> Release:
        """Make a release as the worker would; return its row."""
        build.build(JobContext(self.world.settings, "test"), str(asked))
        with db.reading(self.world.engine) as session:
            return session.exec(select(Release).where(Release.id == asked)).one()

    def given(self, **wanted: Any) -> Held:
        """Return the files of a new release, which must have been published."""
        release = self.make(self.ask(**wanted))
        assert release.status == ReleaseStatus.PUBLISHED, release.refusal
        with Storage(self.world.settings.storage).open(f"{release.folder}/bundle.zip") as bundle:
            return Held(bundle.read())

    def refused(self, **wanted: Any) -> str:
        """Return why a new release was refused, which it must have been."""
        release = self.make(self.ask(**wanted))
        assert release.status == ReleaseStatus.REFUSED, release.status
        return release.refusal or ""

    def catch_up(self) -> None:
        """Look through what was written, as the chore of the review does."""
        refresh.catch_up(self.world.engine, self.world.settings, self.world.study_id)


def moment(days_ago: float, chance: Random | None = None) -> dict[str, Any]:
    """Return the times of an entry about something so many days ago."""
    at = clock.now().replace(microsecond=0) - timedelta(days=days_ago)
    if chance is not None:
        at = at.replace(hour=chance.randrange(24))
    return times(at)


def times(at: datetime) -> dict[str, Any]:
    """Return the times of an entry about a moment."""
    return {
        "happened_at": at.isoformat(),
        "made_at": at.isoformat(),
        "time_zone": "Etc/UTC",
        "local_date": at.date().isoformat(),
    }
