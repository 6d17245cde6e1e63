"""An answer of the provider is good once, for ten minutes, in the browser that asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import select

from api.auth import oidc_flow
from api.auth.account_models import SpentState
from api.core import clock, db
from api.core.config import Settings
from api.main import create_app
from tests.auth.oidc.organisation import CLIENT_ID, CLIENT_SECRET, Organisation
from tests.auth.oidc.test_refusals import SLUG, one_wrong
from tests.auth.oidc.travelling import CALLBACK, KEPT, Site, connected, goes, signed_in
from tests.auth.people import Person
from tests.meta.shape import nothing_stored, refused


@pytest.fixture
def known(nia: Person) -> Person:
    connected(nia.signs_in())
    return nia


def test_a_state_comes_back_once(site: Site, known: Person, university: Organisation) -> None:
    trip = goes(site.client)
    signed_in(trip.returns(), site.client)
    exchanged = len(university.forms)
    with one_wrong(site, "state"):
        refused(trip.returns(), 401, SLUG, "with a new code of the provider for the same question")
    assert len(university.forms) == exchanged, "the new code is not even shown to the provider"


def test_a_state_is_used_up_in_every_process(
    site: Site, known: Person, settings: Settings, university: Organisation
) -> None:
    trip = goes(site.client)
    signed_in(trip.returns(), site.client)
    with TestClient(create_app(settings), base_url="https://testserver") as other:
        trip.client = other
        refused(trip.returns(), 401, SLUG)


def test_a_state_that_many_bring_at_once_signs_in_once(site: Site, known: Person) -> None:
    trip = goes(site.client)
    answers = [trip.asks() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = [one.status_code for one in pool.map(trip.returns, answers)]
    assert found.count(303) == 1, found
    assert set(found) <= {303, 401, 503}


def test_a_refused_answer_uses_the_state_up(site: Site, known: Person, university: Organisation) -> None:
    trip = goes(site.client)
    university.refuses = "login_required"
    refused(trip.returns(), 401, SLUG)
    university.refuses = None
    with one_wrong(site, "state"):
        refused(trip.returns(), 401, SLUG)


def test_the_state_of_another_browser_is_refused(site: Site, known: Person) -> None:
    mine, another = goes(site.client), goes(site.client)
    answer = another.asks()  # of somebody who wants me to work in their account
    with one_wrong(site, "state"):
        refused(mine.returns(answer), 401, SLUG)
    with one_wrong(site, "state"):
        refused(mine.returns(answer, kept=""), 401, SLUG)
    signed_in(another.returns(answer), site.client)
    signed_in(mine.returns(), site.client)


def test_another_flows_code_is_refused_by_the_provider(site: Site, known: Person) -> None:
    """A stolen code is worth nothing without the verifier of the browser that asked for it."""
    mine, stolen = goes(site.client), goes(site.client).asks()["code"]
    with one_wrong(site, "code"):
        refused(mine.returns(mine.asks() | {"code": stolen}), 401, SLUG)


def test_without_the_verifier_the_provider_gives_nothing(
    site: Site, known: Person, university: Organisation
) -> None:
    university.methods = ["client_secret_post"]
    own = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    own["redirect_uri"] = f"https://testserver{CALLBACK}"
    for verifier in ({}, {"code_verifier": "x" * 43}):
        code = {"code": goes(site.client).asks()["code"]}
        assert university.exchange(own | code | verifier, "") == (400, {"error": "invalid_grant"})
    with TestClient(create_app(site.settings), base_url="https://testserver") as client:
        signed_in(goes(client).returns(), client)


@pytest.mark.parametrize("missing", ["state", "code"])
def test_half_an_answer_is_refused(site: Site, known: Person, missing: str) -> None:
    trip = goes(site.client)
    answer = trip.asks()
    del answer[missing]
    with one_wrong(site, "state" if missing == "state" else "provider"):
        refused(trip.returns(answer), 401, SLUG)


def test_an_answer_of_another_provider_is_refused(site: Site, known: Person) -> None:
    trip = goes(site.client)
    with one_wrong(site, "provider"):
        refused(trip.returns(trip.asks() | {"iss": "https://login.example.org"}), 401, SLUG)


def test_an_answer_comes_within_ten_minutes(site: Site, known: Person) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        late, in_time = goes(site.client), goes(site.client)
        at.shift(599)
        signed_in(in_time.returns(), site.client)
        at.shift(1)
        with one_wrong(site, "state"):
            refused(late.returns(), 401, SLUG)


def test_used_states_are_not_kept_for_ever(site: Site, known: Person) -> None:
    for _ in range(2):
        signed_in(goes(site.client).returns(), site.client)
    with time_machine.travel(clock.now().timestamp() + 700):
        signed_in(goes(site.client).returns(), site.client)
    with db.reading(site.engine) as session:
        assert len(session.exec(select(SpentState)).all()) == 1


@pytest.mark.parametrize("spoiled", ["first", "last", "short", "long", "unicode", "another key"])
def test_what_the_browser_keeps_cannot_be_made_up(site: Site, known: Person, spoiled: str) -> None:
    trip = goes(site.client)
    kept, answer = trip.kept, trip.asks()
    changed = {
        "first": ("B" if kept[0] == "A" else "A") + kept[1:],
        "last": kept[:-5] + ("BBBBB" if kept[-5] == "A" else "AAAAA"),
        "short": kept[:10],
        "long": kept * 10,
        "unicode": "\u00e9" * 40,
        "another key": goes_elsewhere(site, trip.question["state"]),
    }[spoiled]
    with one_wrong(site, "state"):
        headers = {b"Cookie": f"{KEPT}={changed}".encode("latin-1")}
        found = site.client.get(CALLBACK, params=answer, headers=headers, follow_redirects=False)
        refused(found, 401, SLUG)


def goes_elsewhere(site: Site, state: str) -> str:
    """Seal a flow under a key that is not the service's."""
    flow = oidc_flow.begin().model_copy(update={"state": state})
    return oidc_flow.seal(site.settings.model_copy(update={"signing_key": SecretStr("x" * 40)}), flow)


def test_a_change_of_the_signing_key_keeps_who_is_on_the_way(
    site: Site, known: Person, settings: Settings
) -> None:
    trip = goes(site.client)
    rotated = settings.model_copy(
        update={"signing_key": SecretStr("n" * 40), "old_signing_keys": settings.signing_key}
    )
    with TestClient(create_app(rotated), base_url="https://testserver") as renewed:
        trip.client = renewed
        signed_in(trip.returns(), renewed)


@pytest.mark.parametrize("name", ["state", "code", "iss"])
def test_an_answer_beyond_all_bounds_is_refused_without_repeating_it(site: Site, name: str) -> None:
    with nothing_stored(site.engine):
        answer = site.client.get(CALLBACK, params={name: "x" * 2_001}, follow_redirects=False)
    found = refused(answer, 422, "invalid")
    assert [one["pointer"] for one in found["errors"]] == [f"/query/{name}"]


def test_ten_refusals_from_one_address_and_no_more(site: Site, known: Person) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        for _ in range(10):
            refused(goes(site.client).returns({"state": "made up", "code": "made up"}), 401, SLUG)
        trip = goes(site.client)
        found = trip.returns()
        refused(found, 429, "too-many-attempts")
        assert found.headers["Retry-After"] == "300"
        at.shift(300)
        signed_in(trip.returns(), site.client)


def test_who_comes_in_is_not_counted(site: Site, known: Person) -> None:
    for _ in range(12):
        signed_in(goes(site.client).returns(), site.client)
