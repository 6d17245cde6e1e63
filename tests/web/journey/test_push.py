"""A push to Leo's phone is always shown, once for each prompt, in neutral words, and the service hears that it was."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from api.core import db
from api.prompts.models import PushSubscription
from schemas.prompt import PromptStatus
from tests.prompts.test_subscriptions import SOUND
from tests.web.browsing import until
from tests.web.joining.place import Place
from tests.web.journey.asking import asks, became
from tests.web.journey.diary import Leader

Phones = Callable[..., Leader]
_SHOWN = """async () => {
  const place = await navigator.serviceWorker.ready;
  return (await place.getNotifications()).map(({ title, body, tag, lang }) => ({ title, body, tag, lang }));
}"""


class Push:
    """What a push service does to a phone, by the browser's own protocol."""

    def __init__(self, leo: Leader, place: Place) -> None:
        self.page: Page = leo.page
        self.origin = place.address
        leo.context.grant_permissions(["notifications"], origin=place.address)
        self.protocol = leo.context.new_cdp_session(leo.page)
        self.known: list[str] = []
        self.protocol.on("ServiceWorker.workerRegistrationUpdated", self._updated)
        self.protocol.send("ServiceWorker.enable")
        while not self.known:
            leo.page.wait_for_timeout(50)

    def _updated(self, told: Any) -> None:
        self.known += [one["registrationId"] for one in told["registrations"] if not one["isDeleted"]]

    def deliver(self, data: str) -> None:
        """Let a message arrive."""
        given = {"origin": self.origin, "registrationId": self.known[-1], "data": data}
        self.protocol.send("ServiceWorker.deliverPushMessage", given)

    def shown(self, count: int) -> list[dict[str, str]]:
        """Wait for so many notifications, and return them."""
        until(self.page, f"async () => (await ({_SHOWN})()).length === {count}")
        found: list[dict[str, str]] = self.page.evaluate(_SHOWN)
        return found


def message(prompt: str, **changes: str) -> str:
    """A message as the service pushes it."""
    told = {"title": "Dyddiadur", "body": "Eiliad i'ch dyddiadur.", "lang": "cy", "tag": prompt} | changes
    return json.dumps({"web_push": 8030, "notification": told})


def test_a_push_is_shown_and_the_service_hears_of_it(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    push, prompt = Push(leo, place), asks(place, leo, "day")
    push.deliver(message(prompt))
    [shown] = push.shown(1)
    assert shown == {
        "title": "Dyddiadur",
        "body": "Eiliad i'ch dyddiadur.",
        "lang": "cy",
        "tag": prompt,
    }
    heard(leo, lambda: became(place, prompt).status is PromptStatus.CONFIRMED)
    push.deliver(message(prompt, body="Again."))
    until(leo.page, f"async () => (await ({_SHOWN})())[0].body === 'Again.'")
    assert len(push.shown(1)) == 1


def heard(leo: Leader, of: Callable[[], Any]) -> None:
    """Wait until the service has heard of something."""
    for _ in range(200):
        if of():
            return
        leo.page.wait_for_timeout(50)
    raise AssertionError("The service did not hear of it.")


@pytest.mark.parametrize("data", ["", "no JSON", "[]", '"x"', '{"notification": {"title": 7, "tag": "x"}}'])
def test_what_is_not_understood_is_shown_in_neutral_words(place: Place, leader: Phones, data: str) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    push = Push(leo, place)
    push.deliver(data)
    [shown] = push.shown(1)
    assert (shown["title"], shown["body"]) == ("Daybook", "A moment for your diary.")


def test_a_session_that_has_expired_is_renewed_for_it(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    push, prompt = Push(leo, place), asks(place, leo, "day")
    leo.context.clear_cookies(name="__Host-daybook-access")
    push.deliver(message(prompt))
    push.shown(1)
    heard(leo, lambda: became(place, prompt).status is PromptStatus.CONFIRMED)


def test_whoever_taps_it_comes_to_what_is_asked(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    push, prompt = Push(leo, place), asks(place, leo, "nothing_to_report")
    push.deliver(message(prompt))
    push.shown(1)
    leo.goes("/settings").sees("Settings")
    [worker] = leo.context.service_workers
    worker.evaluate(
        """async () => {
          const [notification] = await self.registration.getNotifications();
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
    )
    leo.sees("Why is there nothing to report?")
    heard(leo, lambda: became(place, prompt).opened_at)


def test_a_subscription_that_the_browser_renewed_is_told(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    Push(leo, place)
    [worker] = leo.context.service_workers
    worker.evaluate(
        """({ endpoint, p256dh, auth }) => {
          const renewed = { toJSON: () => ({ endpoint, keys: { p256dh, auth } }) };
          const event = new ExtendableEvent("pushsubscriptionchange");
          self.dispatchEvent(Object.assign(event, { newSubscription: renewed, oldSubscription: null }));
        }""",
        SOUND,
    )
    heard(leo, lambda: subscribed(place, leo))


def subscribed(place: Place, leo: Leader) -> bool:
    """Say whether the service has a subscription of his."""
    mine = select(PushSubscription).where(PushSubscription.participant_id == UUID(leo.me))
    with db.reading(place.engine) as session:
        return session.exec(mine).first() is not None
