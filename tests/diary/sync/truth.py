"""What the server must have done: judged from every request that reached it, whoever heard the answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import col, select

from api.core import clock, db
from api.diary.models import Entry, EntryRevision, EntryTombstone
from tests.diary.sync.network import Answer, Request, Result
from tests.diary.sync.phone import Phone, digest

WINDOW = timedelta(hours=168)
TOKEN = timedelta(minutes=15)


class Broken(AssertionError):
    """A promise to a leader was broken."""


def promise(kept: object, told: object) -> None:
    """Raise Broken unless a promise was kept."""
    if not kept:
        raise Broken(told)


@dataclass
class Story:
    """Everything that was acknowledged of one entry."""

    owner: UUID
    born: datetime
    bodies: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: bool = False


@dataclass
class Truth:
    """The entries of all leaders, and what has ended."""

    engine: Engine
    stories: dict[UUID, Story] = field(default_factory=dict)
    closed_at: datetime | None = None
    withdrawn: set[UUID] = field(default_factory=set)
    erased: set[UUID] = field(default_factory=set)

    def judge(self, request: Request, answer: Answer) -> None:
        """Hold an answer against what was promised, and the database against the answer."""
        phone = request.phone
        ended = phone.revoked or phone.owner in self.erased
        if answer.status == 401:
            promise(ended or clock.now() - request.issued > TOKEN, "A phone was signed out for nothing.")
            return
        promise(not ended, "A device that was signed out was heard.")
        promise(len(answer.results) == len(request.ops), f"An operation has no result: {answer.text}")
        for op, result in zip(request.ops, answer.results, strict=True):
            judge = self._delete if op["op"] == "delete" else self._put
            judge(request, UUID(op["id"]), op.get("entry", {}), result)
        self.stored({UUID(op["id"]) for op in request.ops})
        foreign = {str(entry) for entry, story in self.stories.items() if story.owner != phone.owner}
        foreign -= {op["id"] for op in request.ops}
        promise(not any(entry in answer.text for entry in foreign), "A stranger's id was told.")

    def erase(self, owner: UUID) -> None:
        """Note that a leader withdrew and had everything erased."""
        self.withdrawn.add(owner)
        self.erased.add(owner)
        for story in self.of(owner).values():
            story.gone = True

    def of(self, owner: UUID) -> dict[UUID, Story]:
        """Return a leader's entries, the deleted ones too."""
        return {entry: story for entry, story in self.stories.items() if story.owner == owner}

    def current(self, owner: UUID) -> dict[UUID, tuple[int, str]]:
        """Return the version and hash of every entry that a leader has."""
        alive = {entry: story for entry, story in self.of(owner).items() if not story.gone}
        return {entry: (len(story.bodies), digest(story.bodies[-1])) for entry, story in alive.items()}

    def stored(self, entries: set[UUID]) -> None:
        """Hold the database against what was acknowledged."""
        with db.reading(self.engine) as session:
            found = session.exec(
                select(EntryRevision.entry_id, EntryRevision.version, EntryRevision.content_hash)
                .where(col(EntryRevision.entry_id).in_(entries))
                .order_by(col(EntryRevision.version))
            ).all()
            heads = dict(
                session.exec(select(Entry.id, Entry.version).where(col(Entry.id).in_(entries))).all()
            )
            query = select(EntryTombstone.entry_id).where(col(EntryTombstone.entry_id).in_(entries))
            tombstones = {*session.exec(query)}
        for entry in entries:
            story = self.stories.get(entry)
            bodies = [] if story is None or story.gone else story.bodies
            promised = [(number, digest(body)) for number, body in enumerate(bodies, 1)]
            rows = [(version, content) for one, version, content in found if one == entry]
            promise(rows == promised, f"Stored is {rows}, acknowledged was {promised}.")
            promise(heads.get(entry, 0) == len(promised), "An entry's version is not its last revision's.")
            promise((entry in tombstones) == (story is not None and story.gone), "A tombstone is missing.")

    def _put(self, request: Request, entry: UUID, body: dict[str, Any], result: Result) -> None:
        phone, story = request.phone, self.stories.get(entry)
        told = f"{result.status} {result.receipt} {result.problem} for {body}"
        if story is not None and story.owner != phone.owner:
            promise(result.status == 404, told)
        elif story is not None and story.gone:
            promise(result.status == 410, told)
        elif story is not None and digest(body) in story.receipts:
            promise((result.status, result.receipt) == (200, story.receipts[digest(body)]), told)
        elif (refusal := self._refusal(phone, story, body)) is not None:
            promise((result.status, result.problem.get("type", "").split(":")[-1]) == refusal, told)
            if refusal[0] == 409 and story is not None:
                receipt = result.problem["stored"]["receipt"]
                promise(receipt == story.receipts[digest(story.bodies[-1])], "Another copy is stored.")
        else:
            self._accept(request, entry, body, result)

    def _refusal(self, phone: Phone, story: Story | None, body: dict[str, Any]) -> tuple[int, str] | None:
        if phone.owner in self.withdrawn:
            return 403, "participant-withdrawn"
        if self.closed_at is not None and datetime.fromisoformat(body["made_at"]) > self.closed_at:
            return 403, "study-closed"
        if story is None:
            return None
        if body.get("base_version") != len(story.bodies):
            return 409, "entry-conflict"
        return (403, "edit-window-over") if clock.now() - story.born > WINDOW else None

    def _accept(self, request: Request, entry: UUID, body: dict[str, Any], result: Result) -> None:
        receipt = result.receipt
        promise(receipt is not None and result.status == (200 if entry in self.stories else 201), result)
        assert receipt is not None
        story = self.stories.setdefault(entry, Story(request.phone.owner, clock.now()))
        story.bodies.append(body)
        promise(receipt["id"] == str(entry) and receipt["version"] == len(story.bodies), receipt)
        promise(receipt["content_hash"] == digest(body), "The receipt is for something else.")
        skew = request.sent_at - clock.now()
        promise(abs(timedelta(milliseconds=receipt["skew_ms"]) - skew) < timedelta(minutes=2), receipt)
        story.receipts[digest(body)] = receipt

    def _delete(self, request: Request, entry: UUID, _: dict[str, Any], result: Result) -> None:
        story = self.stories.get(entry)
        if story is None or story.owner != request.phone.owner:
            promise(result.status == 404, result)
        elif story.gone:
            promise(result.status == 204, result)
        elif clock.now() - story.born > WINDOW:
            promise(result.status == 403, result)
        else:
            promise(result.status == 204, result)
            story.gone = True
