"""One request of every kind, asked while a database fails and repeated until it is answered; then the accounts."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from fastapi.testclient import TestClient

from api.core import db
from api.core.config import Settings
from api.core.ids import new_id
from api.main import create_app
from tests.personas import Caller, Leader, World, entry_body
from tests.webhooks.desk import Desk, answered

SOON = 5.0
BACK = 2.0
READS = {"read", "ready"}
"""What asks for nothing to be stored."""


@dataclass(frozen=True)
class Asked:
    """A request that may be repeated as it is."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    response: httpx.Response
    seconds: float

    @property
    def is_unavailable(self) -> bool:
        """Say whether it is the 503 that we promise, and in time."""
        answer = self.response
        if answer.status_code != 503:
            return False
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].endswith((":unavailable", ":not-migrated"))
        assert int(answer.headers["retry-after"]) > 0
        assert self.seconds < SOON
        return True


class House:
    """A study in an empty database, with a person for each kind of request."""

    def __init__(self, settings: Settings) -> None:
        engine = db.make_engine(settings)
        with TestClient(create_app(settings), base_url="https://testserver") as client:
            world = World(client, engine, settings)
            self.leo, self.dora, self.sue, self.rita, self.wim = (world.join() for _ in range(5))
            self.olivia: Caller = world.olivia
            self.path = world.path
            code, self.deleted = world.invite(), new_id()
            assert self.dora.keeps(self.deleted).status_code == 201
            desk = Desk(world)
            posted = desk.sender.made(json.dumps(answered(desk.code(self.leo))).encode(), desk.source.secret)
        engine.dispose()
        self.put, self.synced = new_id(), [new_id(), new_id()]
        consent = {
            "document_version": 1,
            "statements": {"read": True, "take_part": True, "share": True},
        }
        ops = [{"op": "put", "id": str(one), "entry": entry_body()} for one in self.synced]
        leo, olivia = self.leo.headers, self.olivia.headers
        self.requests = {
            "put": Asked("PUT", f"/v1/entries/{self.put}", leo, entry_body()),
            "read": Asked("GET", "/v1/me", leo),
            "ready": Asked("GET", "/health/ready"),
            "hook": Asked("POST", desk.source.path, dict(posted.headers), posted.body),
            "delete": Asked("DELETE", f"/v1/entries/{self.deleted}", self.dora.headers),
            "sync": Asked("POST", "/v1/sync", self.sue.headers, {"ops": ops}),
            "join": Asked(
                "POST", "/v1/join", body={"code": code, "attempt": str(new_id()), "consent": consent}
            ),
            "refresh": Asked("POST", "/v1/session/refresh", body={"refresh_token": self.rita.refresh_token}),
            "withdraw": Asked("POST", "/v1/me/withdrawal", self.wim.headers, {"scope": "out_of_releases"}),
            "release": Asked(
                "POST", f"{self.path}/releases", olivia, {"recipient": "Dr Ana Analyst", "purpose": "themes"}
            ),
        }

    def warm(self, http: httpx.Client) -> None:
        """Let the server load what it loads at first use, and open a connection for each request to come."""
        read = self._together(lambda _: self.ask(http, "read").response.status_code)
        assert set(read.values()) == {200}
        # Another one than is asked for later, since the same release asked for twice is one.
        another = {"recipient": "Dr Ana Analyst", "purpose": "to be warm"}
        asked = http.post(f"{self.path}/releases", headers=self.olivia.headers, json=another)
        assert asked.status_code == 202

    def ask(self, http: httpx.Client, name: str) -> Answer:
        """Ask once."""
        asked, started = self.requests[name], time.monotonic()
        body = {"content": asked.body} if isinstance(asked.body, bytes) else {"json": asked.body}
        response = http.request(asked.method, asked.path, headers=asked.headers, **body)
        return Answer(response, time.monotonic() - started)

    def ask_all(self, http: httpx.Client) -> dict[str, Answer]:
        """Ask for everything at the same moment."""
        return self._together(partial(self.ask, http))

    def repeat_all(self, http: httpx.Client) -> dict[str, httpx.Response]:
        """Repeat everything until it is answered; nothing may be refused for long any more."""
        back = time.monotonic()

        def repeat(name: str) -> httpx.Response:
            while (answer := self.ask(http, name)).is_unavailable:
                assert time.monotonic() - back < BACK, f"{name} is still refused."
                time.sleep(0.02)
            return answer.response

        return self._together(repeat)

    def account(self, http: httpx.Client, done: dict[str, httpx.Response]) -> None:
        """Assert that what was acknowledged is there, and once."""
        assert {name for name, answer in done.items() if not answer.is_success} == set()
        assert self._entries(http, self.leo) == {str(self.put): 1}
        assert done["put"].json()["version"] == 1
        assert self._entries(http, self.sue) == {str(one): 1 for one in self.synced}
        assert [one["receipt"]["id"] for one in done["sync"].json()["results"]] == [*map(str, self.synced)]
        gone = http.get(f"/v1/entries/{self.deleted}", headers=self.dora.headers)
        assert gone.status_code == 410
        people = http.get(f"{self.path}/participants", headers=self.olivia.headers).json()
        assert sorted(one["status"] for one in people) == ["enrolled"] * 5 + ["withdrawn"]
        for name in ("join", "refresh"):
            session = done[name].json().get("session", done[name].json())
            headers = {"Authorization": f"Bearer {session['access_token']}"}
            assert http.get("/v1/me", headers=headers).status_code == 200
        assert self.ask(http, "withdraw").response.json() == done["withdraw"].json()
        counted = http.get(f"{self.path}/delivery-counts", headers=self.olivia.headers).json()
        assert sum(counted.values()) == 1
        listed = http.get(f"{self.path}/releases", headers=self.olivia.headers).json()
        assert done["release"].json()["number"] in [one["number"] for one in listed]

    def _together(self, ask: Callable[[str], Any]) -> dict[str, Any]:
        with ThreadPoolExecutor(len(self.requests)) as pool:
            return dict(zip(self.requests, pool.map(ask, self.requests), strict=True))

    def _entries(self, http: httpx.Client, leader: Leader) -> dict[str, int]:
        found = http.get("/v1/entries", headers=leader.headers).json()["entries"]
        return {one["receipt"]["id"]: one["receipt"]["version"] for one in found}
