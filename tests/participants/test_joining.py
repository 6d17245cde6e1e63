"""Leo joins with a code and his consent, once, however often his phone must ask."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core import clock, db
from api.core.ids import new_id
from api.participants.models import Consent, Participant
from tests.meta.bodies import CONSENT
from tests.meta.shape import contents, nothing_stored, pointers, refused
from tests.personas import World


def join(world: World, code: str, attempt: Any = None, **changes: Any) -> Any:
    body = {"code": code, "attempt": str(attempt or new_id()), "consent": CONSENT} | changes
    return world.client.post("/v1/join", json=body)


def preview(world: World, code: str) -> Any:
    return world.client.post("/v1/join/preview", json={"code": code})


def test_a_code_shows_what_it_leads_to_without_being_used(world: World) -> None:
    code = world.invite()
    with nothing_stored(world.engine):
        shown = preview(world, code)
    assert shown.status_code == 200
    assert shown.json()["study_title"] == "Place leadership"
    assert {one["kind"] for one in shown.json()["documents"]} == {"information", "consent"}
    assert join(world, code).status_code == 201
    refused(preview(world, code), 422, "code-not-valid")


def test_a_code_is_stored_as_a_hash_and_shown_once(world: World) -> None:
    code = world.invite()
    assert code not in str(contents(world.engine))
    assert code not in world.olivia.get(f"{world.path}/participants").text


def test_a_code_is_forgiven_its_case_and_spaces(world: World) -> None:
    for spoil in (str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "):
        assert join(world, spoil(world.invite())).status_code == 201


def test_joining_is_recorded(world: World) -> None:
    joined = join(world, world.invite()).json()
    with db.reading(world.engine) as session:
        (consent,) = session.exec(select(Consent)).all()
        participant = session.exec(select(Participant)).one()
    assert (str(participant.id), participant.status) == (joined["participant_id"], "enrolled")
    assert (consent.document_version, consent.statements, consent.how) == (1, CONSENT["statements"], "app")
    me = world.client.get(
        "/v1/me", headers={"Authorization": f"Bearer {joined['session']['access_token']}"}
    ).json()
    assert (me["status"], me["consent_version"], me["sharing"]) == ("enrolled", 1, True)


def test_a_repeated_attempt_is_answered_again_and_another_is_refused(world: World) -> None:
    code, attempt = world.invite(), new_id()
    first = join(world, code, attempt).json()
    second = join(world, code, attempt)
    assert second.status_code == 201
    assert second.json()["participant_id"] == first["participant_id"]
    lost = {"Authorization": f"Bearer {first['session']['access_token']}"}
    refused(world.client.get("/v1/me", headers=lost), 401, "session-ended")
    assert len(contents(world.engine)["consent"]) == 1
    with db.reading(world.engine) as session:
        recorded = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
    assert [event.event for event in recorded[-2:]] == [Event.PARTICIPANT_ENROLLED, Event.DEVICE_REPLACED]
    replaced = recorded[-1]
    assert (str(replaced.object_id), replaced.detail) == (second.json()["session"]["device_id"], {"count": 1})
    assert str(replaced.actor_id) == first["participant_id"]
    noted = world.settings.ledger_path.read_text(encoding="utf-8")
    assert first["session"]["device_id"] in noted
    assert second.json()["session"]["device_id"] not in noted
    with nothing_stored(world.engine):
        refused(join(world, code), 422, "code-not-valid")
    with time_machine.travel(clock.now() + timedelta(hours=25)), nothing_stored(world.engine):
        refused(join(world, code, attempt), 422, "code-not-valid")


def test_sixteen_phones_with_one_code_are_one_participant(world: World) -> None:
    code = world.invite()
    with ThreadPoolExecutor(16) as pool:
        found = sorted(pool.map(lambda _: join(world, code).status_code, range(16)))
    assert found == [201] + [422] * 15
    stored = contents(world.engine)
    assert (len(stored["consent"]), len(stored["device"])) == (1, 1)


def test_wrong_and_expired_codes_have_one_answer(world: World) -> None:
    code = world.invite()
    with nothing_stored(world.engine):
        wrong = refused(join(world, "AAAA-BBBB-CCCC"), 422, "code-not-valid")
        for never in (code[:-1], code + "A", "\u00df" * 12, "        ", "-" * 12):
            refused(join(world, never), 422, "code-not-valid")
            refused(preview(world, never), 422, "code-not-valid")
    with time_machine.travel(clock.now() + timedelta(days=31)), nothing_stored(world.engine):
        late = refused(join(world, code), 422, "code-not-valid")
    assert wrong | {"request_id": 0} == late | {"request_id": 0}


@pytest.mark.parametrize(
    ("consent", "wanted"),
    [
        ({"statements": {"read": True, "take_part": False}}, {"/consent/statements/take_part"}),
        ({"statements": {"read": True}}, {"/consent/statements/take_part"}),
        ({"statements": {}}, {"/consent/statements/read", "/consent/statements/take_part"}),
        ({"statements": CONSENT["statements"] | {"sell": True}}, {"/consent/statements/sell"}),  # type: ignore[operator]
        ({"document_version": 2}, None),
    ],
)
def test_an_incomplete_consent_is_refused(
    world: World, consent: dict[str, Any], wanted: set[str] | None
) -> None:
    code = world.invite()
    with nothing_stored(world.engine):
        body = refused(join(world, code, consent=CONSENT | consent), 422, "consent-incomplete")
    assert wanted is None or pointers(body) == wanted
    assert join(world, code).status_code == 201, "the code is still good"


def test_an_old_version_of_the_form_is_refused(world: World) -> None:
    code = world.invite()
    form = {"kind": "consent", "text": {"en": "New."}, "statements": [{"key": "all", "text": {"en": "All."}}]}
    assert world.olivia.post(f"{world.path}/documents", form).status_code == 201
    with nothing_stored(world.engine):
        refused(join(world, code), 422, "consent-incomplete")
    agreed = {"document_version": 2, "statements": {"all": True}}
    assert join(world, code, consent=agreed).status_code == 201


def test_nobody_joins_a_study_that_is_not_open(world: World) -> None:
    code = world.invite()
    world.olivia.post(f"{world.path}/status", {"status": "paused"})
    with nothing_stored(world.engine):
        refused(join(world, code), 403, "study-not-open")
        refused(world.olivia.post(f"{world.path}/invitations", {"count": 1}), 403, "study-not-open")


def test_invitations_are_counted_and_listed(world: World) -> None:
    made = world.olivia.post(f"{world.path}/invitations", {"count": 3, "days": 2}).json()
    assert len({one["code"] for one in made}) == 3
    listed = world.olivia.get(f"{world.path}/participants").json()
    assert [one["id"] for one in listed] == [one["participant_id"] for one in made]
    assert {one["status"] for one in listed} == {"invited"}
    page = world.olivia.get(f"{world.path}/participants?limit=2").json()
    rest = world.olivia.get(f"{world.path}/participants?limit=2&after={page[-1]['id']}").json()
    assert page + rest == listed
    with nothing_stored(world.engine):
        for wrong in (
            {"count": 0},
            {"count": 501},
            {"count": 10**20},
            {"days": 0},
            {"count": "many"},
            {"extra": 1},
        ):
            refused(world.olivia.post(f"{world.path}/invitations", wrong), 422, "invalid")
        for query in ("limit=0", "limit=501", f"limit={10**20}", "limit=x", "after=x"):
            refused(world.olivia.get(f"{world.path}/participants?{query}"), 422, "invalid")


def test_consent_can_be_given_anew_and_the_earlier_one_is_kept_as_ended(world: World) -> None:
    leo = world.join()
    assert leo.get("/v1/me").json()["sharing"]
    less = CONSENT | {"statements": {"read": True, "take_part": True, "share": False}}
    assert leo.put("/v1/me/consent", less).status_code == 204
    assert not leo.get("/v1/me").json()["sharing"]
    with db.reading(world.engine) as session:
        ends = [consent.withdrawn_at is None for consent in session.exec(select(Consent).order_by("id"))]
    assert ends == [False, True]
    with nothing_stored(world.engine):
        refused(leo.put("/v1/me/consent", CONSENT | {"document_version": 2}), 422, "consent-incomplete")
        body = refused(
            leo.put("/v1/me/consent", less | {"statements": {"sell": True}}), 422, "consent-incomplete"
        )
    assert pointers(body) == {"/statements/sell", "/statements/read", "/statements/take_part"}
