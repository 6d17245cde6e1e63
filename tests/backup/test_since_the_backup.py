"""What happened after the backup and must not be undone by a restore: who left, what was deleted, what was revoked."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.audit.service import OPERATOR
from api.auth import administration, inviting, members
from api.auth import service as auth
from api.auth.verbs import Role
from api.core import clock, db
from api.core.config import Settings
from api.core.ids import new_id
from api.core.jobs import JobContext
from api.diary.models import Entry
from api.main import create_app
from api.participants.models import Contact
from api.participants.service import sharing
from api.releases import build
from scripts.backup.making import back_up
from scripts.backup.refusals import NotDone
from scripts.backup.restoring import Restored, restore
from tests.auth.people import Person, person
from tests.backup.chest import PASSPHRASE, rows_of
from tests.meta.bodies import AGREEMENT, CONSENT
from tests.personas import DECISION, PROFILE, Leader, World, entry_body

CANARY = "Canary zqjx about the merger"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "daybook.backup"


def after(
    world: World, place: Settings, backup: Path, **options: bool
) -> tuple[Restored, dict[str, list[str]]]:
    """Restore on a new machine; return what was done, and every row."""
    done = restore(place, backup, PASSPHRASE, **options)
    return done, rows_of(place)


def in_files(folder: Path, words: str) -> list[str]:
    """Return the files below a folder that hold some words."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


def test_who_erased_everything_is_still_gone(world: World, place: Settings, backup: Path) -> None:
    leo, lena = world.join(), world.join()
    leo.keeps(answers=DECISION | {"headline": CANARY})
    leo.put("/v1/me/contact", {"email": "leo@example.org"})
    lena.keeps()
    back_up(world.settings, backup, PASSPHRASE)
    receipt = leo.post("/v1/me/withdrawal", {"scope": "erase"}).json()
    done, rows = after(world, place, backup)
    assert done.redone == {"participant.withdrew": 1}
    assert CANARY not in str(rows)
    assert in_files(place.data_dir, CANARY) == []
    assert len(rows["entry"]) == 1
    assert len(rows["entry_tombstone"]) == 1
    assert receipt["id"] in str(rows["withdrawal"]) or UUID(receipt["id"]).hex in str(rows["withdrawal"])
    engine = db.make_engine(place)
    with db.reading(engine) as session:
        contact = session.get_one(Contact, leo.participant_id)
        assert (contact.wrapped_key, contact.sealed) == (None, None)
    engine.dispose()
    with TestClient(create_app(place), base_url="https://testserver") as client:
        assert Leader(client, leo.token).get("/v1/me").status_code == 401
        assert len(Leader(client, lena.token).get("/v1/entries").json()["entries"]) == 1


@pytest.mark.parametrize("scope", ["stop_prompts", "out_of_releases"])
def test_a_smaller_withdrawal_goes_as_far_as_it_went(
    world: World, place: Settings, backup: Path, scope: str
) -> None:
    leo = world.join()
    leo.keeps()
    back_up(world.settings, backup, PASSPHRASE)
    assert leo.post("/v1/me/withdrawal", {"scope": scope}).status_code == 200
    me = leo.get("/v1/me").json()
    _, rows = after(world, place, backup)
    assert len(rows["entry"]) == 1
    with TestClient(create_app(place), base_url="https://testserver") as client:
        assert Leader(client, leo.token).get("/v1/me").json() == me


def test_a_deleted_entry_is_still_deleted_and_every_phone_hears_of_it(
    world: World, place: Settings, backup: Path
) -> None:
    leo = world.join()
    kept = [leo.keeps(answers=DECISION | {"headline": text}).json()["id"] for text in (CANARY, "fine")]
    cursor = leo.post("/v1/sync", {"ops": []}).json()["cursor"]
    back_up(world.settings, backup, PASSPHRASE)
    assert leo.delete(f"/v1/entries/{kept[0]}").status_code == 204
    late = str(new_id())
    leo.keeps(UUID(late))
    assert leo.delete(f"/v1/entries/{late}").status_code == 204
    ahead = leo.post("/v1/sync", {"ops": [], "cursor": cursor}).json()["cursor"]
    done, rows = after(world, place, backup)
    assert done.redone == {"entry.deleted": 2}
    assert CANARY not in str(rows)
    with TestClient(create_app(place), base_url="https://testserver") as client:
        phone = Leader(client, leo.token)
        assert phone.get(f"/v1/entries/{kept[0]}").status_code == 410
        assert phone.keeps(UUID(late)).status_code == 410
        for known in (cursor, ahead):  # a cursor from after the backup skips nothing either
            heard = phone.post("/v1/sync", {"ops": [], "cursor": known}).json()["changes"]
            assert {change["id"] for change in heard if change["deleted"]} == {kept[0], late}
        phone.keeps()
        assert len(phone.post("/v1/sync", {"ops": [], "cursor": ahead}).json()["changes"]) == 3


def test_what_was_signed_out_or_revoked_stays_so(world: World, place: Settings, backup: Path) -> None:
    leo = world.join()
    ana = world.ana
    with db.reading(world.engine) as session:
        tokens = {token.id for token in auth.tokens(session)}
        found, _ = auth.staff_by_token(session, ana.token)
    assert found.by.id in tokens
    back_up(world.settings, backup, PASSPHRASE)
    assert leo.delete(f"/v1/me/devices/{leo.device_id}").status_code == 204
    with db.transaction(world.engine) as session:
        auth.revoke_token(session, OPERATOR, found.by.id)
    done, _ = after(world, place, backup)
    assert done.redone == {"device.revoked": 1, "token.revoked": 1}
    with TestClient(create_app(place), base_url="https://testserver") as client:
        assert client.get("/v1/me", headers=leo.headers).status_code == 401
        assert client.get(world.path, headers=ana.headers).status_code == 401
        assert client.get(world.path, headers=world.olivia.headers).status_code == 200


def test_staff_who_were_kept_out_stay_out(world: World, place: Settings, backup: Path) -> None:
    mia = world.staff("Mia Member", Role.ANALYST)
    rex = world.staff("Rex Reviewer", Role.REVIEWER)
    with db.transaction(world.engine) as session:
        mia_id, rex_id, ana_id = (
            auth.staff_by_token(session, one.token)[0].staff_id for one in (mia, rex, world.ana)
        )
        administration.set_disabled(session, OPERATOR, ana_id, disabled=True)
        administration.set_disabled(session, OPERATOR, ana_id, disabled=False)
    back_up(world.settings, backup, PASSPHRASE)
    with db.transaction(world.engine) as session:
        administration.set_disabled(session, OPERATOR, mia_id, disabled=True)
        members.remove(session, OPERATOR, world.study_id, rex_id)
    restore(place, backup, PASSPHRASE)
    with TestClient(create_app(place), base_url="https://testserver") as client:
        asked = [client.get(world.path, headers=one.headers).status_code for one in (mia, rex, world.ana)]
        assert asked == [401, 401, 200]


def test_whoever_administers_no_more_does_not_after_a_restore(
    world: World, place: Settings, backup: Path
) -> None:
    ada, nia, mia = (person(world, name, administrator=True) for name in ("Ada", "Nia New", "Mia Member"))

    def says(who: Person, *, administrator: bool) -> None:
        with db.transaction(world.engine) as session:
            found = auth.staff_by_email(session, who.email)
            administration.set_administrator(session, OPERATOR, found, administrator=administrator)

    back_up(world.settings, backup, PASSPHRASE)
    says(nia, administrator=False)
    says(mia, administrator=False)
    says(mia, administrator=True)
    done, _ = after(world, place, backup)
    assert done.redone == {"administrator.removed": 2, "administrator.added": 1}
    engine = db.make_engine(place)
    with db.reading(engine) as session:
        right = {
            who.email: auth.staff_by_email(session, who.email).is_administrator for who in (ada, nia, mia)
        }
    engine.dispose()
    assert right == {ada.email: True, nia.email: False, mia.email: True}


def test_an_entry_that_was_edited_to_stay_out_stays_out(world: World, place: Settings, backup: Path) -> None:
    leo = world.join()
    first, second, third = (leo.keeps().json()["id"] for _ in range(3))
    back_up(world.settings, backup, PASSPHRASE)
    for entry, control in ((first, {"keep_out": True}), (second, {"embargo_until": "2199-01-01"})):
        body = entry_body(DECISION | control, base_version=1)
        assert leo.put(f"/v1/entries/{entry}", body).status_code == 200
    assert leo.put(f"/v1/entries/{third}", entry_body(base_version=1)).status_code == 200
    done, _ = after(world, place, backup)
    assert done.redone == {"entry.withheld": 2}
    engine = db.make_engine(place)
    with db.reading(engine) as session:
        kept_out = session.exec(select(Entry.id).where(col(Entry.keep_out))).all()
    engine.dispose()
    assert {str(entry) for entry in kept_out} == {first, second}


def test_a_consent_that_was_changed_since_allows_nothing_until_it_is_given_again(
    world: World, place: Settings, backup: Path
) -> None:
    leo, lena = world.join(), world.join()
    lena.put("/v1/me/consent", CONSENT)  # before the backup: it is in there
    back_up(world.settings, backup, PASSPHRASE)
    without = CONSENT | {"statements": {"read": True, "take_part": True, "share": False}}
    assert leo.put("/v1/me/consent", without).status_code == 204
    done, _ = after(world, place, backup)
    assert done.redone == {"consent.changed": 1}
    engine = db.make_engine(place)
    with db.reading(engine) as session:
        assert sharing(session, world.study_id, clock.now()) == {lena.participant_id}
    engine.dispose()
    with TestClient(create_app(place), base_url="https://testserver") as client:
        phone = Leader(client, leo.token)
        assert phone.get("/v1/me").json()["consent_version"] is None
        assert phone.put("/v1/me/consent", CONSENT).status_code == 204


def test_an_agreement_that_was_ended_stays_so(world: World, place: Settings, backup: Path) -> None:
    agreement = world.olivia.post(f"{world.path}/agreements", AGREEMENT).json()
    back_up(world.settings, backup, PASSPHRASE)
    world.olivia.post(f"{world.path}/agreements/{agreement['id']}/end")
    done, _ = after(world, place, backup)
    assert done.redone == {"agreement.ended": 1}
    with TestClient(create_app(place), base_url="https://testserver") as client:
        listed = client.get(f"{world.path}/agreements", headers=world.olivia.headers).json()
    assert [one["in_force"] for one in listed] == [False]


def test_the_number_of_a_lost_release_is_not_used_again(world: World, place: Settings, backup: Path) -> None:
    for _ in range(12):
        assert world.join(PROFILE).keeps().status_code == 201
    wanted = {"recipient": "Dr Ana", "purpose": "themes"}

    def release(app: Any) -> Any:
        asked = app.post(f"{world.path}/releases", json=wanted, headers=world.olivia.headers)
        return asked.json()

    waiting = release(world.client)
    back_up(world.settings, backup, PASSPHRASE)
    build.build(JobContext(world.settings, "test"), waiting["id"])
    build.build(JobContext(world.settings, "test"), release(world.client)["id"])
    done, _ = after(world, place, backup)
    assert done.redone == {"release.published": 2}
    with TestClient(create_app(place), base_url="https://testserver") as client:
        listed = client.get(f"{world.path}/releases", headers=world.ana.headers).json()
        assert [(one["number"], one["status"]) for one in listed] == [(1, "failed"), (2, "failed")]
        assert "published after the backup" in listed[0]["refusal"]
        assert client.get(f"{world.path}/releases/latest", headers=world.ana.headers).status_code == 404
        assert release(client)["number"] == 3


def test_restoring_twice_and_from_a_later_backup_changes_nothing_more(
    world: World, place: Settings, tmp_path: Path
) -> None:
    leo = world.join()
    gone = leo.keeps().json()["id"]
    back_up(world.settings, tmp_path / "early", PASSPHRASE)
    leo.delete(f"/v1/entries/{gone}")
    leo.post("/v1/me/withdrawal", {"scope": "erase"})
    back_up(world.settings, tmp_path / "late", PASSPHRASE)
    done, _ = after(world, place, tmp_path / "late")
    assert not done.redone
    done, once = after(world, place, tmp_path / "early", replace=True)
    assert done.redone.total() == 2
    back_up(place, tmp_path / "again", PASSPHRASE)
    done, twice = after(world, place, tmp_path / "again", replace=True)
    assert not done.redone
    assert twice["entry_tombstone"] == once["entry_tombstone"]


def test_without_its_ledger_nothing_is_restored_unless_told_so(
    world: World, place: Settings, backup: Path, tmp_path: Path
) -> None:
    leo = world.join()
    leo.keeps()
    back_up(world.settings, backup, PASSPHRASE)
    leo.post("/v1/me/withdrawal", {"scope": "erase"})
    whole = place.ledger_path.read_bytes()
    for spoiled in (b"", whole[:100], whole.replace(b"erase", b"stop!"), None):
        place.ledger_path.unlink(missing_ok=True)
        if spoiled is not None:
            place.ledger_path.write_bytes(spoiled)
        with pytest.raises(NotDone, match="--without-ledger"):
            restore(place, backup, PASSPHRASE)
    done, rows = after(world, place, backup, with_ledger=False)
    assert not done.redone
    assert len(rows["entry"]) == 1


def test_a_withdrawal_that_cannot_be_noted_does_not_happen(world: World) -> None:
    leo = world.join()
    kept = leo.keeps().json()["id"]
    world.settings.ledger_path.mkdir(parents=True)  # nobody can write to a folder
    assert leo.post("/v1/me/withdrawal", {"scope": "erase"}).status_code == 503
    assert leo.delete(f"/v1/entries/{kept}").status_code == 503
    ops = [
        {"op": "put", "id": str(new_id()), "entry": entry_body()},
        {"op": "delete", "id": kept},
    ]
    assert leo.post("/v1/sync", {"ops": ops}).status_code == 503
    assert leo.get("/v1/me").json()["status"] == "enrolled"
    assert len(leo.get("/v1/entries").json()["entries"]) == 2  # the entry beside the deletion is safe
    world.settings.ledger_path.rmdir()
    assert leo.delete(f"/v1/entries/{kept}").status_code == 204


def test_the_ledger_holds_no_words(world: World) -> None:
    leo = world.join()
    kept = leo.keeps(answers=DECISION | {"headline": CANARY}).json()["id"]
    leo.put("/v1/me/contact", {"email": "leo@example.org"})
    leo.delete(f"/v1/entries/{kept}")
    leo.post("/v1/me/withdrawal", {"scope": "erase"})
    text = world.settings.ledger_path.read_text()
    assert str(leo.participant_id) in text
    for words in (CANARY, "leo@", leo.token, world.ana.token, "Place leadership"):
        assert words not in text


def test_roles_and_passwords_that_were_taken_away_stay_so(
    world: World, place: Settings, backup: Path
) -> None:
    nia, owen = person(world, "Nia New", Role.ANALYST), person(world, "Owen Owner", Role.OWNER)
    back_up(world.settings, backup, PASSPHRASE)
    with db.transaction(world.engine) as session:
        who = auth.staff_by_email(session, owen.email)
        members.change_role(session, OPERATOR, world.study_id, who.id, Role.REVIEWER)
        inviting.reset(session, OPERATOR, who, 7)
    done, _ = after(world, place, backup)
    assert done.redone == {"member.changed": 1, "staff.reset": 1}
    with TestClient(create_app(place), base_url="https://testserver") as client:
        nia.client = owen.client = client
        assert nia.tries().status_code == 204
        assert owen.tries().status_code == 401
    engine = db.make_engine(place)
    with db.reading(engine) as session:
        assert auth.role_of(session, world.study_id, who.id) == Role.REVIEWER
    engine.dispose()
