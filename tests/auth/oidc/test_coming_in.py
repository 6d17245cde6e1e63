"""Nia connects her account once, and comes in through her university from then on."""

from typing import Any

import pytest
import time_machine
from sqlmodel import col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core import clock, db
from tests.auth.oidc.organisation import Organisation, ec_key, rsa_key
from tests.auth.oidc.travelling import (
    CONNECT,
    KEPT,
    START,
    Site,
    comes_in,
    connected,
    connects,
    goes,
    identities,
    signed_in,
)
from tests.auth.people import OURS, Browser, Person, secret_of
from tests.meta.shape import contents, nothing_stored, refused

ME = "/v1/staff/session"


def told(site: Site) -> list[tuple[Event, Any]]:
    with db.reading(site.engine) as session:
        found = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
        return [(one.event, one.detail) for one in found]


def test_nia_connects_her_account_and_comes_in_without_a_password(
    site: Site, nia: Person, university: Organisation
) -> None:
    first = connected(nia.signs_in())
    assert identities(site.engine) == ["nia at the university"]
    university.email, university.email_verified = "nia@elsewhere.example.org", False
    second = comes_in(nia)
    shown = second.get(ME).json()
    assert (shown["email"], shown["signed_in_by"]) == (nia.email, "provider")
    assert first.get(ME).json()["signed_in_by"] == "password"
    listed = second.get("/v1/staff/sessions").json()
    assert [one["signed_in_by"] for one in listed] == ["password", "provider"]
    assert told(site)[-3:] == [
        (Event.SESSION_STARTED, {"by": "password"}),
        (Event.IDENTITY_CONNECTED, {}),
        (Event.SESSION_STARTED, {"by": "provider"}),
    ]


def test_what_is_weighty_waits_for_her_authenticator(site: Site, nia: Person) -> None:
    connected(nia.signs_in())
    here = comes_in(nia)
    refused(here.get(CONNECT, follow_redirects=False), 403, "step-up-needed")
    body = {"one_time_code": nia.code()}
    answer = here.post("/v1/staff/session/step-up", body)
    site.client.cookies.clear()
    assert answer.status_code == 204, answer.text
    stepped_up = Browser(site.client, secret_of(answer))
    assert stepped_up.get(CONNECT, follow_redirects=False).status_code == 303


def test_connecting_needs_a_session_with_a_second_factor_of_late(site: Site, nia: Person) -> None:
    here = nia.signs_in()
    refused(site.client.get(CONNECT, headers=OURS, follow_redirects=False), 401, "unauthenticated")
    with time_machine.travel(clock.now().timestamp() + 601):
        refused(here.get(CONNECT, follow_redirects=False), 403, "step-up-needed")


def test_signing_in_again_ends_what_the_browser_had(site: Site, nia: Person) -> None:
    former = connected(nia.signs_in())
    second = signed_in(goes(site.client, former.headers).returns(), site.client)
    refused(former.get(ME), 401, "session-ended")
    assert second.get(ME).status_code == 200


def test_a_second_click_changes_nothing(site: Site, nia: Person) -> None:
    here = connected(nia.signs_in())
    with nothing_stored(site.engine, but={"spent_state"}):
        connected(here)
    assert comes_in(nia).get(ME).status_code == 200


def test_what_the_browser_keeps_is_for_ten_minutes_and_no_script(site: Site) -> None:
    with nothing_stored(site.engine):
        sent = site.client.get(START, headers=OURS, follow_redirects=False)
        site.client.cookies.clear()
    (line,) = sent.headers.get_list("set-cookie")
    parts = {part.strip().lower() for part in line.split(";")[1:]}
    assert parts == {"httponly", "secure", "path=/", "samesite=lax", "max-age=600"}
    trip = goes(site.client)
    assert not {trip.question["state"], trip.question["nonce"]} & set(trip.kept.split("."))
    assert len(trip.kept) < 1_000


def test_the_question_is_what_the_standard_asks_for(site: Site, university: Organisation) -> None:
    first, second = goes(site.client), goes(site.client)
    asked = first.question
    assert first.address.startswith(f"{university.url}/authorize?tenant=1&")
    assert asked["scope"] == "openid email"
    assert asked["redirect_uri"] == "https://testserver/v1/staff/oidc/callback"
    assert len(asked["state"]) == len(asked["nonce"]) == len(asked["code_challenge"]) == 43
    for name in ("state", "nonce", "code_challenge"):
        assert asked[name] != second.question[name]


@pytest.mark.parametrize("site_", ["cross-site", "same-site", None])
def test_another_sites_page_signs_nobody_in(site: Site, site_: str | None) -> None:
    headers = {} if site_ is None else {"Sec-Fetch-Site": site_}
    refused(site.client.get(START, headers=headers, follow_redirects=False), 403, "cross-site")


@pytest.mark.parametrize("name", ["next", "return_to", "redirect_uri", "Location"])
def test_nobody_is_sent_elsewhere(site: Site, nia: Person, name: str) -> None:
    connected(nia.signs_in())
    elsewhere = {name: "https://evil.example.com/"}
    sent = site.client.get(START, params=elsewhere, headers=OURS, follow_redirects=False)
    site.client.cookies.clear()
    assert "evil" not in sent.headers["Location"]
    trip = goes(site.client, OURS | {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"})
    assert "evil" not in trip.address
    answer = trip.returns(trip.asks() | elsewhere)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_the_secret_travels_to_the_provider_alone(site: Site, nia: Person, university: Organisation) -> None:
    connected(nia.signs_in())
    trip = goes(site.client)
    assert "secret" not in trip.address
    assert trip.returns().status_code == 303
    (form,) = university.forms[1:]
    assert form.keys() == {"grant_type", "code", "redirect_uri", "code_verifier"}
    assert nothing_of("a secret", site)


def nothing_of(word: str, site: Site) -> bool:
    return word not in str(contents(site.engine))


def test_a_provider_that_wants_the_secret_in_the_body_gets_it_there(
    nia: Person, university: Organisation
) -> None:
    university.methods = ["client_secret_post"]
    connected(nia.signs_in())
    assert university.forms[0]["client_id"] == "daybook"


def test_keys_are_asked_for_once_and_again_when_a_new_one_signs(
    site: Site, nia: Person, university: Organisation
) -> None:
    connected(nia.signs_in())
    comes_in(nia)
    assert university.asked["/keys"] == university.asked["/.well-known/openid-configuration"] == 1
    university.published["second"] = university.key = rsa_key("second")
    university.kid = "second"
    comes_in(nia)
    assert university.asked["/keys"] == 2
    comes_in(nia)
    assert university.asked["/keys"] == 2
    with time_machine.travel(clock.now().timestamp() + 3_601):
        del university.published["second"]
        answer = goes(site.client).returns()
        refused(answer, 401, "provider-sign-in-refused", "a key that was withdrawn is not believed for long")


def test_elliptic_curves_are_as_good(nia: Person, university: Organisation) -> None:
    university.published["curve"] = university.key = ec_key("first")
    university.kid, university.algorithm = "curve", "ES256"
    connected(nia.signs_in())


def test_the_answer_takes_what_the_browser_kept(site: Site, nia: Person) -> None:
    answer = connects(nia.signs_in()).returns()
    (line,) = answer.headers.get_list("set-cookie")
    assert line.startswith(f'{KEPT}=""; ')
    assert "max-age=0" in line.lower()


def test_signing_out_leaves_the_provider_alone(site: Site, nia: Person, university: Organisation) -> None:
    connected(nia.signs_in())
    here = comes_in(nia)
    asked = university.asked.copy()
    assert here.delete(ME).status_code == 204
    refused(here.get(ME), 401, "session-ended")
    assert university.asked == asked
