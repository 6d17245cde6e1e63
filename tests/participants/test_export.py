"""Leo asks for everything that is held about him, and gets all of it, and nothing of anybody else."""

import json
import tracemalloc
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlmodel import select

from api.audit.models import AuditEvent
from api.core import clock, db
from api.core.ids import new_id
from api.diary.models import EntryRevision
from api.participants import telling
from tests.commands import daybook
from tests.meta.shape import nothing_stored, refused
from tests.participants.test_erasure_everywhere import BEFORE, BIRDS, DEVICE, EDITED, tell_everything
from tests.participants.test_withdrawal import full, withdraw
from tests.personas import DECISION, Leader, World
from tests.releases.test_pipeline import ask


def exported(leader: Leader) -> dict[str, Any]:
    answer = leader.get("/v1/me/export")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert list(found)[-1] == "complete"
    assert found["complete"] is True
    return found


def test_leo_gets_all_that_he_gave(world: World) -> None:
    leo, _ = tell_everything(world)
    found = exported(leo)
    assert found["participant_id"] == str(leo.participant_id)
    assert [one["status"] for one in found["participant"]] == ["enrolled"]
    assert [one["email"] for one in found["contact"]] == [BIRDS[1]]
    assert [one["name"] for one in found["devices"]] == [DEVICE]
    assert [one["statements"]["share"] for one in found["consents"]] == [True]
    sectors = [(one["value"], bool(one["valid_to"])) for one in found["profile"] if one["key"] == "sector"]
    assert sorted(sectors) == [("central_gov", False), ("third_sector", True)], "the history too"
    assert [one["version"] for one in found["entries"]] == [1, 2]
    assert [one["entry"]["answers"]["learning"] for one in found["entries"]] == [BEFORE, EDITED]
    assert len(found["deleted_entries"]) == 1
    names = [one["event"] for one in found["events"]]
    assert {"participant.invited", "participant.enrolled", "contact.changed", "profile.changed"} <= set(names)
    assert all(one["meaning"].endswith(".") for one in found["events"])


def test_releases_and_withdrawals_are_told(world: World) -> None:
    leo, _ = full(world)
    for _ in range(4):
        world.join().keeps()
    assert ask(world)["status"] == "published"
    receipt = withdraw(leo, "out_of_releases").json()
    found = exported(leo)
    assert [(one["number"], one["recipient"]) for one in found["releases"]] == [(1, "Dr Ana Analyst")]
    assert [one["receipt"] for one in found["withdrawals"]] == [receipt]
    assert [one["occasion"] for one in found["prompts"]] == ["monday"]
    assert len(found["entries"]) == 3


def test_nothing_of_anybody_else_is_told(world: World) -> None:
    leo, lena = world.join(), world.join()
    leo.keeps(answers=DECISION | {"headline": "Leo's"})
    lena.keeps(answers=DECISION | {"headline": "Lena's"})
    lena.put("/v1/me/contact", {"email": "lena@example.org"})
    withdraw(lena, "stop_prompts")
    text = leo.get("/v1/me/export").text
    with db.reading(world.engine) as session:
        staff = {str(row.actor_id) for row in session.exec(select(AuditEvent)) if row.actor_kind == "staff"}
    assert staff
    for other in (str(lena.participant_id), lena.device_id, "Lena", "lena@example.org", *staff):
        assert other not in text
    assert "Leo's" in text


def test_secrets_are_not_told(world: World) -> None:
    leo, _ = tell_everything(world)
    text = leo.get("/v1/me/export").text
    with world.engine.connect() as connection:
        hashes = [
            row[0]
            for query in ("SELECT refresh_hash FROM device", "SELECT code_hash FROM invitation")
            for row in connection.exec_driver_sql(query)
        ]
    assert len(hashes) > 2
    assert not [one for one in hashes if one in text]
    assert "wrapped" not in text


def test_each_export_is_audited_and_changes_nothing_else(world: World) -> None:
    leo, _ = full(world)
    with nothing_stored(world.engine, but=["audit_event"]):
        exported(leo)
    assert [one["event"] for one in exported(leo)["events"]].count("data.exported") == 1


def test_nobody_else_may_ask(world: World) -> None:
    leo, _ = full(world)
    with nothing_stored(world.engine):
        refused(world.client.get("/v1/me/export"), 401, "unauthenticated")
        refused(world.olivia.get("/v1/me/export"), 401, "wrong-credential")
    withdraw(leo, "erase")
    with nothing_stored(world.engine):
        refused(leo.get("/v1/me/export"), 401, "session-ended")


def test_an_export_that_fails_in_the_middle_is_no_answer_that_looks_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: telling.Asked) -> Any:
        yield {"one": 1}
        raise ConnectionError

    leo, _ = full(world)
    monkeypatch.setitem(telling._tellers, "broken", breaks)
    world.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined] # as over TCP
    refused(leo.get("/v1/me/export"), 500, "unexpected")


def test_a_long_diary_is_told_in_flat_memory(world: World) -> None:
    leo, entry = world.join(), new_id()
    leo.keeps(entry)

    def revise(versions: range) -> None:
        with db.transaction(world.engine) as session:
            session.execute(
                insert(EntryRevision),
                [
                    {
                        "entry_id": entry,
                        "version": version,
                        "content_hash": "0" * 64,
                        "content": b'{"learning": "' + b"x" * 8_000 + b'"}',
                        "received_at": clock.now(),
                    }
                    for version in versions
                ],
            )

    def peak() -> tuple[int, int]:
        tracemalloc.start()
        with (
            db.reading(world.engine) as session,
            telling.export(session, world.settings, leo.participant_id) as file,
        ):
            size = file.seek(0, 2)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size, found

    revise(range(2, 400))
    peak()
    small, less = peak()
    revise(range(400, 4_000))
    large, more = peak()
    assert (small > 3_000_000, large > 30_000_000) == (True, True)
    assert more < less + 500_000


def test_the_operator_writes_it_out_for_who_asks_by_letter(world: World, tmp_path: Path) -> None:
    leo, _ = tell_everything(world)
    target = tmp_path / "leo.json"
    words = ("participant", "export", world.study_id, leo.participant_id, "--to", target)
    status, said = daybook(world.settings, *words)
    assert status == 0, said
    found = json.loads(target.read_text(encoding="utf-8"))
    assert found["complete"] is True
    assert found["contact"][0]["email"] == BIRDS[1]
    assert target.stat().st_mode & 0o077 == 0
    nobody = daybook(
        world.settings, "participant", "export", world.study_id, new_id(), "--to", tmp_path / "no"
    )
    assert nobody[0] == 1
    assert not (tmp_path / "no").exists()


def test_the_operator_withdraws_and_prints_the_receipt(world: World) -> None:
    leo, _ = full(world)
    status, said = daybook(
        world.settings, "participant", "withdraw", world.study_id, leo.participant_id, "erase"
    )
    assert status == 0, said
    assert said.startswith("Withdrawal from the study: Place leadership")
    refused(leo.get("/v1/me"), 401, "session-ended")
    assert UUID(said.split("Receipt ")[1].split(".")[0])
