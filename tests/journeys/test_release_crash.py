"""kill -9 under a worker that makes releases: each is whole or is not there, and in the end each is published once."""

import os
import random
import signal
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.audit.service import OPERATOR
from api.core import db
from api.core.config import Settings
from api.core.ids import new_id
from api.core.jobs import Jobs
from api.core.storage import Storage
from api.main import create_app
from api.releases import service
from api.releases.models import Release
from api.releases.problems import ReleaseNotReady
from api.releases.rechecking import recheck
from api.studies import service as studies
from schemas.release import ReleaseCreate, ReleaseStatus
from tests.journeys.server import PATIENCE, Forker, environment
from tests.personas import World, entry_body

KILLS = 50
CONTROL_KILLS = 8
PEOPLE, ENTRIES = 10, 40
RACES = 3
WORKER = "tests.journeys.worker_process"


@pytest.fixture(scope="session")
def workers() -> Iterator[Forker]:
    """A process that starts workers quickly."""
    made = Forker("scripts.cli.worker", "api.routers", "dbos")
    yield made
    made.close()


class Study:
    """A study whose releases are made by a worker that may die at any moment."""

    def __init__(self, settings: Settings, engine: Engine, forker: Forker, module: str) -> None:
        self.settings, self.engine = settings, engine
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._forker, self._module = forker, module
        self._log = settings.data_dir / "worker.log"
        self._whole: set[UUID] = set()
        with TestClient(create_app(settings), base_url="https://testserver") as client:
            world = World(client, self.engine, settings)
            for _ in range(PEOPLE):
                leader = world.join()
                ops = [{"op": "put", "id": str(new_id()), "entry": entry_body()} for _ in range(ENTRIES)]
                assert leader.post("/v1/sync", {"ops": ops}).status_code == 200
        self.id = world.study_id

    def ask(self) -> None:
        """Ask for a release."""
        jobs = Jobs(self.settings)
        with db.transaction(self.engine) as session:
            study, wanted = (
                studies.get(session, self.id),
                ReleaseCreate(recipient="Dr Ana Analyst", purpose="themes"),
            )
            service.request(session, jobs, OPERATOR, study, wanted)
        jobs.close()

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Let a worker live for a while, and end it with -9: it gets no chance to finish anything."""
        pid = self._forker.launch(self._module, 0, environment(self.settings), self._log)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGKILL)
            _wait(lambda: not _exists(pid))

    def latest(self) -> Release:
        """Return the release that was asked for last."""
        with db.reading(self.engine) as session:
            return session.exec(select(Release).order_by(col(Release.number).desc()).limit(1)).one()

    def wait_for(self, done: Callable[[Release], bool]) -> None:
        """Wait for the latest release to get somewhere."""
        _wait(lambda: done(self.latest()), lambda: self._log.read_text()[-2000:])

    def faults(self) -> list[str]:
        """Return what is wrong: releases that were published and are not whole, or are there and were not published."""
        with db.reading(self.engine) as session:
            found = [
                fault for one in session.exec(select(Release)) for fault in self._faults_of(session, one)
            ]
            told = select(AuditEvent.object_id).where(AuditEvent.event == Event.RELEASE_PUBLISHED)
            times = Counter(map(str, session.exec(told)))
            done = select(Release.id).where(Release.status == ReleaseStatus.PUBLISHED)
            once = Counter(map(str, session.exec(done)))
        return found + [
            f"{one} was published {many} times" for one, many in times.items() if many != once[one]
        ]

    def _faults_of(self, session: Session, release: Release) -> Iterator[str]:
        if release.status == ReleaseStatus.PUBLISHED:
            if release.id not in self._whole:
                yield from self._faults_of_files(session, release)
                self._whole.add(release.id)
            return
        if (
            release.status not in {ReleaseStatus.QUEUED, ReleaseStatus.BUILDING}
            or release.files
            or release.folder
        ):
            yield f"release {release.number} is {release.status}: {release.refusal}"
        with pytest.raises(ReleaseNotReady):
            service.file_of(release, "bundle.zip")

    def _faults_of_files(self, session: Session, release: Release) -> Iterator[str]:
        findings = recheck(session, self.settings, release)
        yield from findings
        if not findings:
            names = {one.name for one in service.view(release).files}
            with Storage(self.settings.storage).open(f"{release.folder}/bundle.zip") as file:
                bundle = zipfile.ZipFile(file)
                if bundle.testzip() or {*bundle.namelist(), "bundle.zip"} != names:
                    yield f"the bundle of release {release.number} is not whole"

    def leftovers(self) -> set[str]:
        """Return the folders of attempts that nobody needs."""
        with db.reading(self.engine) as session:
            kept = {one.folder for one in session.exec(select(Release))}
        root, building = Path(self.settings.storage), self.settings.data_dir / "building"
        stored = {path.relative_to(root).as_posix() for path in root.glob("*/*")}
        return (stored - kept) | ({path.name for path in building.iterdir()} if building.exists() else set())


def crash(
    settings: Settings, engine: Engine, forker: Forker, kills: int, module: str = WORKER
) -> tuple[Study, list[str], int]:
    """Kill workers at moments spread over the making of a release; return what was wrong and how many were cut."""
    chance = random.Random(20261123)
    study = Study(settings, engine, forker, module)
    study.ask()
    with study.worker():
        study.wait_for(lambda one: one.attempts == 1)
        began = time.monotonic()
        study.wait_for(lambda one: one.status == ReleaseStatus.PUBLISHED)
        whole = time.monotonic() - began
    moments = [whole * 1.1 * (number + chance.random()) / kills for number in range(kills)]
    chance.shuffle(moments)
    faults, cut = [], 0
    for moment in moments:
        if study.latest().status == ReleaseStatus.PUBLISHED:
            study.ask()
        before = study.latest().attempts
        with study.worker():
            study.wait_for(lambda one: one.attempts > before)  # noqa: B023 - it is asked before the next turn
            time.sleep(moment)
        faults += study.faults()
        cut += study.latest().status == ReleaseStatus.BUILDING
    with study.worker():
        study.wait_for(lambda one: one.status == ReleaseStatus.PUBLISHED)
    return study, faults + study.faults(), cut


def test_a_release_is_whole_or_not_there_whenever_its_worker_dies(
    settings: Settings, engine: Engine, workers: Forker, record_property: Callable[[str, object], None]
) -> None:
    study, faults, cut = crash(settings, engine, workers, KILLS)
    assert faults == []
    with study.worker():
        _wait(lambda: not study.leftovers())
    assert cut > KILLS / 3  # the kills met releases under way,
    assert study.latest().number > 1  # and others that were done
    record_property("cut", cut)
    record_property("releases", study.latest().number)


def test_a_worker_that_publishes_before_it_stores_is_caught(
    settings: Settings, engine: Engine, workers: Forker
) -> None:
    _, faults, _ = crash(settings, engine, workers, CONTROL_KILLS, "tests.journeys.broken_worker")
    assert any("is missing from the store" in fault for fault in faults)


def test_two_workers_of_one_name_publish_a_release_once(
    settings: Settings, engine: Engine, workers: Forker
) -> None:
    study = Study(settings, engine, workers, "tests.journeys.racing_worker")
    for number in range(1, RACES + 1):
        study.ask()
        with study.worker():
            study.wait_for(lambda one: one.attempts == 1)
            with study.worker():  # it resumes what the other is at
                study.wait_for(lambda one: one.attempts == 2)
                study.wait_for(lambda one: one.status == ReleaseStatus.PUBLISHED)
                _wait(lambda: not study.leftovers(), lambda: str(study.leftovers()))
        assert (study.latest().number, study.faults()) == (number, [])


def _wait(done: Callable[[], bool], why: Callable[[], str] = str) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, why()
        time.sleep(0.005)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
