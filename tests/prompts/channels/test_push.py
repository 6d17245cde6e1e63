"""Web push: encrypted for one browser, signed by one key, and never sent to our own network."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from py_vapid import Vapid02

from api.core import clock, db, outbound
from api.core.config import Settings
from api.prompts import endpoints, push_keys
from api.prompts.channels.base import Address, Fate, Means, Outcome
from api.prompts.channels.push import PushChannel
from tests.prompts.channels.http_side import HANGS_UP, Browser, PushSide
from tests.prompts.channels.other_side import URL, reminder


@pytest.fixture
def side(settings: Settings) -> Iterator[PushSide]:
    with PushSide.there(settings) as made:
        yield made


def push(side: PushSide, *to: Address, **changes: object) -> Outcome:
    engine = db.make_engine(side.settings)
    with PushChannel().open(Means(side.settings, engine)) as line:
        outcome = line.send(reminder(**changes), to or [side.address], lambda: True)  # type: ignore[arg-type] # any field
    engine.dispose()
    return outcome


def test_a_browser_decrypts_a_neutral_notification_in_the_declarative_form(side: PushSide) -> None:
    one = reminder()
    assert push(side, prompt_id=one.prompt_id) == Outcome(Fate.SENT, 201)
    (asked,) = side.server.asked
    shown = side.browser.read(asked)
    assert shown["web_push"] == 8030
    assert shown["notification"] == {
        "title": "Diary",
        "body": "You asked to be reminded.",
        "lang": "en",
        "tag": str(one.prompt_id),
        "navigate": URL,
    }


def test_a_push_service_can_verify_who_pushes(side: PushSide) -> None:
    push(side)
    authorization = side.server.asked[0].headers["authorization"]
    assert Vapid02.verify(authorization)
    token, key = (part[2:] for part in authorization.removeprefix("vapid ").split(","))
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["aud"] == f"http://127.0.0.1:{side.port}"
    assert claims["sub"] == "mailto:ops@mail.example.net"
    assert timedelta() < clock.now().fromtimestamp(claims["exp"], clock.now().tzinfo) - clock.now()
    assert claims["exp"] - clock.now().timestamp() < 86_400
    engine = db.make_engine(side.settings)
    with db.transaction(engine) as session:
        assert push_keys.public_key(session, side.settings) == key
        assert push_keys.public_key(session, side.settings) == key
    engine.dispose()


def test_a_message_lives_as_long_as_its_prompt_and_a_repetition_replaces_it(side: PushSide) -> None:
    one = reminder()
    for step in (0, 1):
        push(side, prompt_id=one.prompt_id, step=step, expires_at=clock.now() + timedelta(hours=1))
    push(side, expires_at=clock.now() - timedelta(hours=1))
    first, second, other = (one.headers for one in side.server.asked)
    assert first["topic"] == second["topic"] != other["topic"]
    assert len(first["topic"]) == 32
    assert first["urgency"] == "normal"
    assert 3_590 <= int(first["ttl"]) <= 3_600
    assert other["ttl"] == "0"


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.SENT),
        (302, Fate.REFUSED),
        (400, Fate.REFUSED),
        (404, Fate.REFUSED),
        (410, Fate.REFUSED),
        (413, Fate.REFUSED),
        (429, Fate.LATER),
        (500, Fate.LATER),
        (503, Fate.LATER),
        (HANGS_UP, Fate.UNKNOWN),
    ],
)
def test_what_a_push_service_answers_decides(side: PushSide, status: int, fate: Fate) -> None:
    side.server.status = status
    outcome = push(side)
    assert (outcome.fate, outcome.code) == (fate, status or None)
    assert outcome.dead == ((side.browser.id,) if status in {404, 410} else ())
    assert len(side.server.asked) == 1  # nobody was followed elsewhere


def test_of_several_devices_one_that_has_it_is_enough_and_nothing_is_doubled(side: PushSide) -> None:
    asked: list[int] = []

    def handing_over() -> bool:
        asked.append(len(side.server.asked))
        return True

    engine = db.make_engine(side.settings)
    gone = Address(side.address.value.replace(f":{side.port}", ":9"), Browser().id)  # nobody is there
    with PushChannel().open(Means(side.settings, engine)) as line:
        to = [gone, side.address, Browser().address(side.port)]
        assert line.send(reminder(), to, handing_over).fate == Fate.SENT
        assert line.send(reminder(), [gone], handing_over).fate == Fate.LATER
        assert line.send(reminder(), [], handing_over).fate == Fate.REFUSED
    engine.dispose()
    assert asked == [0]
    assert len(side.server.asked) == 2


def test_a_host_that_the_operator_took_off_the_list_is_not_asked(side: PushSide) -> None:
    side.settings = side.settings.model_copy(update={"push_hosts": ("push.example.org",)})
    assert push(side).fate == Fate.REFUSED
    assert side.server.asked == []


@pytest.mark.parametrize(
    "found",
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "100.64.0.1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
    ],
)
def test_a_listed_name_that_leads_into_a_private_network_leads_nowhere(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("8.8.8.8", found)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(outbound.NotAnswered) as refused:
        endpoints.resolved(settings, "https://fcm.googleapis.com/fcm/send/x")
    assert not refused.value.was_sent


def test_what_was_looked_up_is_what_is_asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("2001:4860::8", "8.8.8.8")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    found = endpoints.resolved(settings, "https://fcm.googleapis.com:443/fcm/send/x")
    assert found == ("https://8.8.8.8/fcm/send/x", "fcm.googleapis.com")
