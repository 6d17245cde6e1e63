"""After Leo has everything erased, a search of every table and every file finds nothing that he gave."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.core import db
from api.core.config import Settings
from api.core.ids import new_id
from api.participants.models import Contact, Participant
from tests.participants.test_withdrawal import full, withdraw
from tests.personas import DECISION, PROFILE, Leader, World, entry_body
from tests.releases.test_pipeline import ask
from tests.searching import files_with, tables_with

BIRDS = ("Yaffle Whether to sell the town hall", "yaffle@example.org", "Yaffle Woodpecker", "020 7946 0123")
DEVICE = "Yaffle's telephone"
BEFORE, EDITED = "Yaffle was of two minds", "Yaffle decided in the end"


def tell_everything(world: World) -> tuple[Leader, list[str]]:
    """Leo gives something wherever something can be given; return him and the words and ids to search for."""
    leo, _ = full(world)
    code = world.invite()
    consent = {"document_version": 1, "statements": {"read": True, "take_part": True, "share": True}}
    body = {"code": code, "attempt": str(new_id()), "consent": consent, "device_name": DEVICE}
    joined = world.client.post("/v1/join", json=body).json()
    leo = Leader(world.client, joined["session"]["access_token"], UUID(joined["participant_id"]))
    answers = {"name": BIRDS[2], "email": BIRDS[1], "phone": BIRDS[3]}
    assert leo.put("/v1/me/contact", answers).status_code == 204
    for sector in ("third_sector", "central_gov"):
        assert leo.put("/v1/me/profile", {"answers": PROFILE | {"sector": sector}}).status_code == 200
    entry, deleted = new_id(), new_id()
    first = entry_body(DECISION | {"headline": BIRDS[0], "learning": BEFORE})
    assert leo.put(f"/v1/entries/{entry}", first).status_code == 201
    edit = {"answers": DECISION | {"headline": BIRDS[0], "learning": EDITED}, "base_version": 1}
    assert leo.put(f"/v1/entries/{entry}", first | edit).status_code == 200
    assert leo.keeps(deleted, DECISION | {"headline": BIRDS[0]}).status_code == 201
    assert leo.delete(f"/v1/entries/{deleted}").status_code == 204
    return leo, [*BIRDS, DEVICE, BEFORE, EDITED, joined["session"]["device_id"]]


def test_nothing_that_leo_gave_is_found_anywhere(world: World) -> None:
    leo, words = tell_everything(world)
    for _ in range(4):
        world.join().keeps()
    release = ask(world)
    assert release["status"] == "published", release
    encrypted = set(BIRDS[1:])
    stored = tables_with(world.engine, *words)
    assert {word for word, tables in stored.items() if not tables} == encrypted, "they are there before"
    receipt = withdraw(leo, "erase")
    assert receipt.status_code == 200, receipt.text
    assert not any(tables_with(world.engine, *words).values())
    assert not any(files_with(world.settings, *words).values())
    with db.reading(world.engine) as session:
        contact = session.get_one(Contact, leo.participant_id)
        assert (contact.wrapped_key, contact.sealed) == (None, None)


def test_the_search_finds_what_is_there(world: World) -> None:
    tell_everything(world)
    assert tables_with(world.engine, BIRDS[0], DEVICE) == {BIRDS[0]: {"entry_revision"}, DEVICE: {"device"}}
    Path(world.settings.data_dir).mkdir(exist_ok=True)
    (Path(world.settings.data_dir) / "left.txt").write_text(f"... {BIRDS[0]} ...", encoding="utf-8")
    assert files_with(world.settings, BIRDS[0])[BIRDS[0]] >= {"left.txt"}


def test_a_reader_of_an_older_state_does_not_stand_in_the_way(world: World, settings: Settings) -> None:
    leo, words = tell_everything(world)
    with db.reading(world.engine) as session:
        held: Any = session.exec(select(Participant)).all()
        assert withdraw(leo, "erase").status_code == 200
        assert held
    lena, _ = full(world)
    assert withdraw(lena, "erase").status_code == 200
    assert not any(files_with(settings, *words).values()), "the next erasure empties the log"
