"""A refresh token is used once: a lost answer is given again, a copied token ends the session."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.auth.models import Device
from api.core import crypto, db
from tests.auth.test_sessions import doors, second_phone
from tests.databases import downgrade, upgrade
from tests.diary.test_at_once import together
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import Leader, World

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
GRACE = timedelta(minutes=10)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as at:
        yield at


@pytest.fixture
def leo(noon: time_machine.Traveller, world: World) -> Leader:
    """Leo, who joined at noon."""
    return world.join()


def ask(leo: Leader, token: str) -> Any:
    return leo.client.post("/v1/session/refresh", json={"refresh_token": token})


def successor(leo: Leader, token: str) -> str:
    answer = ask(leo, token)
    assert answer.status_code == 200, answer.text
    assert answer.json()["device_id"] == leo.device_id
    leo.token = answer.json()["access_token"]
    return str(answer.json()["refresh_token"])


def reuses(world: World) -> list[AuditEvent]:
    with db.reading(world.engine) as session:
        return [*session.exec(select(AuditEvent).where(AuditEvent.event == Event.DEVICE_TOKEN_REUSED)).all()]


def is_out(leo: Leader) -> None:
    for answer in doors(leo):
        refused(answer, 401, "session-ended")


def test_each_refresh_spends_its_token_for_another(leo: Leader, noon: time_machine.Traveller) -> None:
    tokens = [leo.refresh_token]
    for _ in range(5):
        noon.shift(timedelta(minutes=15))
        tokens.append(successor(leo, tokens[-1]))
        assert leo.get("/v1/me").status_code == 200
    assert len(set(tokens)) == 6


def test_an_answer_that_was_lost_on_a_train_is_given_again(
    leo: Leader, world: World, noon: time_machine.Traveller
) -> None:
    first = successor(leo, leo.refresh_token)
    for _ in range(3):
        noon.shift((GRACE - timedelta(seconds=1)) / 3)
        assert successor(leo, leo.refresh_token) == first
        assert leo.get("/v1/me").status_code == 200
    assert successor(leo, first) != first
    assert reuses(world) == []


def test_the_first_token_after_the_grace_ends_the_session_and_is_in_the_audit(
    leo: Leader, world: World, noon: time_machine.Traveller
) -> None:
    tablet = second_phone(leo, world)
    current = successor(leo, leo.refresh_token)
    noon.shift(GRACE)
    for token in (leo.refresh_token, leo.refresh_token, current):
        refused(ask(leo, token), 401, "session-ended")
    is_out(leo)
    (event,) = reuses(world)
    assert (event.actor_kind, str(event.object_id)) == ("anonymous", leo.device_id)
    assert event.study_id == world.study_id
    assert tablet.get("/v1/me").status_code == 200
    assert ask(tablet, tablet.refresh_token).status_code == 200


@pytest.mark.parametrize("generations", [2, 3, 20])
def test_a_token_that_was_spent_long_ago_is_known_for_a_copy(
    leo: Leader, world: World, generations: int
) -> None:
    current = leo.refresh_token
    for _ in range(generations):
        current = successor(leo, current)
    refused(
        ask(leo, leo.refresh_token), 401, "session-ended"
    )  # at once: the grace is for the last token only
    refused(ask(leo, current), 401, "session-ended")
    is_out(leo)
    assert len(reuses(world)) == 1


def test_a_thief_who_is_first_is_thrown_out_when_the_leader_comes(
    leo: Leader, world: World, noon: time_machine.Traveller
) -> None:
    thief = Leader(leo.client, "", leo.participant_id, device_id=leo.device_id)
    stolen = successor(thief, leo.refresh_token)
    noon.shift(timedelta(hours=1))
    stolen = successor(thief, stolen)
    refused(ask(leo, leo.refresh_token), 401, "session-ended")
    is_out(thief)
    refused(ask(thief, stolen), 401, "session-ended")


def test_a_stranger_ends_nobodys_session(leo: Leader, world: World) -> None:
    current = successor(leo, leo.refresh_token)
    family, rest = current.split(".")
    with nothing_stored(world.engine):
        for made_up in (
            leo.device_id,
            f"dbr_{leo.device_id}",
            f"{family[:-1]}.{rest}",
            rest,
            f".{rest}",
            ".",
        ):
            refused(ask(leo, made_up), 401, "session-ended", made_up)
        huge = "x" * 900_000
        refused(ask(leo, huge), 401, "session-ended")
    assert ask(leo, current).status_code == 200


def test_a_hundred_at_once_with_one_token_get_one_successor(leo: Leader, world: World) -> None:
    answers = together(100, lambda _: ask(leo, leo.refresh_token))
    assert {answer.status_code for answer in answers} == {200}
    (same,) = {answer.json()["refresh_token"] for answer in answers}
    assert ask(leo, same).status_code == 200
    assert reuses(world) == []
    assert contents(world.engine)["attempt"] == []


def test_forty_at_once_with_a_copy_are_one_event(leo: Leader, world: World) -> None:
    successor(leo, successor(leo, leo.refresh_token))
    answers = together(40, lambda _: ask(leo, leo.refresh_token))
    assert {answer.status_code for answer in answers} == {401}
    assert len(reuses(world)) == 1


def test_the_database_alone_yields_no_token(leo: Leader, world: World) -> None:
    current = successor(leo, leo.refresh_token)
    stored = str(contents(world.engine))
    for secret in (leo.refresh_token, current, *current.split(".")):
        assert secret not in stored
    with db.reading(world.engine) as session:
        (device,) = session.exec(select(Device)).all()
    assert device.successor is not None
    assert crypto.open_under(leo.refresh_token, device.successor) == current
    for known in (device.refresh_hash, device.family_hash, device.parent_hash, str(device.id), current):
        with pytest.raises(crypto.KeyDestroyed):
            crypto.open_under(known or "", device.successor)


def test_a_phone_whose_clock_is_years_off_refreshes_like_any_other(leo: Leader) -> None:
    token = leo.refresh_token
    for year in (1970, 2099):
        headers = {"Date": f"Thu, 01 Jan {year} 00:00:00 GMT", "Daybook-Sent-At": f"{year}-01-01T00:00:00Z"}
        answer = leo.client.post("/v1/session/refresh", json={"refresh_token": token}, headers=headers)
        assert answer.status_code == 200
        assert (
            answer.json()["expires_in"] == 900
        )  # seconds from now, so that the phone's date does not matter
        token = answer.json()["refresh_token"]


def test_a_phone_that_joined_before_the_tokens_rotated_stays_signed_in(
    leo: Leader, world: World, noon: time_machine.Traveller
) -> None:
    downgrade(world.settings, "0006")
    upgrade(world.settings)
    assert leo.get("/v1/me").status_code == 200
    current = successor(leo, leo.refresh_token)
    assert successor(leo, leo.refresh_token) == current
    assert successor(leo, current) != current
    refused(ask(leo, leo.refresh_token), 401, "session-ended")
    is_out(leo)
