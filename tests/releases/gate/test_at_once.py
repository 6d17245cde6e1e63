"""Two releases to Ana are built at once, and somebody joins between their cutoffs."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

from api.core import db
from api.core.jobs import JobContext
from api.core.storage import Storage
from api.releases import build, claim
from tests.personas import World
from tests.releases.gate.house import join, made, wanted


def statuses(world: World) -> list[str]:
    return [str(one["status"]) for one in world.olivia.get(f"{world.path}/releases").json()]


def asked_twice(world: World) -> tuple[str, str]:
    """Ask for two releases; between them one person joins."""
    join(world, local_gov=6, third_sector=6)
    before = wanted(world)
    join(world, local_gov=1)
    return before, wanted(world, purpose="roles")


def test_a_release_that_another_overtook_is_judged_again(world: World, tmp_path: Path) -> None:
    slow, quick = asked_twice(world)
    engine = db.make_engine(world.settings)
    release = claim.take(engine, UUID(slow), "slow")
    assert release is not None
    folder, work = tmp_path / "files", tmp_path / "work"
    folder.mkdir()
    passed, files, figures = build.write(engine, world.settings, release, folder, work)
    assert made(world, quick)["status"] == "published"
    claim.publish(engine, Storage(world.settings.storage), release, folder, passed, files, figures)
    assert statuses(world) == ["queued", "published"]
    again = made(world, slow)
    assert again["status"] == "refused"
    assert "One person of release 2 is not in this one." in again["refusal"]
    engine.dispose()


def test_of_two_builders_only_one_publishes(world: World) -> None:
    both = asked_twice(world)

    def make(one: str) -> Any:
        return build.build(JobContext(world.settings, one), one)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, both))
    for one in both:
        made(world, one)  # what was overtaken was queued again
    assert sorted(statuses(world)) == ["published", "refused"]
