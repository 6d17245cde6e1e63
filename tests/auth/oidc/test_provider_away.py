"""A provider that is away, slow, or not what it says: 503, in time, and back by itself. Passwords go on."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI

from api.auth.oidc_provider import is_safe
from api.core import clock, outbound
from tests.auth.oidc.organisation import Organisation
from tests.auth.oidc.travelling import START, Site, comes_in, connected, goes, wrongs
from tests.auth.people import OURS, Person
from tests.meta.shape import nothing_stored, refused

DESCRIPTION, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/keys"
JSON = {"Content-Type": "application/json"}
ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "a fault": (500, b"{}", JSON),
    "somewhere else": (302, b"", {"Location": "http://127.0.0.1:1/"}),
    "no JSON": (200, b"<html>", {}),
    "JSON of another form": (200, b'{"issuer": 3, "id_token": 3, "keys": 3}', JSON),
    "too much": (200, b'{"padding": "' + b"x" * 300_000 + b'"}', JSON),
    "packed": (200, b"\x1f\x8b\x08\x00", {"Content-Encoding": "gzip"}),
}


def starts(site: Site) -> Any:
    found = site.client.get(START, headers=OURS, follow_redirects=False)
    site.client.cookies.clear()
    return found


def away(answer: Any) -> None:
    refused(answer, 503, "provider-away")
    assert int(answer.headers["Retry-After"]) > 0


def test_nobody_answers(site: Site, nia: Person, university: Organisation) -> None:
    connected(nia.signs_in())
    trip = goes(site.client)
    answer = trip.asks()
    university.stop()
    began = time.monotonic()
    with nothing_stored(site.engine, but={"spent_state"}):
        away(trip.returns(answer))
    assert time.monotonic() - began < 5
    assert nia.signs_in().get("/v1/staff/session").status_code == 200
    with time_machine.travel(clock.now().timestamp() + 3_601):
        away(starts(site))
    university.server.server_close()


@pytest.mark.parametrize("path", [DESCRIPTION, TOKEN, KEYS])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_none_is_a_503_and_counts_against_nobody(
    site: Site, nia: Person, university: Organisation, name: str, path: str
) -> None:
    connected(nia.signs_in())
    with time_machine.travel(clock.now().timestamp() + 3_601):
        trip = goes(site.client) if path != DESCRIPTION else None
        university.instead[path] = ANSWERS[name]
        for _ in range(11 if name == "a fault" else 1):
            away(trip.returns() if trip else starts(site))
            trip = goes(site.client) if trip else None
        university.instead.clear()
        assert wrongs(site.engine) == []
        comes_in(nia)


WRONG_DESCRIPTIONS: dict[str, Callable[[Organisation], dict[str, Any]]] = {
    "another issuer": lambda home: {"issuer": "https://login.example.org"},
    "the issuer with a slash": lambda home: {"issuer": home.url + "/"},
    "a token address inside": lambda home: {"token_endpoint": "http://10.0.0.1/token"},
    "a token address without TLS": lambda home: {"token_endpoint": "http://login.example.org/token"},
    "keys in a file": lambda home: {"jwks_uri": "file:///etc/passwd"},
    "keys without TLS": lambda home: {"jwks_uri": "http://login.example.org/keys"},
    "a page that is a script": lambda home: {"authorization_endpoint": "javascript:alert(1)"},
    "a page without TLS": lambda home: {"authorization_endpoint": "http://login.example.org/"},
    "a page with a password": lambda home: {"authorization_endpoint": "https://a:b@login.example.org/"},
    "a page that cannot be read": lambda home: {"authorization_endpoint": "https://["},
    "no page": lambda home: {"authorization_endpoint": ""},
}


@pytest.mark.parametrize("name", WRONG_DESCRIPTIONS)
def test_a_description_that_leads_elsewhere_is_not_followed(
    site: Site, university: Organisation, name: str
) -> None:
    university.description = WRONG_DESCRIPTIONS[name](university)
    away(starts(site))
    assert university.asked.keys() == {DESCRIPTION}
    university.description = {}
    goes(site.client)


def test_what_may_be_asked() -> None:
    far, near = "https://login.example.org", "http://127.0.0.1:9000"
    for safe in (far, far + "/a?b=c", "https://login.example.org:8443/"):
        assert is_safe(safe, far)
        assert is_safe(safe, near)
    for here in (near, "http://localhost:9000/a", "http://[::1]:9000/a", "http://127.9.9.9/"):
        assert is_safe(here, near)
        assert not is_safe(here, far)
    for never in (
        "",
        "https://",
        "//login.example.org",
        "ftp://login.example.org",
        "http://0.0.0.0/",
        far + "#a",
    ):
        assert not is_safe(never, near)


def test_a_slow_answer_is_not_waited_for(
    site: Site, university: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "_EACH_STEP", 0.2)
    describe, waiting = university.describe, []

    def slowly() -> dict[str, Any]:
        waiting.append(True)
        time.sleep(0.6)  # the provider's, not the test's: longer than anybody waits
        return describe()

    monkeypatch.setattr(university, "describe", slowly)
    away(starts(site))
    assert waiting
    monkeypatch.undo()
    goes(site.client)


def test_an_answer_that_drips_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, university: Organisation
) -> None:
    monkeypatch.setattr(outbound, "_ALTOGETHER", -1.0)
    with pytest.raises(outbound.NotAnswered):
        outbound.ask("GET", university.url + KEYS)


def test_no_more_than_a_few_are_asked_for_at_a_time(site: Site, university: Organisation) -> None:
    app = site.client.app
    assert isinstance(app, FastAPI)
    places = app.state.provider._places
    taken = [places.acquire(blocking=False) for _ in range(5)]
    assert taken == [True] * 4 + [False]
    away(starts(site))
    assert university.asked == {}
    places.release(4)
    goes(site.client)
