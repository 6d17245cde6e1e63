"""A small faithful phone: an outbox that only a receipt empties, a cursor, and the entries that it knows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.core import clock, crypto
from api.core.ids import new_id
from schemas.canonical import canonical
from tests.diary.sync.network import Answer, Request, Result
from tests.personas import DECISION, entry_body

AT_ONCE = 4


def digest(body: dict[str, Any]) -> str:
    """Return the content hash that a receipt must carry."""
    return crypto.content_hash(canonical(body))


@dataclass
class Draft:
    """An entry to send, or to delete: then it is sent first if the server may have met it, so that none comes late."""

    body: dict[str, Any] | None
    deleting: bool = False


@dataclass
class Phone:
    """One device of a leader."""

    owner: UUID
    token: str
    refresh_token: str
    device_id: str
    issued: datetime = field(default_factory=clock.now)
    skew: timedelta = timedelta()
    revoked: bool = False
    cursor: str | None = None
    outbox: dict[UUID, Draft] = field(default_factory=dict)
    sent: dict[UUID, set[str]] = field(default_factory=dict)
    known: dict[UUID, tuple[int, str]] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)
    bookmarks: list[tuple[str, dict[UUID, tuple[int, str]]]] = field(default_factory=list)

    def write(self, number: int, entry: UUID | None = None) -> None:
        """Fill in a new entry, or an older one again."""
        entry = entry or new_id()
        now = clock.now() + self.skew
        body = entry_body(DECISION | {"confidence": number}, made_at=now.isoformat())
        if entry in self.known:
            body["base_version"] = self.known[entry][0]
        self.outbox[entry] = Draft(body)

    def remove(self, entry: UUID) -> None:
        """Delete an entry; one that never left the phone is simply forgotten."""
        draft = self.outbox.get(entry)
        if entry not in self.known and entry not in self.sent:
            self.outbox.pop(entry, None)
        else:
            self.outbox[entry] = Draft(
                draft.body if draft and entry not in self.known else None, deleting=True
            )

    def mine(self) -> list[UUID]:
        """List the entries that can be edited or deleted."""
        return sorted(self.known.keys() | {one for one, draft in self.outbox.items() if not draft.deleting})

    def request(self, *, alone: bool) -> Request:
        """Say what is to be sent now."""
        ops: list[dict[str, Any]] = []
        for entry, draft in list(self.outbox.items())[: 1 if alone else AT_ONCE]:
            if draft.body is not None:
                ops.append({"op": "put", "id": str(entry), "entry": dict(draft.body)})
                self.sent.setdefault(entry, set()).add(digest(draft.body))
            if draft.deleting:
                ops.append({"op": "delete", "id": str(entry)})
        now = clock.now() + self.skew
        return Request(self, self.token, self.issued, ops, alone and len(ops) == 1, self.cursor, now)

    def hear(self, request: Request, answer: Answer, *, keep_mine: bool) -> None:
        """Take in an answer, as one transaction."""
        for op, result in zip(request.ops, answer.results, strict=False):
            self._settle(UUID(op["id"]), op, result, keep_mine)
        self.take(answer)
        if answer.cursor is not None:
            self.cursor = answer.cursor
            self.bookmarks.append((answer.cursor, dict(self.known)))

    def take(self, answer: Answer) -> None:
        """Take in changes."""
        for change in answer.changes:
            entry = UUID(change["id"])
            if change["deleted"]:
                self._forget(entry)
            else:
                receipt = change["entry"]["receipt"]
                self._learn(entry, receipt["version"], receipt["content_hash"])

    def _settle(self, entry: UUID, op: dict[str, Any], result: Result, keep_mine: bool) -> None:
        draft = self.outbox.get(entry)
        if op["op"] == "delete" or result.status == 410:
            if result.status in {204, 410}:
                self._forget(entry)
            self.outbox.pop(entry, None)
        elif result.receipt is not None:
            self._learn(entry, result.receipt["version"], result.receipt["content_hash"])
            if draft and not draft.deleting and result.receipt["content_hash"] == digest(op["entry"]):
                del self.outbox[entry]
        elif draft and not draft.deleting:
            if result.status != 409:
                del self.outbox[entry]  # refused: shown to the leader, who may write it anew
                return
            stored = result.problem["stored"]["receipt"]
            self._learn(entry, stored["version"], stored["content_hash"])
            if keep_mine or stored["content_hash"] in self.sent[entry]:
                draft.body = dict(draft.body or {}) | {"base_version": stored["version"]}
            else:
                del self.outbox[entry]

    def _learn(self, entry: UUID, version: int, content_hash: str) -> None:
        if entry not in self.gone and version > self.known.get(entry, (0, ""))[0]:
            self.known[entry] = (version, content_hash)

    def _forget(self, entry: UUID) -> None:
        self.known.pop(entry, None)
        self.outbox.pop(entry, None)
        self.gone.add(entry)
