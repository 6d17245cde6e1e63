"""Phones that write without pause: each repeats the same id and body until it has a receipt."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from api.core import crypto
from api.core.ids import new_id
from schemas.canonical import canonical
from tests.personas import DECISION, entry_body

Written = tuple[UUID, int, str]
"""An entry's id, version and content hash."""
NOTHING_CAME = 0.01


@dataclass
class Phone(threading.Thread):
    """One leader's phone, in a thread; `stop` lets it bring its last request to an answer."""

    url: str
    token: str
    seed: int
    acknowledged: list[Written] = field(default_factory=list)
    sent: set[tuple[UUID, str]] = field(default_factory=set)
    interrupted: int = 0
    refused: list[str] = field(default_factory=list)
    unavailable: int = 0
    slowest: float = 0.0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._random = random.Random(self.seed)
        self._stopping = threading.Event()
        self._mine: dict[UUID, tuple[int, dict[str, Any]]] = {}

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Write new entries, edits and syncs of both, until stopped."""
        with httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=10, trust_env=False
        ) as client:
            while not self._stopping.is_set():
                if self._random.random() < 0.2:
                    self._sync(client, self._random.randint(2, 8))
                else:
                    self._put(client)

    def stop(self) -> None:
        """Write no further; every request that was begun still gets its answer."""
        self._stopping.set()
        self.join(timeout=30)
        assert not self.is_alive(), "A phone waits for an answer that does not come."

    def _put(self, client: httpx.Client) -> None:
        entry, body = self._next(())
        answer = self._until_answered(client, "PUT", f"/v1/entries/{entry}", body)
        if answer.status_code in {200, 201}:
            self._accept(entry, body, answer.json())
        else:
            self.refused.append(answer.text)

    def _sync(self, client: httpx.Client, count: int) -> None:
        wanted: dict[UUID, dict[str, Any]] = {}
        for _ in range(count):
            entry, body = self._next(wanted)
            wanted[entry] = body
        ops = [{"op": "put", "id": str(entry), "entry": body} for entry, body in wanted.items()]
        answer = self._until_answered(client, "POST", "/v1/sync", {"ops": ops})
        for (entry, body), result in zip(wanted.items(), answer.json()["results"], strict=True):
            if result["receipt"]:
                self._accept(entry, body, result["receipt"])
            else:
                self.refused.append(str(result["problem"]))

    def _next(self, taken: Any) -> tuple[UUID, dict[str, Any]]:
        """Choose an own entry to edit, or make a new one."""
        known = [entry for entry in self._mine if entry not in taken]
        answers = DECISION | {"confidence": self._random.randint(0, 100)}
        if known and self._random.random() < 0.3:
            entry = self._random.choice(known)
            version, body = self._mine[entry]
            return entry, body | {"answers": answers, "base_version": version}
        return new_id(), entry_body(answers)

    def _until_answered(self, client: httpx.Client, method: str, path: str, body: Any) -> httpx.Response:
        for one in body.get("ops", [{"id": path.rsplit("/", 1)[-1], "entry": body}]):
            self.sent.add((UUID(one["id"]), _hash(one["entry"])))
        while True:
            started = time.monotonic()
            try:
                answer = client.request(method, path, json=body)
                self.slowest = max(self.slowest, time.monotonic() - started)
                if answer.status_code != 503:
                    return answer
                self.unavailable += 1
                if int(answer.headers.get("retry-after", 0)) <= 0:
                    self.refused.append("A phone is not told when to come again.")
            except httpx.TransportError:
                self.interrupted += 1
            self._stopping.wait(NOTHING_CAME)

    def _accept(self, entry: UUID, body: dict[str, Any], receipt: dict[str, Any]) -> None:
        if receipt["content_hash"] != _hash(body):  # a phone deletes nothing on such a receipt
            self.refused.append("The receipt is for something else.")
            return
        self._mine[entry] = (receipt["version"], body)
        self.acknowledged.append((entry, receipt["version"], receipt["content_hash"]))


def _hash(body: dict[str, Any]) -> str:
    return crypto.content_hash(canonical(body))
