"""Twenty drills: leaders write, a backup is made, some leave, all is lost and restored: who left is not back."""

import random
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import select
from sqlmodel import col

from api.core import db
from api.core.config import Settings
from api.core.ids import new_id
from api.diary.models import EntryRevision
from scripts.backup import making
from scripts.backup.making import back_up
from scripts.backup.restoring import restore
from tests.backup.chest import PASSPHRASE, rows_of, snapshot_in
from tests.journeys.people import enrol
from tests.journeys.phones import Phone, Written
from tests.journeys.server import PATIENCE, Forker, Server
from tests.personas import DECISION, Leader, entry_body

LEADERS = 4
DRILLS = 10  # on each database


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The ledger lies on another disk; scrypt is not what a drill is about."""
    monkeypatch.setattr(making, "WORK", 2)
    return settings.model_copy(update={"ledger": str(tmp_path / "other disk" / "ledger")})


def client(server: Server, leader: Leader) -> httpx.Client:
    """Ask a running server as one leader."""
    return httpx.Client(base_url=server.url, headers=leader.headers, timeout=10, trust_env=False)


def write_until(phones: list[Phone], count: int) -> set[Written]:
    """Wait until every phone holds so many receipts; return all that are held by then."""
    until = time.monotonic() + PATIENCE
    while any(len(phone.acknowledged) < count for phone in phones):
        assert time.monotonic() < until, "The phones get no receipts."
        time.sleep(0.005)
    return {written for phone in phones for written in list(phone.acknowledged)}


def stored(settings: Settings) -> set[Written]:
    """Return every version of every entry that a database holds."""
    engine = db.make_engine(settings)
    columns = (EntryRevision.entry_id, EntryRevision.version, EntryRevision.content_hash)
    with db.reading(engine) as session:
        found = {(row[0], row[1], row[2]) for row in session.execute(select(*map(col, columns)))}
    engine.dispose()
    return found


def lose_everything(settings: Settings) -> None:
    """Lose the disk: database, queue, release files."""
    shutil.rmtree(settings.data_dir)
    if not settings.is_sqlite:
        base, _, query = settings.database_url.partition("?")
        server, _, name = base.rpartition("/")
        with psycopg.connect(f"{server}/postgres?{query}", autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name}".encode())


def without(rows: dict[str, list[str]], words: Iterable[str]) -> dict[str, list[str]]:
    """Leave out the rows that are about somebody or something."""
    left_out = (*words, "backup.restored", "BACKUP_RESTORED")
    return {
        table: [row for row in found if not any(word in row for word in left_out)]
        for table, found in rows.items()
    }


@pytest.mark.parametrize("drill", range(DRILLS))
def test_a_drill(settings: Settings, forker: Forker, tmp_path: Path, drill: int) -> None:
    chance = random.Random(drill)
    canary = f"Canary {drill} zqjx about the merger"
    leaders = enrol(settings, LEADERS)
    gone, deleting = chance.sample(leaders, 2)
    erased, deleted = str(new_id()), str(new_id())
    backup = tmp_path / "daybook.backup"
    with (
        Server(settings, forker.launch) as server,
        client(server, gone) as leaves,
        client(server, deleting) as deletes,
    ):
        phones = [Phone(server.url, leader.token, seed) for seed, leader in enumerate(leaders)]
        text = entry_body(DECISION | {"headline": canary})
        assert leaves.put(f"/v1/entries/{erased}", json=text).status_code == 201
        assert deletes.put(f"/v1/entries/{deleted}", json=text).status_code == 201
        assert leaves.put("/v1/me/contact", json={"email": f"canary{drill}@example.org"}).status_code == 204
        for phone in phones:
            phone.start()
        promised = write_until(phones, chance.randint(1, 20))
        back_up(settings, backup, PASSPHRASE)
        meanwhile = {written for phone in phones for written in list(phone.acknowledged)} - promised
        assert deletes.delete(f"/v1/entries/{deleted}").status_code == 204
        phones[leaders.index(gone)].stop()
        assert leaves.post("/v1/me/withdrawal", json={"scope": "erase"}).status_code == 200
        for phone in phones:
            phone.stop()
    assert meanwhile, "Nobody wrote while the backup was made."

    with snapshot_in(backup, settings, tmp_path) as snapshot:
        assert promised <= stored(snapshot)
        wanted = rows_of(snapshot)
    assert canary in str(wanted)
    lose_everything(settings)
    done = restore(settings, backup, PASSPHRASE)
    assert done.redone == {"participant.withdrew": 1, "entry.deleted": 1}
    assert done.manifest.tables == {table: len(rows) for table, rows in wanted.items()}

    rows = rows_of(settings)
    theirs = {str(entry) for entry, _ in phones[leaders.index(gone)].sent}
    about = [str(gone.participant_id), gone.participant_id.hex, deleted, erased, *theirs]
    assert without(rows, about) == without(wanted, about)
    assert canary not in str(rows)
    for path in settings.data_dir.rglob("*"):
        assert not path.is_file() or canary.encode() not in path.read_bytes(), path
    with (
        Server(settings, forker.launch) as server,
        client(server, gone) as leaves,
        client(server, deleting) as deletes,
    ):
        assert leaves.get("/v1/me").status_code == 401
        assert deletes.put(f"/v1/entries/{deleted}", json=text).status_code == 410
        assert deletes.put(f"/v1/entries/{new_id()}", json=entry_body()).status_code == 201
