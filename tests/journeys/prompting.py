"""A study whose prompts two real workers plan and send, while a test moves the clock and kills one after the other."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from api.audit.service import OPERATOR
from api.core import db
from api.core.config import Settings
from api.instruments import shipped
from api.participants import contacts
from api.participants.models import Participant
from api.prompts import schedules
from api.prompts.models import Prompt, PromptSending
from api.studies import service as studies
from schemas.participant import ContactPut, ParticipantStatus
from schemas.schedule import Schedule
from schemas.study import StudyCreate, StudyStatus
from scripts.cli.documents import CONSENT, INFORMATION
from tests.journeys.hurried_worker import CLOCK, LOOKING, SOON
from tests.journeys.server import Forker, environment

FIRST = date(2026, 3, 2)
TIMES = ["08:00", "11:00", "14:00", "17:00", "20:00"]
WORKER = "tests.journeys.hurried_worker"
_A_TURN, _A_LEASE = timedelta(seconds=20), timedelta(seconds=200)


def fill(session: Session, settings: Settings, people: int) -> UUID:
    """Open a study with a schedule of five prompts a day, and so many participants with addresses."""
    study = studies.create(session, OPERATOR, StudyCreate(title="Place leadership"))
    shipped.publish_all(session, OPERATOR, study.id)
    for document in (INFORMATION, CONSENT):
        studies.publish_document(session, OPERATOR, study.id, document)
    studies.change_status(session, OPERATOR, study, StudyStatus.OPEN)
    join(session, settings, study.id, people)
    wanted = {"key": "asked", "instrument": "place_leadership_diary", "kind": "moment", "expires_after": 170}
    timing = {"timing": {"type": "interval", "times": TIMES}}
    schedules.put(session, OPERATOR, study.id, Schedule.model_validate(wanted | timing))
    return study.id


def join(session: Session, settings: Settings, study_id: UUID, people: int) -> None:
    """Let so many participants with addresses take part."""
    for number in range(people):
        who = Participant(
            study_id=study_id,
            status=ParticipantStatus.ENROLLED,
            enrolled_at=datetime(2026, 3, 1, tzinfo=UTC),
        )
        session.add(who)
        session.flush()
        contacts.replace(session, settings, OPERATOR, who.id, ContactPut(email=f"leader{number}@example.org"))


@dataclass
class Workers:
    """Two workers of one database, and the clock by which they live."""

    settings: Settings
    forker: Forker
    clock: Path
    looking: float = SOON
    """Seconds until they look for work again."""
    pids: dict[str, int] = field(default_factory=dict)
    kills: int = 0

    def start(self, name: str) -> None:
        """Start a worker, or start it again after its death."""
        given = environment(self.settings) | {
            "DAYBOOK_WORKER_ID": name,
            CLOCK: str(self.clock),
            LOOKING: str(self.looking),
        }
        self.pids[name] = self.forker.launch(WORKER, 0, given, self.settings.data_dir / f"{name}.log")

    def kill_one(self) -> None:
        """Kill one with -9, and start it again."""
        name = random.choice([*self.pids])
        os.kill(self.pids[name], 9)
        self.kills += 1
        self.start(name)

    def at(self, now: datetime) -> None:
        """Set the clock; no worker reads half a time."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(now.isoformat())
        fresh.rename(self.clock)


def wait_for_plans(engine: Engine, people: int, seconds: float) -> None:
    """Wait until something is planned for everybody: a time that was planned too late passes unsent."""
    query = select(func.count(col(Prompt.participant_id).distinct()))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with db.reading(engine) as session:
            if session.execute(query).scalar_one() == people:
                return
        time.sleep(0.1)
    raise AssertionError("Nobody plans.")


def planned(engine: Engine) -> int:
    """Count the prompts there are."""
    with db.reading(engine) as session:
        return int(session.execute(select(func.count()).select_from(Prompt)).scalar_one())


def states(engine: Engine) -> Counter[str]:
    """Count the sendings by their state."""
    with db.reading(engine) as session:
        return Counter(session.execute(select(col(PromptSending.state))).scalars())


def statuses(engine: Engine, days: int) -> Counter[str]:
    """Count the prompts of the days that passed by their status."""
    passed = col(Prompt.local_date) < FIRST + timedelta(days=days)
    with db.reading(engine) as session:
        return Counter(session.execute(select(col(Prompt.status)).where(passed)).scalars())


def live_through(workers: Workers, engine: Engine, days: int, kill_every: float) -> None:
    """Let the days pass, one time of the schedule after the other; kill a worker every so many seconds."""
    killed = time.monotonic()
    for day in range(days):
        for at in TIMES:
            now = datetime.fromisoformat(f"{FIRST + timedelta(days=day)}T{at}:00+00:00")
            workers.at(now)
            while (left := _left(engine, now)) != (0, 0):
                if time.monotonic() - killed > kill_every:
                    workers.kill_one()
                    killed = time.monotonic()
                time.sleep(0.3)
                if left == _left(engine, now):  # let the next turn come, or the lease of a dead one end
                    now += _A_TURN if left[0] else _A_LEASE
                    workers.at(now)


def _left(engine: Engine, now: datetime) -> tuple[int, int]:
    """Return how many prompts nobody has taken yet, and how many reminders somebody has who may be dead."""
    leased = select(func.count()).where(col(PromptSending.state).in_(["claimed", "handing"]))
    with db.reading(engine) as session:
        due = session.execute(select(func.count()).where(col(Prompt.due_at) <= now)).scalar_one()
        return int(due), int(session.execute(leased).scalar_one())


@contextmanager
def two_workers(settings: Settings, looking: float = SOON) -> Iterator[Workers]:
    """Start two workers, and end them."""
    forker = Forker(WORKER, "dbos")
    workers = Workers(settings, forker, settings.data_dir / "clock", looking)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    workers.at(datetime.fromisoformat(f"{FIRST}T07:00:00+00:00"))
    try:
        for name in ("one", "two"):
            workers.start(name)
        yield workers
    finally:
        forker.close()
