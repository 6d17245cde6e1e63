"""A stranger guesses at Nia's password: ten times, and Nia notices nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient

from api.auth import known_devices
from api.core import clock
from tests.auth.people import OURS, PASSWORD, Browser, Person, person, secret_of
from tests.auth.test_guessing import at
from tests.meta.shape import contents, refused
from tests.personas import World

KNOWN = "__Host-daybook-known"


@pytest.fixture
def nia(world: World) -> Person:
    return person(world, "Nia New")


def tries(client: TestClient, email: str, **changes: Any) -> Any:
    body = {"email": email, "password": "a wrong password", "code": "000000"} | changes
    headers = OURS | changes.pop("headers", {})
    body.pop("headers", None)
    answer = client.post("/v1/staff/session", json=body, headers=headers)
    client.cookies.clear()
    return answer


def known_of(answer: Any) -> dict[str, str]:
    (line,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(KNOWN)]
    return {"Cookie": line.split(";")[0]}


def test_ten_guesses_from_many_places_and_no_more_for_known_and_unknown_accounts_alike(
    world: World, nia: Person
) -> None:
    for email in (nia.email, "nobody@example.org"):
        with time_machine.travel(clock.now(), tick=False) as now:
            for number in range(10):
                refused(tries(at(world, f"203.0.113.{number}"), email), 401, "sign-in-refused", number)
            elsewhere = at(world, "198.51.100.7")
            told = refused(tries(elsewhere, email.upper()), 429, "too-many-attempts")
            assert "example" not in str(told)
            now.shift(timedelta(minutes=5, seconds=-1))
            refused(tries(elsewhere, email), 429, "too-many-attempts")
            now.shift(timedelta(seconds=1))
            refused(tries(elsewhere, email), 401, "sign-in-refused")


def test_ten_guesses_from_one_place_at_whatever_accounts(world: World, nia: Person) -> None:
    stranger = at(world, "203.0.113.9")
    for number in range(10):
        refused(tries(stranger, f"person{number}@example.org"), 401, "sign-in-refused")
    answer = tries(stranger, nia.email, password=PASSWORD, code=nia.code())
    refused(answer, 429, "too-many-attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 300
    assert tries(at(world, "198.51.100.7"), nia.email, password=PASSWORD, code=nia.code()).status_code == 204


def test_guesses_at_the_same_moment_are_counted(world: World, nia: Person) -> None:
    with ThreadPoolExecutor(24) as pool:
        found = [
            answer.status_code for answer in pool.map(lambda _: tries(world.client, nia.email), range(24))
        ]
    assert set(found) <= {401, 429, 503}
    assert found.count(401) <= 10


def test_a_stranger_locks_nobody_out_of_a_browser_that_has_signed_in_before(
    world: World, nia: Person
) -> None:
    known = known_of(nia.tries())
    for number in range(10):
        refused(tries(at(world, f"203.0.113.{number}"), nia.email), 401, "sign-in-refused")
    home, code = at(world, "203.0.113.1"), nia.code()  # even at the stranger's own address
    refused(tries(home, nia.email, password=PASSWORD, code=code), 429, "too-many-attempts")
    answer = tries(home, nia.email, password=PASSWORD, code=code, headers=known)
    assert answer.status_code == 204, answer.text
    assert Browser(world.client, secret_of(answer)).get("/v1/staff/session").status_code == 200


def test_a_browser_that_is_known_has_ten_guesses_of_its_own(world: World, nia: Person) -> None:
    known = known_of(nia.tries())
    for _ in range(10):
        refused(tries(world.client, nia.email, headers=known), 401, "sign-in-refused")
    refused(tries(world.client, nia.email, headers=known), 429, "too-many-attempts")
    assert tries(world.client, nia.email, password=PASSWORD, code=nia.code()).status_code == 204


def test_who_is_known_as_one_person_is_a_stranger_to_another_and_what_is_forged_is_nothing(
    world: World, nia: Person
) -> None:
    mia = person(world, "Mia Member")
    cookie = known_of(mia.tries())["Cookie"].removeprefix(f"{KNOWN}=")
    settings, where = world.settings, ("192.0.2.1", nia.email)
    assert known_devices.scope(settings, cookie, mia.email.upper(), "192.0.2.1")[0].startswith("known ")
    for wrong in (None, "", ".", cookie, cookie[:-1], cookie + "0", "x" * 5_000, "caf\u00e9.\u00e9", "a.b.c"):
        assert known_devices.scope(settings, wrong, nia.email, "192.0.2.1") == where, wrong
    assert mia.email not in cookie


def test_a_stolen_session_does_not_guess_its_way_to_a_second_factor(world: World, nia: Person) -> None:
    mine = nia.signs_in()
    for _ in range(10):
        refused(
            mine.post("/v1/staff/session/step-up", {"one_time_code": "000000"}), 422, "one-time-code-wrong"
        )
    code = nia.code()
    refused(mine.post("/v1/staff/session/step-up", {"one_time_code": code}), 429, "too-many-attempts")
    change = {"old": PASSWORD, "new": "many louder badgers"}
    refused(mine.put("/v1/staff/password", change), 429, "too-many-attempts")
    assert nia.tries(code=code).status_code == 204, "and whoever does so locks nobody out of signing in"


def test_who_is_signed_in_guesses_ten_codes_of_invitations_and_no_more(world: World, nia: Person) -> None:
    offer = {"email": nia.email, "role": "analyst"}
    code = world.olivia.post(f"{world.path}/members/invitations", offer).json()["code"]
    mine, mia = nia.signs_in(), person(world, "Mia Member").signs_in()
    for number in range(10):
        guess = {"code": f"AAAA-BBBB-{number:04}"}
        refused(mine.post("/v1/staff/invitations/join", guess), 422, "invitation-not-valid")
    answer = mine.post("/v1/staff/invitations/join", {"code": code})
    refused(answer, 429, "too-many-attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 300
    refused(mia.post("/v1/staff/invitations/join", {"code": code}), 422, "invitation-not-valid")
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        assert mine.post("/v1/staff/invitations/join", {"code": code}).status_code == 204


def test_what_was_guessed_is_stored_nowhere(world: World, nia: Person) -> None:
    tries(at(world, "203.0.113.9"), "nobody.at.all@example.org", password="my secret guess", code="987654")
    everything = str(contents(world.engine))
    for guess in ("nobody.at.all", "my secret guess", "987654", "203.0.113.9"):
        assert guess not in everything
