"""Push subscriptions: one per device, sealed, and only where the operator lets us send to."""

from typing import Any

import pytest
from sqlmodel import col, select

from api.audit.events import Event
from api.core import db
from api.core.config import Settings
from api.prompts import endpoints, subscriptions
from api.prompts.channels.base import Address
from api.prompts.models import PushSubscription
from tests.audit.test_one_event import events
from tests.meta.bodies import BODIES
from tests.personas import Leader, World
from tests.searching import tables_with

SOUND: dict[str, str] = BODIES["PUT /v1/me/push"]


def stored(world: World) -> list[PushSubscription]:
    with db.reading(world.engine) as session:
        found = session.exec(select(PushSubscription)).all()
        session.expunge_all()
    return list(found)


def addresses(world: World, leo: Leader) -> list[Address]:
    with db.reading(world.engine) as session:
        return subscriptions.addresses(session, world.settings, leo.participant_id)


def test_a_device_subscribes_once_and_ends_it(world: World) -> None:
    leo = world.join()
    for _ in range(2):
        assert leo.put("/v1/me/push", SOUND).status_code == 204
    (found,) = addresses(world, leo)
    assert found.id == stored(world)[0].id
    assert SOUND["endpoint"] in found.value
    assert SOUND["endpoint"] not in repr(found)
    assert not any(tables_with(world.engine, SOUND["endpoint"], SOUND["auth"]).values())
    for _ in range(2):
        assert leo.delete("/v1/me/push").status_code == 204
    assert stored(world) == []
    kinds = [one.event for one in events(world.engine)]
    assert (kinds.count(Event.PUSH_SUBSCRIBED), kinds.count(Event.PUSH_ENDED)) == (1, 1)


def test_a_browser_belongs_to_whoever_used_it_last(world: World) -> None:
    leo, lena = world.join(), world.join()
    leo.put("/v1/me/push", SOUND)
    lena.put("/v1/me/push", SOUND)
    assert addresses(world, leo) == []
    assert len(addresses(world, lena)) == 1


def test_a_dead_address_is_retired_until_the_device_subscribes_anew(world: World) -> None:
    leo = world.join()
    leo.put("/v1/me/push", SOUND)
    (found,) = addresses(world, leo)
    with db.transaction(world.engine) as session:
        subscriptions.retire(session, [found.id] if found.id else [])
    assert addresses(world, leo) == []
    leo.put("/v1/me/push", SOUND)
    assert len(addresses(world, leo)) == 1


def test_a_device_that_is_signed_out_receives_nothing(world: World) -> None:
    leo = world.join()
    leo.put("/v1/me/push", SOUND)
    assert leo.delete("/v1/session").status_code == 204
    assert addresses(world, leo) == []


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"endpoint": "https://10.0.0.1/push"}, "push-address-not-allowed"),
        ({"endpoint": "http://fcm.googleapis.com/fcm/send/abc"}, "push-address-not-allowed"),
        ({"endpoint": "https://fcm.googleapis.com:8443/fcm/send/abc"}, "push-address-not-allowed"),
        ({"endpoint": "https://fcm.googleapis.com@10.0.0.1/"}, "push-address-not-allowed"),
        ({"p256dh": "A" * 87}, "push-keys-not-valid"),
        ({"auth": "A" * 24}, "push-keys-not-valid"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(
    world: World, changes: dict[str, Any], slug: str
) -> None:
    answer = world.join().put("/v1/me/push", SOUND | changes)
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:daybook:problem:{slug}")
    assert "10.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("endpoint", "in_production", "in_development"),
    [
        ("https://fcm.googleapis.com/x", True, True),
        ("https://FCM.googleapis.com:443/x", True, True),
        ("https://web.push.apple.com/x", True, True),
        ("https://push.apple.com/x", False, False),
        ("https://evilpush.apple.com/x", False, False),
        ("https://fcm.googleapis.com.example.org/x", False, False),
        ("https://user@fcm.googleapis.com/x", False, False),
        ("https://fcm.googleapis.com\\@10.0.0.1/x", False, False),
        ("https://[::1/x", False, False),
        ("http://127.0.0.1:8080/x", False, True),
        ("https://127.0.0.1/x", False, True),
        ("http://localhost:8080/x", False, False),
    ],
)
def test_the_rule_for_addresses(endpoint: str, in_production: bool, in_development: bool) -> None:
    usual = Settings().push_hosts
    for environment, allowed in (("production", in_production), ("development", in_development)):
        settings = Settings.model_validate({"environment": environment, "push_hosts": (*usual, "127.0.0.1")})
        assert endpoints.is_allowed(settings, endpoint) is allowed


def test_the_hash_finds_a_subscription_and_tells_nothing(world: World) -> None:
    leo = world.join()
    leo.put("/v1/me/push", SOUND)
    with db.reading(world.engine) as session:
        assert len(session.exec(select(col(PushSubscription.endpoint_hash))).one()) == 64
