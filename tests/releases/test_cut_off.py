"""A worker dies while it makes a release: what it stored is gone, whatever becomes of the release."""

from pathlib import Path
from typing import Any

import pytest

from api.core.jobs import JobContext
from api.releases import build, claim
from tests.personas import Leader, World


class Died(BaseException):
    """A process ended here."""


def die(*_: Any) -> None:
    raise Died


def asked(world: World) -> Any:
    answer = world.olivia.post(f"{world.path}/releases", {"recipient": "Dr Ana Analyst", "purpose": "themes"})
    assert answer.status_code == 202
    return answer


def make(world: World, release_id: str) -> None:
    build.build(JobContext(world.settings, "test"), release_id)


def stored(world: World) -> list[Path]:
    return list((world.settings.data_dir / "releases").rglob("*.csv"))


def test_what_was_stored_before_a_refusal_is_removed(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = asked(world)
    with monkeypatch.context() as patch:
        patch.setattr(claim, "_switch", die)
        with pytest.raises(Died):
            make(world, release.json()["id"])
    assert stored(world)
    for leader in leaders[:12]:
        assert leader.post("/v1/me/withdrawal", {"scope": "out_of_releases"}).status_code == 200
    make(world, release.json()["id"])
    assert world.ana.get(release.headers["Location"]).json()["status"] == "refused"
    assert stored(world) == []


def test_what_was_left_where_it_was_made_is_removed_though_it_was_published(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = asked(world)
    with monkeypatch.context() as patch:
        patch.setattr("api.releases.build.shutil.rmtree", lambda *_, **__: None)
        make(world, release.json()["id"])
    assert world.ana.get(release.headers["Location"]).json()["status"] == "published"
    building = world.settings.data_dir / "building"
    assert list(building.iterdir())
    make(world, release.json()["id"])
    assert list(building.iterdir()) == []
    assert stored(world)
