"""What was backed up comes back, on a new machine or in the place of what is there."""

import io
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, inspect
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core import db
from api.core.config import Settings
from api.core.jobs import JobContext
from api.core.ledger import Ledger
from api.main import create_app
from api.participants import contacts
from api.releases import build
from scripts.backup.archive import add
from scripts.backup.container import Writer
from scripts.backup.facts import Manifest, counts
from scripts.backup.making import back_up
from scripts.backup.refusals import NotDone
from scripts.backup.restoring import restore
from tests.backup.chest import PASSPHRASE, files_of, rows_in, rows_of, unpack
from tests.databases import PG_BIN, copy_sqlite, downgrade, make_settings, upgrade
from tests.personas import DECISION, PROFILE, Leader, World

SECRET = "Whether to close the library in Ambridge"


@pytest.fixture
def leo(world: World, engine: Engine) -> Leader:
    """A leader with a diary and an address; nobody is connected when the test begins."""
    leo = world.join()
    assert leo.keeps(answers=DECISION | {"headline": SECRET}).status_code == 201
    leo.put("/v1/me/contact", {"email": "leo@example.org"})
    return leo


def release_one(world: World) -> None:
    """Publish a release of twelve leaders."""
    for _ in range(12):
        assert world.join(PROFILE).keeps().status_code == 201
    asked = world.olivia.post(f"{world.path}/releases", {"recipient": "Dr Ana", "purpose": "themes"})
    build.build(JobContext(world.settings, "test"), asked.json()["id"])


def dumped(settings: Settings) -> bytes:
    """Return a database that nobody is connected to, as bytes."""
    if settings.is_sqlite:
        return (settings.data_dir / "daybook.sqlite3").read_bytes()
    return subprocess.run(
        [f"{PG_BIN}/pg_dump", "-Fc", settings.database_url], capture_output=True, check=True
    ).stdout


def disconnect(world: World) -> None:
    """Let go of every connection, as a service that was stopped has."""
    world.engine.dispose()
    world.client.app.state.engine.dispose()  # type: ignore[attr-defined] # the application's own


def test_a_backup_comes_back_on_a_new_machine(
    world: World, leo: Leader, place: Settings, tmp_path: Path
) -> None:
    before, backup = rows_of(world.settings), tmp_path / "daybook.backup"
    made = back_up(world.settings, backup, PASSPHRASE)
    assert SECRET in str(before["entry_revision"])
    assert rows_in(backup, world.settings, tmp_path) == before
    done = restore(place, backup, PASSPHRASE)
    after = rows_of(place)
    assert set(after.pop("audit_event")) - set(before["audit_event"]) != set()
    assert after == {name: rows for name, rows in before.items() if name != "audit_event"}
    assert done.manifest.tables == made.tables == {name: len(rows) for name, rows in before.items()}
    assert done.header == made.header
    engine = db.make_engine(place)
    with db.reading(engine) as session:
        assert contacts.read(session, place, leo.participant_id).email == "leo@example.org"
        restored = select(AuditEvent).where(AuditEvent.event == Event.BACKUP_RESTORED)
        assert len(session.exec(restored).all()) == 1
    engine.dispose()
    with TestClient(create_app(place), base_url="https://testserver") as client:
        again = Leader(client, leo.token)
        assert len(again.get("/v1/entries").json()["entries"]) == 1
        assert again.keeps().status_code == 201


def test_it_replaces_what_is_there_only_if_told_to(world: World, leo: Leader, tmp_path: Path) -> None:
    backup = tmp_path / "daybook.backup"
    back_up(world.settings, backup, PASSPHRASE)
    before = rows_of(world.settings)
    leo.keeps()
    disconnect(world)
    later = rows_of(world.settings)
    assert later != before
    with pytest.raises(NotDone, match="--replace"):
        restore(world.settings, backup, PASSPHRASE)
    assert rows_of(world.settings) == later
    queue = world.settings.data_dir / "jobs.sqlite3"
    queue.parent.mkdir(exist_ok=True)
    queue.write_text("every job is done")  # which is not true of the rows that come back
    restore(world.settings, backup, PASSPHRASE, replace=True)
    after = rows_of(world.settings)
    assert after["entry"] == before["entry"]
    assert after["entry_revision"] == before["entry_revision"]
    assert not (world.settings.is_sqlite and queue.exists())


def test_a_migrated_database_without_rows_counts_as_empty(
    world: World, leo: Leader, settings: Settings, tmp_path: Path
) -> None:
    backup = tmp_path / "daybook.backup"
    back_up(settings, backup, PASSPHRASE)
    disconnect(world)
    downgrade(settings)
    upgrade(settings)
    restore(settings, backup, PASSPHRASE)
    assert len(rows_of(settings)["entry"]) == 1


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    world: World, leo: Leader, place: Settings, tmp_path: Path
) -> None:
    mark = Ledger(world.settings).mark()
    disconnect(world)
    downgrade(world.settings, "0001")
    engine = db.make_engine(world.settings)
    tables = set(inspect(engine).get_table_names()) - {"alembic_version"}
    with db.reading(engine) as session:
        manifest = Manifest(tables=counts(session, tables), files={}, ledger=mark)
    engine.dispose()
    assert tables < set(db.metadata().tables)
    kind = "sqlite" if place.is_sqlite else "postgresql"
    header = {"daybook": "0.0.1", "database": kind, "migration": "0001", "made_at": "2026-01-01T00:00:00Z"}
    with (tmp_path / "old.backup").open("wb") as file:
        writer = Writer(file, PASSPHRASE, header, 2)
        add(writer, "manifest", io.BytesIO(manifest.model_dump_json().encode()))
        add(writer, "database", io.BytesIO(dumped(world.settings)))
        writer.finish()
    restore(place, tmp_path / "old.backup", PASSPHRASE)
    with TestClient(create_app(place), base_url="https://testserver") as client:
        assert client.get("/health/ready").status_code == 200
        assert len(Leader(client, leo.token).get("/v1/entries").json()["entries"]) == 1


def test_a_service_that_runs_is_not_replaced_under_its_feet(
    world: World, leo: Leader, tmp_path: Path
) -> None:
    backup = tmp_path / "daybook.backup"
    back_up(world.settings, backup, PASSPHRASE)
    before = rows_of(world.settings)
    with pytest.raises(NotDone, match="Stop the service"):
        restore(world.settings, backup, PASSPHRASE, replace=True)
    assert leo.keeps().status_code == 201
    assert len(rows_of(world.settings)["entry"]) == len(before["entry"]) + 1


def test_release_files_come_back_with_their_release(world: World, place: Settings, tmp_path: Path) -> None:
    release_one(world)
    address = f"{world.path}/releases/1/entries.csv"
    published = world.ana.get(address)
    assert published.status_code == 200
    backup = tmp_path / "daybook.backup"
    made = back_up(world.settings, backup, PASSPHRASE)
    assert made.files == len(files_of(world.settings.data_dir / "releases")) > 3
    assert restore(place, backup, PASSPHRASE).files == made.files
    assert files_of(place.data_dir / "releases") == files_of(world.settings.data_dir / "releases")
    with TestClient(create_app(place), base_url="https://testserver") as client:
        found = client.get(address, headers=world.ana.headers)
        assert found.content == published.content


def test_a_damaged_release_file_is_named_and_the_rest_is_kept(world: World, tmp_path: Path) -> None:
    release_one(world)
    found = sorted((world.settings.data_dir / "releases").rglob("*.csv"))
    found[0].write_text("changed")
    found[1].unlink()
    made = back_up(world.settings, tmp_path / "daybook.backup", PASSPHRASE)
    assert [name.rsplit("/", 1)[-1] for name in sorted(made.damaged)] == [one.name for one in found[:2]]
    assert (
        len([name for name in unpack(tmp_path / "daybook.backup") if name.startswith("files/")]) == made.files
    )


def test_the_file_tells_nothing_of_the_diary(world: World, leo: Leader, tmp_path: Path) -> None:
    backup = tmp_path / "daybook.backup"
    back_up(world.settings, backup, PASSPHRASE)
    whole = backup.read_bytes()
    for secret in (SECRET, str(leo.participant_id), leo.participant_id.hex, "leo@example.org", "m" * 40):
        assert secret.encode() not in whole
    assert "m" * 40 not in str(unpack(backup))
    assert backup.stat().st_mode & 0o077 == 0


def test_nothing_is_left_beside_it(world: World, leo: Leader, place: Settings, tmp_path: Path) -> None:
    disconnect(world)
    before = set(files_of(world.settings.data_dir))
    (tmp_path / "out").mkdir()
    back_up(world.settings, tmp_path / "out" / "daybook.backup", PASSPHRASE)
    restore(place, tmp_path / "out" / "daybook.backup", PASSPHRASE)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["daybook.backup"]
    assert {name for name in files_of(world.settings.data_dir) if "backing" in name} == set()
    left = {"daybook.sqlite3-wal", "daybook.sqlite3-shm", "withdrawals.ledger"}
    assert set(files_of(world.settings.data_dir)) - before <= left
    assert set(files_of(place.data_dir)) <= {"daybook.sqlite3"}


def test_a_stale_log_beside_a_lost_database_does_not_meet_the_new_one(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path / "data")
    copy_sqlite(migrated_sqlite, settings.data_dir)
    back_up(settings, tmp_path / "daybook.backup", PASSPHRASE)
    path = settings.data_dir / "daybook.sqlite3"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("CREATE TABLE late (a)")
        writer.commit()
        log = path.with_name(path.name + "-wal").read_bytes()
    assert log
    path.unlink()
    path.with_name(path.name + "-wal").write_bytes(log)
    restore(settings, tmp_path / "daybook.backup", PASSPHRASE)
    with closing(sqlite3.connect(path)) as found:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert found.execute("SELECT count(*) FROM sqlite_master WHERE name = 'late'").fetchone() == (0,)
