"""Olga, the operator, backs up and restores at the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.audit.events import Event
from api.core.config import Settings
from scripts.backup import making
from scripts.backup.container import WORK
from scripts.cli.main import app
from tests.backup.chest import PASSPHRASE, rows_of
from tests.journeys.server import environment
from tests.personas import World


def daybook(settings: Settings, *words: object, passphrase: str | None = PASSPHRASE, typed: str = "") -> str:
    """Run a command as the operator of these settings; return everything that it said."""
    given = environment(settings) | ({"DAYBOOK_BACKUP_PASSPHRASE": passphrase} if passphrase else {})
    ran = CliRunner().invoke(app, [str(word) for word in words], env=given, input=typed)
    return f"{ran.exit_code} {' '.join(ran.output.split())}"


def test_a_backup_and_a_restore(world: World, place: Settings, tmp_path: Path) -> None:
    world.join().keeps()
    file = tmp_path / "daybook.backup"
    said = daybook(world.settings, "backup", file)
    assert said.startswith("0 ")
    assert "read back" in said
    assert str(Event.BACKUP_MADE) in str(rows_of(world.settings)["audit_event"])
    said = daybook(place, "restore", file)
    assert said.startswith("0 Restored as it was at 20")
    assert len(rows_of(place)["entry"]) == 1
    assert str(Event.BACKUP_RESTORED) in str(rows_of(place)["audit_event"])


def test_the_passphrase_from_a_file_and_from_a_question(
    world: World, place: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "WORK", WORK)  # once as an operator has it
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    file = tmp_path / "daybook.backup"
    said = daybook(world.settings, "backup", file, passphrase=None, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert said.startswith("0 ")
    assert PASSPHRASE not in said
    asked = daybook(place, "restore", file, "--passphrase-file", tmp_path / "passphrase", passphrase=None)
    assert asked.startswith("0 ")
    missing = daybook(place, "restore", file, "--passphrase-file", tmp_path / "none", passphrase=None)
    assert missing.startswith("1 Nothing was restored, nothing was changed.")


def test_a_refusal_is_a_sentence_and_a_status(world: World, tmp_path: Path) -> None:
    said = daybook(world.settings, "backup", tmp_path / "b", passphrase="short")
    assert said.startswith("1 No backup was made. The passphrase is too short")
    assert str(Event.BACKUP_MADE) not in str(rows_of(world.settings)["audit_event"])


def test_no_option_takes_a_passphrase() -> None:
    for command in ("backup", "restore"):
        shown = CliRunner().invoke(app, [command, "--help"]).output
        assert "--passphrase-file" in shown
        assert "--passphrase " not in shown


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_the_database_s_password_is_on_no_command_line(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(
            f'#!/bin/sh\n[ "$1" = --version ] || echo "$@ / $PGPASSWORD" >{tmp_path}/asked\n'
            f'exec {world.settings.pg_bin}/{name} "$@"\n'
        )
        (folder / name).chmod(0o755)
    url = world.settings.database_url.replace("postgres:@", "postgres:hidden@")
    assert "hidden" in url
    settings = world.settings.model_copy(update={"database_url": url, "pg_bin": str(folder)})
    daybook(settings, "backup", tmp_path / "daybook.backup")
    arguments, _, password = (tmp_path / "asked").read_text().partition(" / ")
    assert "hidden" not in arguments
    assert password == "hidden\n"
