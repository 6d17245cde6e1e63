"""What becomes of a stored delivery: an entry, a newer version of one, its end, or a sentence that says why not."""

from datetime import timedelta
from typing import Any

import pytest

from api.core import clock
from api.webhooks.answers import STRANGE_SIGNS
from tests.personas import Leader, World
from tests.webhooks.desk import Desk, answered, told

NOW = clock.now().replace(microsecond=0)
EARLIER, LATER = NOW - timedelta(minutes=5), NOW + timedelta(minutes=5)


def entries(leader: Leader) -> list[dict[str, Any]]:
    """Return a leader's entries."""
    found: list[dict[str, Any]] = leader.get("/v1/entries").json()["entries"]
    return found


def taken(desk: Desk, body: dict[str, Any] | bytes) -> tuple[str, str | None]:
    """Post and process something; return how it ended and why."""
    assert desk.post(body).status_code == 200
    desk.work()
    return desk.ends()[-1]


@pytest.fixture
def house(world: World) -> Desk:
    return Desk(world, "standard")


def test_a_newer_version_changes_the_entry_and_an_older_one_does_not(house: Desk, world: World) -> None:
    leo = world.join()
    code = house.code(leo)
    assert taken(house, told(code, "I am well", "r1", at=NOW)) == ("processed", None)
    assert taken(house, told(code, "I am tired", "r1", at=LATER)) == ("processed", None)
    (entry,) = entries(leo)
    assert (entry["entry"]["answers"], entry["receipt"]["version"]) == ({"mood": "tired"}, 2)
    late = taken(house, told(code, "I am well", "r1", at=EARLIER))
    assert late == ("duplicate", "A version of this submission that is as new or newer came before.")
    (entry,) = entries(leo)
    assert (entry["entry"]["answers"], entry["receipt"]["version"]) == ({"mood": "tired"}, 2)


def test_a_deletion_takes_the_entry_back_and_what_was_posted_with_it(house: Desk, world: World) -> None:
    leo = world.join()
    code = house.code(leo)
    taken(house, told(code, name="r1", at=NOW))
    (entry,) = entries(leo)
    gone = taken(house, told(code, name="r1", at=LATER, deleted=True))
    assert gone == ("processed", "The submission was deleted in the tool; its entry is deleted.")
    assert entries(leo) == []
    assert leo.get(f"/v1/entries/{entry['receipt']['id']}").status_code == 410
    assert house.deliveries()[0].raw is None
    again = taken(house, told(code, name="r1", at=LATER + timedelta(minutes=1)))
    assert again == ("ignored", "The tool deleted this submission; it becomes no entry again.")
    assert entries(leo) == []


def test_a_deletion_that_comes_first_is_remembered(house: Desk, world: World) -> None:
    leo = world.join()
    code = house.code(leo)
    assert taken(house, told(code, name="r1", at=LATER, deleted=True))[0] == "processed"
    assert taken(house, told(code, name="r1", at=NOW))[0] == "ignored"
    assert entries(leo) == []


def test_what_leo_changed_or_deleted_on_the_phone_is_not_undone_by_the_tool(
    house: Desk, world: World
) -> None:
    leo = world.join()
    code = house.code(leo)
    for name in ("r1", "r2"):
        taken(house, told(code, name=name, at=NOW))
    changed, deleted = entries(leo)
    entry = changed["entry"] | {"answers": {"mood": "tired"}, "base_version": 1}
    assert leo.put(f"/v1/entries/{changed['receipt']['id']}", entry).status_code == 200
    assert leo.delete(f"/v1/entries/{deleted['receipt']['id']}").status_code == 204
    names = {str(one.entry_id): one.submission_id for one in house.deliveries()}
    status, reason = taken(house, told(code, name=names[changed["receipt"]["id"]], at=LATER))
    assert status == "quarantined"
    assert "changed the entry in the diary" in str(reason)
    end = taken(house, told(code, name=names[deleted["receipt"]["id"]], at=LATER))
    assert end == ("ignored", "The entry was deleted in the diary; it is not made again.")
    (left,) = entries(leo)
    assert left["entry"]["answers"] == {"mood": "tired"}


NOT_FITTING: dict[str, tuple[dict[str, Any], str]] = {
    "an option that nobody mapped": (
        {"answers": [{"key": "mood", "value": "I am lost"}]},
        "mood: an option stands in the value map not at all",
    ),
    "a required answer that is missing": (
        {"answers": [{"key": "why", "value": "x"}]},
        "mood: this answer is required",
    ),
    "an answer that does not apply": (
        {"answers": [{"key": "mood", "value": "I am well"}, {"key": "why", "value": "x"}]},
        "does not apply",
    ),
    "a list for a text": (
        {"answers": [{"key": "mood", "value": "I am tired"}, {"key": "why", "value": {"a": 1}}]},
        "why: this is not a text",
    ),
}


@pytest.mark.parametrize("case", NOT_FITTING)
def test_what_does_not_fit_is_quarantined_with_a_sentence(house: Desk, world: World, case: str) -> None:
    changes, words = NOT_FITTING[case]
    leo = world.join()
    status, reason = taken(house, told(house.code(leo), **changes))
    assert status == "quarantined"
    assert words in str(reason)
    assert "I am" not in str(reason)
    assert entries(leo) == []


def test_a_nul_is_taken_out_and_what_is_not_mapped_is_listed(house: Desk, world: World) -> None:
    leo = world.join()
    answers = [
        {"key": "mood", "value": "I am tired"},
        {"key": "why", "value": "long\u0000 day"},
        {"key": "colour", "value": "blue"},
    ]
    assert taken(house, told(house.code(leo), answers=answers)) == ("processed", None)
    assert entries(leo)[0]["entry"]["answers"] == {"mood": "tired", "why": "long day"}
    found = house.deliveries()[0].findings
    assert found["unmapped"] == ["colour"]
    assert found["warnings"] == [STRANGE_SIGNS]


def test_only_a_known_code_makes_an_entry(world: World) -> None:
    desk, leo, lena = Desk(world), world.join(), world.join()
    code, other = desk.code(leo), desk.code(lena)
    unknown = "The participant's code is not known to this source."
    assert taken(desk, answered("AAAA-BBBB-CCCC")) == ("quarantined", unknown)
    assert taken(desk, answered("leo@example.org")) == ("quarantined", unknown)
    missing = taken(desk, answered(code, hidden={}))
    assert missing == ("quarantined", "It carries no participant's code: `pid` is missing.")
    two = taken(desk, answered(code, hidden={"pid": [code, other]}))
    assert two[0] == "quarantined"
    first = answered(code, token="t1")
    assert taken(desk, first) == ("processed", None)
    stolen = answered(other, token="t1")
    assert taken(desk, stolen) == ("quarantined", "This submission named another participant before.")
    assert entries(lena) == []
    assert world.join().get("/v1/entries").json()["entries"] == []


def test_a_signed_code_must_carry_our_signature(world: World) -> None:
    desk, leo = Desk(world, claim_mode="signed"), world.join()
    signed = desk.code(leo)
    code, _, mark = signed.partition(".")
    bad = ("quarantined", "The participant's code is not signed by us: its link was changed.")
    assert taken(desk, answered(code)) == bad
    assert taken(desk, answered(f"{code}.{mark[:-1]}x")) == bad
    assert taken(desk, answered(signed.lower())) == ("processed", None)
    assert len(entries(leo)) == 1


def test_a_form_that_is_not_listed_is_not_taken(world: World) -> None:
    desk, leo = Desk(world, forms=["lT4Z3j"]), world.join()
    code = desk.code(leo)
    other = taken(desk, answered(code, form_id="another"))
    assert other == ("quarantined", "It comes from a form that this source does not take.")
    assert taken(desk, answered(code)) == ("processed", None)


def test_tests_and_parts_become_nothing(house: Desk, world: World) -> None:
    code = house.code(world.join())
    assert taken(house, {"event": "testEndpoint"})[0] == "ignored"
    assert taken(house, told(code, finished=False))[0] == "ignored"
    assert taken(house, {"event": "somethingElse"})[0] == "ignored"
    assert taken(house, told(code))[0] == "processed"


def test_after_the_study_has_ended_nothing_new_is_taken(house: Desk, world: World) -> None:
    leo = world.join()
    code = house.code(leo)
    assert world.olivia.post(f"{world.path}/status", {"status": "closed"}).status_code == 200
    ended, minutes = clock.now(), timedelta(minutes=5)
    assert taken(house, told(code, at=ended + minutes)) == (
        "quarantined",
        "The study had ended when this was answered.",
    )
    assert taken(house, told(code, at=ended - minutes)) == (
        "processed",
        None,
    )  # before the end, as from a phone
    assert len(entries(leo)) == 1


def test_a_map_that_is_mended_brings_in_what_was_quarantined(house: Desk, world: World) -> None:
    leo = world.join()
    code = house.code(leo)
    assert taken(house, told(code, "I am lost"))[0] == "quarantined"
    rows = [
        {"answer_key": "mood", "question": "mood", "transform": "choice", "value_map": {"I am lost": "tired"}}
    ]
    assert house.put_map(rows=rows).json()["version"] == 2
    path = f"{world.path}/deliveries/{house.deliveries()[0].id}"
    for _ in range(2):  # again, and it stays one entry
        assert world.olivia.post(f"{path}/replay").json()["status"] == "received"
        house.work()
        assert house.ends() == [("processed", None)]
    (entry,) = entries(leo)
    assert (entry["entry"]["answers"], entry["receipt"]["version"]) == ({"mood": "tired"}, 1)
    assert house.deliveries()[0].map_version == 2
    assert house.put_map(rows=[rows[0] | {"value_map": {"I am lost": "well"}}]).json()["version"] == 3
    world.olivia.post(f"{path}/replay")
    house.work()
    (entry,) = entries(leo)
    assert (entry["entry"]["answers"], entry["receipt"]["version"]) == ({"mood": "well"}, 2)
