"""Migrations go up, down and up again on a database with people in it, and say what the models say."""

import subprocess
import sys

import pytest
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi.testclient import TestClient
from sqlalchemy import Engine, inspect

from api.core import db
from api.core.config import Settings
from api.core.health import expected_migration
from tests.databases import ROOT, Postgres, downgrade, make_settings, upgrade
from tests.meta.shape import contents
from tests.personas import World

# Says when it is loaded, waits for its start signal, then migrates: two of them start at the same moment.
RACER = """
import sys
from pathlib import Path
from tests.databases import make_settings, upgrade
settings = make_settings(Path(sys.argv[1]), sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
upgrade(settings)
"""


def revisions() -> list[str]:
    """Return all revisions, newest first."""
    return [script.revision for script in _scripts().walk_revisions()]


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini")))


def test_there_is_one_head_and_it_is_the_one_that_the_probe_expects() -> None:
    assert _scripts().get_heads() == [revisions()[0]] == [expected_migration()]


def test_down_and_up_again_leaves_a_usable_database(world: World, client: TestClient) -> None:
    leo, lena = world.join(), world.join()
    leo.keeps()
    leo.put("/v1/me/contact", {"email": "leo@example.org"})
    lena.keeps()
    assert lena.post("/v1/me/withdrawal", {"scope": "erase"}).status_code == 200
    kept = {name for name, rows in contents(world.engine).items() if rows}
    assert {"study", "participant", "entry", "entry_tombstone", "withdrawal", "contact"} <= kept
    for _ in revisions():
        downgrade(world.settings, "-1")
        upgrade(world.settings, "+1")  # with everybody of the older revisions still there
        downgrade(world.settings, "-1")
    assert inspect(world.engine).get_table_names() == ["alembic_version"]
    for _ in revisions():
        upgrade(world.settings, "+1")
    assert not any(contents(world.engine).values())
    again = World(client, world.engine, world.settings, "After the migration")
    mia = again.join()
    assert mia.keeps().status_code == 201
    assert mia.post("/v1/me/withdrawal", {"scope": "erase"}).status_code == 200


def test_upgrading_again_keeps_everything(world: World) -> None:
    world.join().keeps()
    before = contents(world.engine)
    upgrade(world.settings)
    assert contents(world.engine) == before
    assert len(before["entry"]) == 1


def test_the_migrations_make_what_the_models_say(settings: Settings, engine: Engine) -> None:
    config = Config(str(ROOT / "alembic.ini"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)
        assert MigrationContext.configure(connection).get_current_revision() == expected_migration()


def test_every_constraint_and_index_has_a_name_of_ours(engine: Engine) -> None:
    found, names = inspect(engine), []
    tables = set(found.get_table_names()) - {"alembic_version"}
    assert tables == {table.name for table in db.metadata().tables.values()}
    for table in tables:
        names += [("pk_", found.get_pk_constraint(table)["name"])]
        names += [("fk_", key["name"]) for key in found.get_foreign_keys(table)]
        names += [("uq_", unique["name"]) for unique in found.get_unique_constraints(table)]
        names += [("ck_", check["name"]) for check in found.get_check_constraints(table)]
        names += [("", index["name"]) for index in found.get_indexes(table)]
    assert len(names) > 40
    for prefix, name in names:
        assert name, f"a constraint without a name, wanted {prefix}..."
        assert name.startswith(prefix or ("ix_", "uq_")), name


@pytest.mark.parametrize("round_", range(3))
def test_two_processes_may_migrate_at_once(
    postgres: Postgres, round_: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("race")
    with postgres.copy("template1") as url:
        racers = [
            subprocess.Popen(
                [sys.executable, "-c", RACER, str(folder), url],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for racer in racers:
            assert racer.stdout
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin
            racer.stdin.write("go\n")
            racer.stdin.flush()
        ends = [racer.communicate() for racer in racers]
        assert [racer.returncode for racer in racers] == [0, 0], ends
        engine = db.make_engine(make_settings(folder, url))
        assert "entry" in inspect(engine).get_table_names()
        engine.dispose()
