"""Two workers of one name run one job: the release is published once, whole, by the attempt that began last."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from typing import Any

import pytest
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core import db
from api.core.jobs import JobContext
from api.releases import build, claim
from api.releases.models import Release, ReleaseParticipant
from api.releases.problems import ReleaseNotStored
from api.releases.rechecking import recheck
from schemas.release import ReleaseStatus
from tests.personas import Leader, World
from tests.releases.gate.house import wanted

PATIENCE = 60


def resume(world: World, release_id: str) -> None:
    """Run the job, always under the id that a worker of this name resumes."""
    build.build(JobContext(world.settings, "release.build:1"), release_id)


def paused(monkeypatch: pytest.MonkeyPatch, where: str, before: dict[int, Callable[[], None]]) -> None:
    """Let something happen before each attempt goes on at a place in the making."""
    real = getattr(claim, where)

    def waits(*given: Any) -> Any:
        release = next(one for one in given if isinstance(one, Release))
        before.pop(release.attempts, lambda: None)()
        return real(*given)

    monkeypatch.setattr(claim, where, waits)


def is_published_once(world: World, release_id: str) -> None:
    with db.reading(world.engine) as session:
        (release,) = session.exec(select(Release)).all()
        assert (str(release.id), release.status, release.refusal) == (
            release_id,
            ReleaseStatus.PUBLISHED,
            None,
        )
        assert recheck(session, world.settings, release) == []
        events = select(AuditEvent).where(AuditEvent.event == Event.RELEASE_PUBLISHED)
        assert len(session.exec(events).all()) == 1
        assert len(session.exec(select(ReleaseParticipant)).all()) == 16
        folder = release.folder
    stored = (world.settings.data_dir / "releases").glob("*/*")
    assert [f"{one.parent.name}/{one.name}" for one in stored] == [folder]
    assert list((world.settings.data_dir / "building").iterdir()) == []


@pytest.mark.parametrize("where", ["publish", "_switch"])
def test_the_second_overtakes_the_first(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    release_id = wanted(world)
    if (
        where == "_switch"
    ):  # in the transaction that publishes: the second waits for it, and finds it published
        with ThreadPoolExecutor(1) as pool:
            second: list[Any] = []
            paused(monkeypatch, where, {1: lambda: second.append(pool.submit(resume, world, release_id))})
            resume(world, release_id)
            second[0].result(PATIENCE)
    else:
        paused(monkeypatch, where, {1: lambda: resume(world, release_id)})
        with pytest.raises(ReleaseNotStored):
            resume(world, release_id)
    is_published_once(world, release_id)


def test_the_first_ends_while_the_second_is_at_it(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch
) -> None:
    release_id, arrived, go_on = wanted(world), Signal(), Signal()

    def second_arrives() -> None:
        running.append(pool.submit(resume, world, release_id))
        assert arrived.wait(PATIENCE)

    def second_waits() -> None:
        arrived.set()
        assert go_on.wait(PATIENCE)

    running: list[Any] = []
    paused(monkeypatch, "publish", {1: second_arrives, 2: second_waits})
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ReleaseNotStored):
            resume(world, release_id)
        with db.reading(world.engine) as session:
            assert session.exec(select(Release)).one().status == ReleaseStatus.BUILDING
        go_on.set()
        running[0].result(PATIENCE)
    is_published_once(world, release_id)
