"""kill -9 and a full disk, at every step: the target is as it was, or the backup is whole in its place."""

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.core.config import Settings
from scripts.backup.making import back_up
from scripts.backup.restoring import restore
from tests.backup.by_itself import ORDER
from tests.backup.chest import PASSPHRASE, rows_of, unpack
from tests.journeys.server import PATIENCE, Forker, environment
from tests.personas import PROFILE, World

Rows = dict[str, list[str]]
RESTORING = [
    ("scripts.backup.restoring", "_lines", "after", "untouched"),
    ("scripts.backup.restoring", "_make_ready", "before", "untouched"),
    ("scripts.backup.restoring", "_make_ready", "after", "untouched"),
]
SWITCHING = {
    "sqlite": [
        ("scripts.backup.sqlite", "_forget_jobs", "after", "untouched"),
        ("scripts.backup.sqlite", "sync_folder", "before", "whole"),
        ("scripts.backup.sqlite", "Target.release", "before", "whole"),
    ],
    "postgresql": [
        ("scripts.backup.postgres", "Target.switch", "before", "untouched"),
        ("scripts.backup.postgres", "Target.switch", "after", "whole"),
        ("scripts.backup.postgres", "Target.release", "before", "whole"),
    ],
}
MAKING = [
    ("scripts.backup.making", "_write", "before"),
    ("scripts.backup.making", "_add_files", "before"),
    ("scripts.backup.making", "_read_back", "after"),
]


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    made = Forker()
    yield made
    made.close()


@pytest.fixture
def backup(world: World, tmp_path: Path) -> Path:
    """A backup with a release in it, of a database that went on, and that nobody is connected to."""
    for _ in range(2):
        assert world.join(PROFILE).keeps().status_code == 201
    file = tmp_path / "daybook.backup"
    back_up(world.settings, file, PASSPHRASE)
    assert world.join(PROFILE).keeps().status_code == 201
    world.engine.dispose()
    world.client.app.state.engine.dispose()  # type: ignore[attr-defined] # the application's own
    return file


def by_itself(forker: Forker, settings: Settings, log: Path, **order: Any) -> str:
    """Run one order in a process of its own to its end, whatever that is; return what it said."""
    log.unlink(missing_ok=True)
    pid = forker.launch(
        "tests.backup.by_itself", 0, environment(settings) | {ORDER: json.dumps(order, default=str)}, log
    )
    until = time.monotonic() + PATIENCE
    while lives(pid):
        assert time.monotonic() < until
        time.sleep(0.005)
    return log.read_text() if log.exists() else ""


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def untouched_or_whole(settings: Settings, before: Rows, backup_entries: int) -> str:
    """Say which of the two a target is; fail if it is neither."""
    rows = rows_of(settings)
    if rows == before:
        return "untouched"
    assert len(rows["entry"]) == backup_entries
    assert "backup.restored" in str(rows["audit_event"])
    return "whole"


def leftovers(settings: Settings) -> list[str]:
    """Return what a killed restore has left."""
    if settings.is_sqlite:
        return [path.name for path in settings.data_dir.iterdir() if "restoring" in path.name]
    base, _, query = settings.database_url.partition("?")
    server, _, name = base.rpartition("/")
    with psycopg.connect(f"{server}/postgres?{query}") as admin:
        found = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}\\_%"])
        return [row[0] for row in found]


def test_a_restore_that_is_killed_leaves_the_target_or_the_backup(
    world: World, backup: Path, forker: Forker, tmp_path: Path
) -> None:
    settings, log, chance = world.settings, tmp_path / "said", random.Random(7)
    steps = RESTORING + SWITCHING["sqlite" if settings.is_sqlite else "postgresql"]
    for module, name, when, wanted in steps:
        before = rows_of(settings)
        dies = {"module": module, "name": name, "when": when}
        assert by_itself(forker, settings, log, do="restore", file=backup, dies=dies) == "", name
        assert untouched_or_whole(settings, before, 2) == wanted, name
    for _ in range(6):
        before = rows_of(settings)
        by_itself(forker, settings, log, do="restore", file=backup, after=chance.uniform(0.01, 0.4))
        untouched_or_whole(settings, before, 2)
    restore(settings, backup, PASSPHRASE, replace=True)
    assert untouched_or_whole(settings, before, 2) == "whole"
    assert leftovers(settings) == []


def test_a_backup_that_is_killed_leaves_no_backup_and_does_not_stand_in_the_way(
    world: World, backup: Path, forker: Forker, tmp_path: Path
) -> None:
    file = tmp_path / "second.backup"
    before = rows_of(world.settings)
    for step in MAKING:
        order = {"dies": dict(zip(("module", "name", "when"), step, strict=True))}
        assert by_itself(forker, world.settings, tmp_path / "said", do="backup", file=file, **order) == ""
        assert not file.exists()
    assert by_itself(forker, world.settings, tmp_path / "said", do="backup", file=file) == "Done.\n"
    assert sorted(unpack(file))[:2] == ["database", "manifest"]
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []
    assert not (world.settings.data_dir / "backing-up").exists()
    assert rows_of(world.settings) == before


def test_a_full_disk_while_backing_up(world: World, backup: Path, forker: Forker, tmp_path: Path) -> None:
    whole = backup.stat().st_size
    for room in (2_000, whole // 3, whole - 2_000):
        file = tmp_path / "second.backup"
        said = by_itself(forker, world.settings, tmp_path / "said", do="backup", file=file, room=room)
        assert said.startswith("Not done: The "), said
        assert [path.name for path in tmp_path.iterdir() if "second" in path.name] == []
        assert not (world.settings.data_dir / "backing-up").exists()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # PostgreSQL's disk is its server's
def test_a_full_disk_while_restoring(world: World, backup: Path, forker: Forker, tmp_path: Path) -> None:
    before, size = rows_of(world.settings), len(unpack(backup)["database"])
    for room in (2_000, size // 2, size - 2_000):
        said = by_itself(forker, world.settings, tmp_path / "said", do="restore", file=backup, room=room)
        assert said.startswith("Not done: The "), said
        assert rows_of(world.settings) == before
        assert leftovers(world.settings) == []
