"""What cannot be backed up or restored is refused with a sentence, and leaves everything as it was."""

import io
import json
import random
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.core.config import Settings
from scripts.backup import facts
from scripts.backup.archive import add
from scripts.backup.container import Writer
from scripts.backup.making import back_up
from scripts.backup.places import workroom
from scripts.backup.refusals import NotDone
from scripts.backup.restoring import restore
from tests.backup.chest import PASSPHRASE, files_of
from tests.databases import OLD_PG_BIN
from tests.personas import World


@pytest.fixture
def backup(world: World, tmp_path: Path) -> Path:
    """A backup with an entry in it."""
    leo = world.join()
    assert leo.keeps().status_code == 201
    leo.put("/v1/me/contact", {"email": "leo@example.org"})
    file = tmp_path / "daybook.backup"
    back_up(world.settings, file, PASSPHRASE)
    return file


def refused(place: Settings, file: Path, passphrase: str = PASSPHRASE) -> str:
    """Restore in vain, into a place that must stay as it is; return the sentence."""
    before = files_of(place.data_dir) if place.data_dir.exists() else {}
    with pytest.raises(NotDone) as told:
        restore(place, file, passphrase)
    assert (files_of(place.data_dir) if place.data_dir.exists() else {}) == before
    return str(told.value)


def forged(file: Path, settings: Settings, header: dict[str, object], manifest: dict[str, object]) -> Path:
    """Write a backup that says something else of itself."""
    sound = facts.Manifest(tables={}, files={}, ledger="").model_dump()
    kind = "sqlite" if settings.is_sqlite else "postgresql"
    said = {"daybook": "9.0", "database": kind, "migration": "0001", "made_at": "2026-11-22T12:00:00Z"}
    with file.open("wb") as out:
        writer = Writer(out, PASSPHRASE, said | header, 2)
        add(writer, "manifest", io.BytesIO(json.dumps(sound | manifest).encode()))
        writer.finish()
    return file


def test_a_backup_cut_short_anywhere_restores_nothing(backup: Path, place: Settings, tmp_path: Path) -> None:
    whole, chance = backup.read_bytes(), random.Random(1)
    for cut in [0, 10, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(50))]:
        broken = tmp_path / "cut.backup"
        broken.write_bytes(whole[:cut])
        assert refused(place, broken), cut


def test_a_backup_with_a_changed_byte_restores_nothing(backup: Path, place: Settings, tmp_path: Path) -> None:
    whole, chance = backup.read_bytes(), random.Random(2)
    for at in [*range(0, 400, 7), *(chance.randrange(len(whole)) for _ in range(50))]:
        changed = bytearray(whole)
        changed[at] ^= 1
        broken = tmp_path / "changed.backup"
        broken.write_bytes(changed)
        assert refused(place, broken), at


def test_a_wrong_passphrase(backup: Path, place: Settings) -> None:
    assert "passphrase does not open" in refused(place, backup, "six other words make another one")


def test_no_file_and_another_file(place: Settings, tmp_path: Path) -> None:
    assert "There is no file" in refused(place, tmp_path / "missing")
    (tmp_path / "other").write_text("hello")
    assert "not a Daybook backup" in refused(place, tmp_path / "other")


def test_a_newer_schema(place: Settings, tmp_path: Path) -> None:
    newer = forged(tmp_path / "newer.backup", place, {"migration": "9999"}, {})
    assert "Upgrade Daybook first" in refused(place, newer)


def test_another_kind_of_database(place: Settings, tmp_path: Path) -> None:
    kind = "postgresql" if place.is_sqlite else "sqlite"
    assert "kind of database" in refused(place, forged(tmp_path / "b", place, {"database": kind}, {}))


def test_a_header_or_a_manifest_that_makes_no_sense(place: Settings, tmp_path: Path) -> None:
    assert "not understood" in refused(place, forged(tmp_path / "b", place, {"made_at": "yesterday"}, {}))
    assert "not understood" in refused(place, forged(tmp_path / "b", place, {}, {"tables": 3}))


def test_another_master_key(backup: Path, place: Settings) -> None:
    other = place.model_copy(update={"master_key": SecretStr("n" * 40)})
    told = refused(other, backup)
    assert "DAYBOOK_MASTER_KEY" in told
    assert "nnn" not in told


def test_a_passphrase_that_could_be_guessed(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="at least 16 characters"):
        back_up(world.settings, tmp_path / "daybook.backup", "fifteen letters")
    assert not (tmp_path / "daybook.backup").exists()


def test_a_file_that_exists_is_not_replaced(world: World, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(NotDone, match="exists already"):
        back_up(world.settings, backup, PASSPHRASE)
    assert backup.read_bytes() == before


def test_a_folder_or_a_database_that_is_not_there(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="no folder"):
        back_up(world.settings, tmp_path / "missing" / "daybook.backup", PASSPHRASE)
    url = world.settings.database_url
    nowhere = {"data_dir": tmp_path / "new", "database_url": url.replace("/test_", "/missing_")}
    with pytest.raises(NotDone, match=r"The database refused|There is no database"):
        back_up(world.settings.model_copy(update=nowhere), tmp_path / "daybook.backup", PASSPHRASE)


def test_a_database_that_waits_for_a_migration(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "expected_migration", lambda: "9999")
    with pytest.raises(NotDone, match="daybook migrate"):
        back_up(world.settings, tmp_path / "daybook.backup", PASSPHRASE)
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


def test_two_at_once(world: World, tmp_path: Path) -> None:
    with workroom(world.settings), pytest.raises(NotDone, match="Another backup"):
        back_up(world.settings, tmp_path / "daybook.backup", PASSPHRASE)


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_programs_that_are_missing_or_too_old(world: World, tmp_path: Path) -> None:
    for folder, told in (
        (str(tmp_path), "pg_dump was not found"),
        (OLD_PG_BIN, "PostgreSQL 16, the server is 18"),
    ):
        with pytest.raises(NotDone, match=told):
            back_up(
                world.settings.model_copy(update={"pg_bin": folder}), tmp_path / "daybook.backup", PASSPHRASE
            )


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_program_that_fails_says_so(backup: Path, place: Settings) -> None:
    old = place.model_copy(update={"pg_bin": OLD_PG_BIN})
    assert "unsupported version" in refused(old, backup)
