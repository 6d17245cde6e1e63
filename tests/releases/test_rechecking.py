"""Years later, somebody asks whether release 1 is still what was published."""

import hashlib
from pathlib import Path

import pytest
from sqlmodel import select

from api.core import db
from api.releases.models import Release
from tests.commands import daybook
from tests.personas import World
from tests.releases.test_pipeline import ask

WELL = "is as it was published"


@pytest.fixture
def stored(world: World, leaders: object) -> Path:
    assert ask(world)["status"] == "published"
    [folder] = (world.settings.data_dir / "releases" / str(world.study_id)).iterdir()
    return folder


def verify(world: World) -> tuple[int, str]:
    return daybook(world.settings, "release", "verify", world.study_id, "1")


def test_what_was_published_is_verified_again(world: World, stored: Path) -> None:
    status, said = verify(world)
    assert (status, WELL in said) == (0, True), said


def test_a_changed_and_a_missing_file_are_named(world: World, stored: Path) -> None:
    path = stored / "entries.csv"
    path.write_bytes(path.read_bytes().replace(b"money_or_budget", b"people_or_budg", 1))
    (stored / "codebook.csv").unlink()
    status, said = verify(world)
    assert status == 1
    assert "entries.csv is not the file that was published" in said
    assert "codebook.csv is missing from the store" in said


def test_a_release_that_was_never_safe_is_found_though_its_hashes_agree(world: World, stored: Path) -> None:
    path = stored / "participants.csv"
    lines = path.read_text().splitlines(keepends=True)
    lonely = lines[1].split(",")[0] + ",alone,alone,alone\r\n"
    path.write_text("".join([lines[0], lonely, *lines[2:]]))
    engine = db.make_engine(world.settings)
    with db.transaction(engine) as session:
        release = session.exec(select(Release)).one()
        release.files = [
            one
            | (
                {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
                if one["name"] == "participants.csv"
                else {}
            )
            for one in release.files
        ]
        session.add(release)
    engine.dispose()
    status, said = verify(world)
    assert (status, "a class of 1 participants is below k = 5" in said) == (1, True), said


def test_a_release_that_is_not_there_or_not_ready_is_refused(world: World, stored: Path) -> None:
    status, said = daybook(world.settings, "release", "verify", world.study_id, "7")
    assert status == 1
    assert "not" in said.lower()
