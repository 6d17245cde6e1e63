"""Leo takes a second phone: the first shows a code, once, and the second signs in by it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core import clock, db
from api.core.ids import new_id
from tests.auth.test_cookies import ACCESS, OURS, REFRESH, cookies_of
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import Caller, Leader, World


def code_of(leo: Caller) -> str:
    made = leo.post("/v1/me/device-code")
    assert made.status_code == 201, made.text
    return str(made.json()["code"])


def sign_in(world: World, code: str, attempt: Any = None, **more: Any) -> Any:
    headers = more.pop("headers", {})
    body = {"code": code, "attempt": str(attempt or new_id()), "device_name": "Leo's tablet"} | more
    return world.client.post("/v1/session/code", json=body, headers=headers)


def by(world: World, answer: Any) -> Caller:
    return Caller(world.client, answer.json()["access_token"])


def events(world: World) -> list[str]:
    with db.reading(world.engine) as session:
        return [event.event for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))]


def test_the_second_phone_is_signed_in_and_the_first_stays_so(world: World) -> None:
    leo = world.join()
    kept = leo.keeps().json()["id"]
    second = by(world, sign_in(world, code_of(leo)))
    assert second.get(f"/v1/entries/{kept}").status_code == 200
    assert leo.get("/v1/me").status_code == 200
    names = [device["name"] for device in leo.get("/v1/me/devices").json()]
    assert names == ["Phone", "Leo's tablet"]
    assert events(world)[-2:] == [Event.DEVICE_CODE_MADE, Event.DEVICE_ADDED]


def test_a_code_is_stored_as_a_hash_and_is_good_for_ten_minutes(world: World) -> None:
    leo = world.join()
    made = leo.post("/v1/me/device-code").json()
    assert made.keys() == {"code", "expires_at"}
    assert made["code"] not in str(contents(world.engine))
    left = clock.now() + timedelta(minutes=10)
    assert abs((left - datetime.fromisoformat(made["expires_at"])).total_seconds()) < 60


def test_a_code_is_forgiven_its_case_and_spaces(world: World) -> None:
    code = code_of(world.join())
    assert sign_in(world, f" {code.lower().replace('-', ' ')} ").status_code == 201


def test_wrong_used_old_and_expired_codes_have_one_answer(world: World) -> None:
    leo = world.join()
    old, attempt = code_of(leo), new_id()
    used = code_of(leo)
    assert sign_in(world, used, attempt).status_code == 201
    late = code_of(world.join())
    with nothing_stored(world.engine):
        said = [
            refused(sign_in(world, code), 422, "code-not-valid") for code in (old, used, "AAAA-BBBB-CCCC")
        ]
    with time_machine.travel(clock.now() + timedelta(minutes=11)), nothing_stored(world.engine):
        said += [refused(sign_in(world, late), 422, "code-not-valid")]
        said += [refused(sign_in(world, used, attempt), 422, "code-not-valid")]
    assert len({str(body | {"request_id": 0}) for body in said}) == 1


def test_a_lost_answer_is_given_again_in_place_of_the_first(world: World) -> None:
    leo = world.join()
    code, attempt = code_of(leo), new_id()
    first = sign_in(world, code, attempt)
    second = sign_in(world, code, attempt)
    third = sign_in(world, code, attempt)
    assert second.status_code == third.status_code == 201
    for lost in (first, second):
        refused(by(world, lost).get("/v1/me"), 401, "session-ended")
    assert by(world, third).get("/v1/me").status_code == 200
    assert leo.get("/v1/me").status_code == 200, "only what was lost is signed out"
    assert events(world)[-2:] == [Event.DEVICE_REPLACED] * 2
    noted = world.settings.ledger_path.read_text(encoding="utf-8")
    assert first.json()["device_id"] in noted
    assert third.json()["device_id"] not in noted
    assert leo.device_id not in noted


def test_sixteen_phones_with_one_code_are_one_device_more(world: World) -> None:
    leo = world.join()
    code = code_of(leo)
    with ThreadPoolExecutor(16) as pool:
        found = sorted(pool.map(lambda _: sign_in(world, code).status_code, range(16)))
    assert found == [201] + [422] * 15
    assert len(leo.get("/v1/me/devices").json()) == 2


def test_codes_made_at_the_same_moment_are_one_code(world: World) -> None:
    leo = world.join()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: code_of(leo), range(8)))
    assert len(contents(world.engine)["device_code"]) == 1
    assert sorted(sign_in(world, code).status_code for code in codes) == [201] + [422] * 7


def _signs_out(_: World, leo: Leader) -> Any:
    return leo.delete("/v1/session")


def _signs_another_device_out(world: World, leo: Leader) -> Any:
    with db.transaction(world.engine) as session:
        from api.auth import sessions

        other = sessions.start(session, world.settings, leo.participant_id, world.study_id, "Lost")
    return leo.delete(f"/v1/me/devices/{other.device_id}")


def _is_signed_out_by_the_team(world: World, leo: Leader) -> Any:
    return world.olivia.delete(f"{world.path}/participants/{leo.participant_id}/devices/{leo.device_id}")


def _leaves(_: World, leo: Leader) -> Any:
    return leo.post("/v1/me/withdrawal", {"scope": "out_of_releases"})


def _is_erased(_: World, leo: Leader) -> Any:
    return leo.post("/v1/me/withdrawal", {"scope": "erase"})


@pytest.mark.parametrize(
    "end",
    [_signs_out, _signs_another_device_out, _is_signed_out_by_the_team, _leaves, _is_erased],
    ids=lambda end: end.__name__[1:],
)
def test_a_code_ends_with_what_it_came_from(world: World, end: Callable[[World, Leader], Any]) -> None:
    leo = world.join()
    code = code_of(leo)
    assert end(world, leo).status_code < 300
    assert contents(world.engine)["device_code"] == []
    with nothing_stored(world.engine):
        refused(sign_in(world, code), 422, "code-not-valid")


def test_a_copied_token_ends_the_code_too(world: World) -> None:
    leo = world.join()
    code = code_of(leo)
    spent = leo.refresh_token
    for _ in range(2):
        body = {"refresh_token": spent}
        spent = world.client.post("/v1/session/refresh", json=body).json()["refresh_token"]
    refused(world.client.post("/v1/session/refresh", json={"refresh_token": leo.refresh_token}), 401, None)
    refused(sign_in(world, code), 422, "code-not-valid")


def test_a_repeat_does_not_bring_back_what_was_signed_out(world: World) -> None:
    leo = world.join()
    code, attempt = code_of(leo), new_id()
    second = sign_in(world, code, attempt).json()["device_id"]
    assert leo.delete(f"/v1/me/devices/{second}").status_code == 204
    with nothing_stored(world.engine):
        refused(sign_in(world, code, attempt), 422, "code-not-valid")


def test_who_has_left_makes_no_code(world: World) -> None:
    leo = world.join()
    _leaves(world, leo)
    with nothing_stored(world.engine):
        refused(leo.post("/v1/me/device-code"), 403, "participant-withdrawn")


def test_a_browser_keeps_the_session_in_cookies(world: World) -> None:
    code = code_of(world.join())
    for site in ("cross-site", "same-site", "none"):
        other = sign_in(world, code, cookies=True, headers={"Sec-Fetch-Site": site})
        refused(other, 403, "cross-site")
    answer = sign_in(world, code, cookies=True, headers=OURS)
    assert (answer.json()["access_token"], answer.json()["refresh_token"]) == (None, None)
    assert cookies_of(answer).keys() == {ACCESS, REFRESH}
    assert world.client.get("/v1/me").status_code == 200


def test_guesses_count_with_those_at_invitations(world: World) -> None:
    code = code_of(world.join())
    for number in range(50):
        refused(sign_in(world, f"AAAA-BBBB-{number:04}"), 422, "code-not-valid")
        preview = world.client.post("/v1/join/preview", json={"code": f"AAAA-CCCC-{number:04}"})
        refused(preview, 422, "code-not-valid")
    refused(sign_in(world, code), 429, "too-many-attempts")


def test_nobody_makes_a_code_for_somebody_else(world: World) -> None:
    with nothing_stored(world.engine):
        refused(world.client.post("/v1/me/device-code"), 401, "unauthenticated")
        refused(world.olivia.post("/v1/me/device-code"), 401, "wrong-credential")


def test_the_documents_are_the_latest(world: World) -> None:
    leo = world.join()
    before = {one["kind"]: one["version"] for one in leo.get("/v1/me/documents").json()}
    assert before == {"information": 1, "consent": 1}
    sheet = {"kind": "information", "text": {"en": "What is new."}}
    assert world.olivia.post(f"{world.path}/documents", sheet).status_code == 201
    after = {one["kind"]: one for one in leo.get("/v1/me/documents").json()}
    assert after["information"]["version"] == 2
    assert after["information"]["text"] == {"en": "What is new."}
    refused(world.client.get("/v1/me/documents"), 401, "unauthenticated")
    refused(world.olivia.get("/v1/me/documents"), 401, "wrong-credential")
