"""Otto, the operator, changes the master key while leaders write; nobody's contact data is lost by it."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import LargeBinary

from api.audit.service import Actor
from api.core import crypto, db, rewrapping
from api.core.config import Settings
from api.main import create_app
from api.participants import contacts
from api.participants.models import Contact
from api.participants.withdrawal import withdraw
from api.studies.secrets import study_secret
from schemas.participant import WithdrawalScope
from tests.commands import daybook, environment
from tests.databases import ROOT
from tests.importers.files import two_people, write
from tests.importers.house import House
from tests.meta.shape import contents, nothing_stored
from tests.personas import Leader, World
from tests.releases.test_pipeline import ask, table

NEW = "n" * 40
# Re-wraps two at a time and tells after each batch, so that it can be killed in the middle.
SLOW = """
import sys
from api.core import rewrapping
from scripts.cli import keys
rewrapping.BATCH = 2
batch = rewrapping.rewrap_batch
def told(session, keys, column, after):
    if column.table.name == "contact":
        print("batch", flush=True)
        sys.stdin.readline()
    return batch(session, keys, column, after)
rewrapping.rewrap_batch = told
keys.rotate_master()
"""


def renewed(settings: Settings, *old: str) -> Settings:
    """Settings with the new master key."""
    return settings.model_copy(
        update={"master_key": SecretStr(NEW), "old_master_keys": SecretStr(" ".join(old))}
    )


def old_key(settings: Settings) -> str:
    return settings.master_key.get_secret_value()


def rotating(settings: Settings) -> dict[str, str]:
    return {"DAYBOOK_MASTER_KEY": NEW, "DAYBOOK_OLD_MASTER_KEYS": old_key(settings)}


def reachable(world: World, count: int) -> list[Leader]:
    """Leaders with contact data."""
    people = [world.join({}) for _ in range(count)]
    for number, leader in enumerate(people):
        assert leader.put("/v1/me/contact", {"email": f"leo{number}@example.org"}).status_code == 204
    return people


def emails(world: World, settings: Settings, people: list[Leader]) -> list[str | None]:
    with db.reading(world.engine) as session:
        return [contacts.read(session, settings, one.participant_id).email for one in people]


def test_every_key_is_wrapped_anew_and_the_old_master_key_can_go(world: World) -> None:
    people = reachable(world, 3)
    expected = emails(world, world.settings, people)
    with db.transaction(world.engine) as session:
        secret = study_secret(session, world.settings, world.study_id)
    status, said = daybook(world.settings, "keys", "check")
    assert (status, "contact records: 3 can be opened, 0 cannot" in said) == (0, True), said

    assert daybook(world.settings, "keys", "check", DAYBOOK_MASTER_KEY=NEW)[0] == 1
    status, said = daybook(world.settings, "keys", "check", **rotating(world.settings))
    assert (status, "contact: 0 keys under the current master key, 3 under an old one" in said) == (0, True)

    status, said = daybook(world.settings, "keys", "rotate-master", **rotating(world.settings))
    assert (status, "5 data keys were wrapped anew." in said) == (0, True), said
    status, said = daybook(world.settings, "keys", "check", **rotating(world.settings))
    assert "DAYBOOK_OLD_MASTER_KEYS is needed no more" in said
    assert daybook(world.settings, "keys", "check", DAYBOOK_MASTER_KEY=NEW)[0] == 0

    alone = renewed(world.settings)
    assert emails(world, alone, people) == expected
    with db.transaction(world.engine) as session:
        assert study_secret(session, alone, world.study_id) == secret
    counted = [row for row in contents(world.engine)["audit_event"] if "keys.rewrapped" in row]
    assert len(counted) == 3  # contacts, the study, and the key by which addresses are found


def test_a_second_rotation_changes_nothing(world: World) -> None:
    reachable(world, 2)
    daybook(world.settings, "keys", "rotate-master", **rotating(world.settings))
    with nothing_stored(world.engine):
        status, said = daybook(world.settings, "keys", "rotate-master", **rotating(world.settings))
    assert (status, "0 data keys" in said) == (0, True)


def test_a_key_that_nothing_opens_is_left_and_told(world: World) -> None:
    reachable(world, 2)
    with nothing_stored(world.engine):
        status, said = daybook(world.settings, "keys", "rotate-master", DAYBOOK_MASTER_KEY=NEW)
    assert (status, "3 data keys are left as they were" in said) == (1, True), said
    status, said = daybook(world.settings, "keys", "check", DAYBOOK_MASTER_KEY=NEW)
    assert (status, "0 can be opened, 2 cannot" in said) == (1, True), said


def test_a_contact_record_that_was_spoilt_is_told(world: World) -> None:
    leo = reachable(world, 2)[0]
    with db.transaction(world.engine) as session:
        session.get_one(Contact, leo.participant_id).sealed = b"spoilt by a disk"
    status, said = daybook(world.settings, "keys", "check")
    assert (status, "1 can be opened, 1 cannot" in said) == (1, True), said


def test_a_rotation_that_is_killed_goes_on_where_it_was(world: World) -> None:
    people = reachable(world, 7)
    expected = emails(world, world.settings, people)
    both = renewed(world.settings, old_key(world.settings))
    with subprocess.Popen(
        [sys.executable, "-c", SLOW],
        cwd=ROOT,
        env=os.environ | environment(both, DAYBOOK_OLD_MASTER_KEYS=old_key(world.settings)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin
        assert running.stdout
        for _ in range(3):  # a batch begins once the one before is stored
            assert running.stdout.readline() == "batch\n"
            running.stdin.write("go\n")
            running.stdin.flush()
        assert running.stdout.readline() == "batch\n"
        running.kill()
    with db.reading(world.engine) as session:
        (column,) = [one for one in rewrapping.columns() if one.table.name == "contact"]
        halfway = rewrapping.survey(session, both.master_keys, column)
    assert (halfway.current, halfway.old) == (6, 1)
    assert emails(world, both, people) == expected, "the service opens all of them meanwhile"
    status, said = daybook(world.settings, "keys", "rotate-master", **rotating(world.settings))
    assert (status, "1 data keys were wrapped anew." in said) == (0, True)
    assert emails(world, renewed(world.settings), people) == expected


def test_leaders_write_and_leave_while_the_key_is_changed(world: World) -> None:
    people = reachable(world, 12)
    both = renewed(world.settings, old_key(world.settings))
    start = threading.Barrier(3)

    def write_on() -> list[int]:
        start.wait()
        return [
            one.put("/v1/me/contact", {"email": f"new{number}@example.org"}).status_code
            for number, one in enumerate(people[:6])
        ]

    def leave() -> list[int]:
        start.wait()
        return [one.post("/v1/me/withdrawal", {"scope": "erase"}).status_code for one in people[6:]]

    with TestClient(create_app(both), base_url="https://testserver") as renewed_service:
        for one in people:
            one.client = renewed_service
        with ThreadPoolExecutor(2) as pool:
            doing = [pool.submit(write_on), pool.submit(leave)]
            start.wait()
            status, said = daybook(world.settings, "keys", "rotate-master", **rotating(world.settings))
            assert status == 0, said
            assert [set(one.result()) for one in doing] == [{204}, {200}]
    assert daybook(world.settings, "keys", "check", DAYBOOK_MASTER_KEY=NEW)[0] == 0
    wanted = [*(f"new{number}@example.org" for number in range(6)), *[None] * 6]
    assert emails(world, renewed(world.settings), people) == wanted
    left = [row for row in contents(world.engine)["contact"] if "None, None" in row]
    assert len(left) == 6, "a rotation brings no destroyed key back"


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)  # SQLite's writers wait for each other
def test_a_key_that_is_destroyed_between_look_and_change_stays_destroyed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    leo = reachable(world, 1)[0]
    rewrap = crypto.rewrap

    def meanwhile(*given: Any) -> bytes:
        with db.transaction(world.engine) as session:
            withdraw(session, Actor("operator"), leo.participant_id, WithdrawalScope.ERASE)
        return rewrap(*given)

    monkeypatch.setattr(crypto, "rewrap", meanwhile)
    assert daybook(world.settings, "keys", "rotate-master", **rotating(world.settings))[0] == 0
    assert all("None, None" in row for row in contents(world.engine)["contact"])


def test_a_repeated_import_after_a_rotation_finds_everybody_again(
    engine: Any, settings: Settings, tmp_path: Path
) -> None:
    house = House(engine, settings)
    house.take(write(tmp_path, two_people()))
    counts = house.counts()
    status, said = daybook(settings, "keys", "rotate-master", **rotating(settings))
    assert (status, "1 data keys" in said) == (0, True)
    house.settings = renewed(settings)
    house.take(write(tmp_path, two_people()))
    assert house.counts() == counts | {"audit_event": counts["audit_event"] + 1}


def test_a_release_after_a_rotation_keeps_its_recipients_pseudonyms(world: World) -> None:
    people = [world.join() for _ in range(5)]
    for leader in people:
        leader.keeps()
    assert ask(world)["status"] == "published"
    before = {row["participant"] for row in table(world, "participants.csv")}
    daybook(world.settings, "keys", "rotate-master", **rotating(world.settings))
    world.settings = renewed(world.settings)
    assert ask(world)["status"] == "published"
    assert {row["participant"] for row in table(world, "participants.csv")} == before


def test_two_who_ask_at_once_for_a_studys_secret_get_the_same(world: World) -> None:
    def secret(_: int) -> str:
        with db.transaction(world.engine) as session:
            return study_secret(session, world.settings, world.study_id)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(secret, range(16)))) == 1


def test_every_column_of_wrapped_keys_is_known_to_the_rotation() -> None:
    kept_as_bytes = {
        f"{table.name}.{column.name}"
        for table in db.metadata().sorted_tables
        for column in table.columns
        if column.name.endswith("_key") and isinstance(column.type, LargeBinary | db.WrappedKey)
    }
    assert kept_as_bytes == {f"{one.table.name}.{one.name}" for one in rewrapping.columns()}
    assert {"contact.wrapped_key", "study_secret.wrapped_key"} <= kept_as_bytes


def test_contact_data_written_before_stays_readable_to_its_leader(world: World) -> None:
    leo = reachable(world, 1)[0]
    with TestClient(
        create_app(renewed(world.settings, old_key(world.settings))), base_url="https://testserver"
    ) as renewed_service:
        leo.client = renewed_service
        assert leo.get("/v1/me/contact").json()["email"] == "leo0@example.org"
        assert leo.put("/v1/me/contact", {"name": "Leo"}).status_code == 204
        assert leo.get("/v1/me/contact").json()["name"] == "Leo"
