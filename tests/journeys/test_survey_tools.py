"""Every survey tool posts to a running server as it does: over TCP, with its own headers and signature."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from standardwebhooks import Webhook

from api.core import clock, db
from api.core.config import Settings
from api.main import create_app
from tests.journeys.server import Forker, Server
from tests.personas import World
from tests.webhooks.desk import Desk, deliveries_of, told
from tests.webhooks.samples import needs_samples
from tests.webhooks.senders import SENDERS

UNPROVEN = {"jotform", "redcap"}


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    made = Forker()
    yield made
    made.close()


@pytest.fixture
def desks(settings: Settings) -> Iterator[dict[str, Desk]]:
    """Olivia has a source for every tool."""
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        world = World(client, engine, settings)
        made = {
            tool: Desk(world, tool, **sender.options.model_dump(mode="json", exclude_none=True))
            for tool, sender in SENDERS.items()
        }
    yield made
    engine.dispose()


@needs_samples
def test_what_a_tool_sends_is_taken_and_what_a_forger_sends_is_not(
    settings: Settings, desks: dict[str, Desk], forker: Forker
) -> None:
    with Server(settings, forker.launch) as server:
        for tool, desk in desks.items():
            url, sender = server.url + desk.source.path, SENDERS[tool]
            if tool == "odk_odata":  # it is asked, and does not post
                assert sender.post(url, secret=desk.source.secret).status_code == 401
                continue
            for _ in range(2):
                assert sender.post(url, secret=desk.source.secret).status_code == 200, tool
            assert sender.post(url + "x", secret=desk.source.secret).status_code == 401, tool
            if tool not in UNPROVEN:
                forged = sender.post(url, secret=sender.other_secret)
                assert (forged.status_code, forged.json()["status"]) == (401, 401), tool
            stored = deliveries_of(desk.world, desk.source.id)
            assert len(stored) == 1, tool
            assert stored[0].raw, tool


def signed(secret: str, body: dict[str, Any], at: datetime) -> tuple[str, dict[str, str]]:
    """Sign as the reference package of Standard Webhooks does."""
    content = json.dumps(body, ensure_ascii=False)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp()))}
    return content, headers | {"webhook-signature": Webhook(secret).sign("msg_1", at, content)}


def test_the_reference_package_signs_and_the_answer_becomes_an_entry(
    settings: Settings, forker: Forker
) -> None:
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        world = World(client, engine, settings)
        desk, leo = Desk(world, "standard"), world.join()
        body = told(desk.code(leo), "I am tired", answers=[
            {"key": "mood", "value": "I am tired"}, {"key": "why", "value": "Café – “levelling up” £2m"},
        ])  # fmt: skip
        with Server(settings, forker.launch) as server, httpx.Client(trust_env=False) as http:
            content, headers = signed(str(desk.source.secret), body, clock.now())
            url = server.url + desk.source.path
            assert http.post(url, content=content + " ", headers=headers).status_code == 401
            assert http.post(url, content=content, headers=headers).status_code == 200
        desk.work()
        [entry] = leo.get("/v1/entries").json()["entries"]
        assert entry["entry"]["answers"] == {"mood": "tired", "why": "Café – “levelling up” £2m"}
    engine.dispose()
