"""The web client's session lives in cookies that no script can read and no other site can use."""

from http.cookies import SimpleCookie
from typing import Any

import pytest

from api.core.ids import new_id
from tests.diary.test_at_once import together
from tests.meta.bodies import CONSENT
from tests.meta.shape import nothing_stored, refused
from tests.personas import World, entry_body

ACCESS, REFRESH = "__Host-daybook-access", "__Host-daybook-refresh"
OURS = {"Sec-Fetch-Site": "same-origin"}


def cookies_of(answer: Any) -> SimpleCookie:
    made = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        made.load(line)
    return made


@pytest.fixture
def browser(world: World) -> World:
    """A world whose client has joined as a browser does: the cookies are in its jar."""
    body = {"code": world.invite(), "attempt": str(new_id()), "consent": CONSENT, "cookies": True}
    answer = world.client.post("/v1/join", json=body)
    assert answer.status_code == 201, answer.text
    session = answer.json()["session"]
    assert (session["access_token"], session["refresh_token"]) == (None, None)
    found = cookies_of(answer)
    assert found.keys() == {ACCESS, REFRESH}
    for cookie in found.values():
        assert (cookie["httponly"], cookie["secure"], cookie["path"], cookie["domain"]) == (
            True,
            True,
            "/",
            "",
        )
        assert cookie["samesite"].lower() == "strict"
        assert cookie.value
        assert cookie.value not in answer.text
    return world


def test_a_cookie_reads(browser: World) -> None:
    assert browser.client.get("/v1/me").status_code == 200
    browser.client.cookies.clear()
    refused(browser.client.get("/v1/me"), 401, "unauthenticated")


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none", "", "Same-Origin"])
def test_a_change_that_our_own_page_did_not_make_is_refused(browser: World, site: str | None) -> None:
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    path = f"/v1/entries/{new_id()}"
    client = browser.client
    with nothing_stored(browser.engine):
        refused(client.put(path, json=entry_body(), headers=headers), 403, "cross-site")
        refused(client.delete(path, headers=headers), 403, "cross-site")
        refused(client.post("/v1/sync", json={}, headers=headers), 403, "cross-site")
        refused(client.put("/v1/me/contact", json={"name": "L"}, headers=headers), 403, "cross-site")
        refused(client.post("/v1/me/withdrawal", json={"scope": "erase"}, headers=headers), 403, "cross-site")
        refused(client.delete("/v1/session", headers=headers), 403, "cross-site")
        refused(client.post("/v1/session/refresh", json={}, headers=headers), 403, "cross-site")


def test_a_change_that_our_own_page_made_is_taken(browser: World) -> None:
    stored = browser.client.put(f"/v1/entries/{new_id()}", json=entry_body(), headers=OURS)
    assert stored.status_code == 201, stored.text
    assert browser.client.put("/v1/me/contact", json={"name": "L"}, headers=OURS).status_code == 204


def test_a_bearer_token_needs_no_page(browser: World) -> None:
    leo = browser.join()
    assert leo.keeps().status_code == 201


def test_refreshing_by_cookie_renews_the_cookies_and_shows_no_token(browser: World) -> None:
    answer = browser.client.post("/v1/session/refresh", json={}, headers=OURS)
    assert answer.status_code == 200, answer.text
    assert cookies_of(answer).keys() == {ACCESS, REFRESH}
    assert answer.json()["access_token"] is answer.json()["refresh_token"] is None
    assert browser.client.get("/v1/me").status_code == 200


def test_signing_out_takes_the_cookies_away(browser: World) -> None:
    kept = {cookie.name: cookie.value or "" for cookie in browser.client.cookies.jar}
    answer = browser.client.delete("/v1/session", headers=OURS)
    assert answer.status_code == 204
    assert {(name, cookie.value) for name, cookie in cookies_of(answer).items()} == {
        (ACCESS, ""),
        (REFRESH, ""),
    }
    old = "; ".join(f"{name}={value}" for name, value in kept.items())
    browser.client.cookies.clear()
    refused(browser.client.get("/v1/me", headers={"Cookie": old}), 401, "session-ended")
    refused(
        browser.client.post("/v1/session/refresh", json={}, headers=OURS | {"Cookie": old}),
        401,
        "session-ended",
    )


def test_a_spoiled_cookie_is_a_401(world: World) -> None:
    for value in ("x", "a.b.c", "x" * 30_000, world.olivia.token):
        refused(world.client.get("/v1/me", headers={"Cookie": f"{ACCESS}={value}"}), 401, "session-ended")
        spoiled = OURS | {"Cookie": f"{REFRESH}={value}"}
        answer = world.client.post("/v1/session/refresh", json={}, headers=spoiled)
        refused(answer, 401, "session-ended")
        assert "set-cookie" not in answer.headers


def test_two_tabs_that_refresh_by_the_same_cookie_end_with_the_same_cookie(browser: World) -> None:
    old = {"Cookie": "; ".join(f"{one.name}={one.value}" for one in browser.client.cookies.jar)}
    browser.client.cookies.clear()
    tabs = together(8, lambda _: browser.client.post("/v1/session/refresh", json={}, headers=OURS | old))
    assert {answer.status_code for answer in tabs} == {200}
    (same,) = {cookies_of(answer)[REFRESH].value for answer in tabs}
    browser.client.cookies.clear()
    later = browser.client.post(
        "/v1/session/refresh", json={}, headers=OURS | {"Cookie": f"{REFRESH}={same}"}
    )
    assert later.status_code == 200
