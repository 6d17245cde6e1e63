"""Leo's profile keeps its history; his contact data is readable by nobody else."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from api.core import db
from api.participants import profiles
from api.participants.models import ParticipantAttribute
from tests.meta.shape import contents, nothing_stored, pointers, refused
from tests.personas import PROFILE, World

CONTACT = {"name": "Leo Leader", "email": "leo.leader@example.org", "phone": "+44 20 7946 0000"}


def test_a_changed_value_is_kept_with_the_time_in_which_it_was_true(world: World) -> None:
    leo = world.join()
    changed = leo.put("/v1/me/profile", {"answers": PROFILE | {"sector": "university_he"}})
    assert changed.json()["answers"]["sector"] == "university_he"
    assert leo.get("/v1/me/profile").json() == changed.json()
    with db.reading(world.engine) as session:
        rows = session.exec(
            select(ParticipantAttribute)
            .where(ParticipantAttribute.key == "sector")
            .order_by(col(ParticipantAttribute.valid_from))
        ).all()
    assert [row.value for row in rows] == ["local_gov", "university_he"]
    assert rows[0].valid_to == rows[1].valid_from
    assert rows[1].valid_to is None


def test_a_release_reads_no_more_of_a_profile_than_it_shows(world: World) -> None:
    who = world.join().participant_id
    with db.reading(world.engine) as session:
        assert profiles.attributes_in_study(session, world.study_id, [who], ["sector"]) == {
            who: {"sector": "local_gov"}
        }
        assert profiles.attributes_in_study(session, world.study_id, [who]) == {who: PROFILE}
        assert profiles.attributes(session, [who], ["sector"]) == {who: {"sector": "local_gov"}}


def test_a_value_that_is_left_out_ends_and_a_repeat_changes_nothing(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        assert leo.put("/v1/me/profile", {"answers": PROFILE}).status_code == 200
    more = PROFILE | {"tenure_band": "2_5y"}
    assert leo.put("/v1/me/profile", {"answers": more}).json()["answers"] == more
    assert leo.put("/v1/me/profile", {"answers": PROFILE}).json()["answers"] == PROFILE
    assert len(contents(world.engine)["participant_attribute"]) == len(PROFILE) + 1


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        (PROFILE | {"sector": "circus"}, {"/answers/sector"}),
        (PROFILE | {"sector": 7}, {"/answers/sector"}),
        (PROFILE | {"sector": None}, {"/answers/sector"}),
        (PROFILE | {"shoe_size": 44}, {"/answers/shoe_size"}),
        (PROFILE | {"Not a key": 1}, {"/answers"}),
        ({key: value for key, value in PROFILE.items() if key != "country"}, {"/answers/country"}),
        ("everything", {"/answers"}),
        (None, {"/answers"}),
    ],
)
def test_a_wrong_profile_is_refused_whole(world: World, answers: Any, wanted: set[str]) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        assert pointers(refused(leo.put("/v1/me/profile", {"answers": answers}), 422, "invalid")) == wanted


def test_a_profile_is_ones_own(world: World) -> None:
    leo, lena = world.join(), world.join({})
    assert leo.get("/v1/me/profile").json()["answers"] == PROFILE
    assert lena.get("/v1/me/profile").json()["answers"] == {}
    assert lena.get("/v1/me").json()["participant_id"] != leo.get("/v1/me").json()["participant_id"]


def test_a_study_without_a_profile_asks_none(world: World) -> None:
    leo = world.join({})
    world.olivia.post(f"{world.path}/instruments/place_leadership_profile/1/retire")
    with nothing_stored(world.engine):
        refused(leo.put("/v1/me/profile", {"answers": {}}), 422, "no-profile")


def raw_bytes(world: World) -> bytes:
    """Everything that the database wrote to disk."""
    if world.settings.is_sqlite:
        files = sorted(Path(world.settings.data_dir).glob("daybook.sqlite3*"))
        return b"".join(file.read_bytes() for file in files)
    return str(contents(world.engine)).encode()


def test_contact_data_is_given_back_and_is_encrypted_where_it_lies(world: World) -> None:
    leo, lena = world.join(), world.join()
    assert leo.get("/v1/me/contact").json() == dict.fromkeys(CONTACT)
    assert leo.put("/v1/me/contact", CONTACT).status_code == 204
    assert leo.get("/v1/me/contact").json() == CONTACT
    assert lena.get("/v1/me/contact").json() == dict.fromkeys(CONTACT)
    found = raw_bytes(world)
    assert b"local_gov" in found, "the search would see plain text"
    for value in CONTACT.values():
        assert value.encode() not in found
    leo.put("/v1/me/contact", {"name": "Leo"})
    assert leo.get("/v1/me/contact").json() == {"name": "Leo", "email": None, "phone": None}


def test_each_leader_has_a_key_of_their_own(world: World) -> None:
    for leader in (world.join(), world.join()):
        leader.put("/v1/me/contact", CONTACT)
    with world.engine.connect() as connection:
        keys = connection.execute(text("SELECT wrapped_key FROM contact")).scalars().all()
        sealed = connection.execute(text("SELECT sealed FROM contact")).scalars().all()
    assert len(set(keys)) == len(set(sealed)) == 2


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"email": "nobody"}, "/email"),
        ({"email": "a@b.c\nBcc: all@example.org"}, "/email"),
        ({"email": "nul\x00@example.org"}, "/email"),
        ({"email": f"{'x' * 250}@example.org"}, "/email"),
        ({"phone": "call me"}, "/phone"),
        ({"phone": "12345\n"}, "/phone"),
        ({"name": "nul\x00"}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"name": ["Leo"]}, "/name"),
        ({"address": "10 Downing Street"}, "/address"),
    ],
)
def test_wrong_contact_data_is_refused(world: World, wrong: dict[str, Any], pointer: str) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        assert pointers(refused(leo.put("/v1/me/contact", wrong), 422, "invalid")) == {pointer}
