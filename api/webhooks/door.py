"""The inbox's door: raw bytes in, proven over the raw bytes, stored by the one writer, answered after the commit.

Nothing here parses a body or calls anybody: docs/webhooks.md has the table of answers, fence.py holds to it.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import anyio.to_thread
from starlette.requests import ClientDisconnect, Request

from api.core.problems import Problem, Unavailable
from api.core.writer import Writer
from api.webhooks.arriving import Arrival, Outcome, Refusal
from api.webhooks.known import Known, Sources, opens
from api.webhooks.normalised import Post
from api.webhooks.problems import DeliveryTooLarge, NotProven
from api.webhooks.waking import Waker
from schemas.source import Proof

MOST_BYTES = 1_048_576
_TRIES = 3
_CREDENTIALS = ("authorization", "signature")
_KEPT_ALWAYS = ("content-encoding",)
_WHY = {
    "no_secret": "This source has no secret that is in force.",
    "other_proof": "The source is set to a way of proving that this tool does not have.",
    "proof_missing": "It carried no signature or password.",
    "proof_malformed": "Its signature or password was not written as this tool writes it.",
    "proof_wrong": "Its signature or password was wrong: the secret in the tool is another one.",
    "proof_expired": "It was signed too long ago, or the sender's clock is wrong.",
}


@dataclass(frozen=True)
class Received:
    """A request that has been read: its headers, its bytes, or that there were too many of them."""

    headers: Mapping[str, str] = field(repr=False)
    content_type: str
    body: bytes | None = field(repr=False)
    size: int


async def read(request: Request, seconds: float) -> Received:
    """Take a request in, counting; raise Unavailable if it does not arrive whole and in time."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():  # a header that is sent twice is one header, with a comma
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    pieces, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                size += len(piece)
                if size > MOST_BYTES:
                    break
                pieces.append(piece)
    except (TimeoutError, ClientDisconnect):
        raise Unavailable from None
    body = b"".join(pieces) if size <= MOST_BYTES else None
    return Received(headers, headers.get("content-type", "")[:200], body, size)


class InboxDoor:
    """What the door's handler needs, made once per application."""

    def __init__(
        self,
        sources: Sources,
        writer: Writer[Arrival | Refusal, Outcome],
        waker: Waker,
        patience: float,
        deadline: float,
    ) -> None:
        self._sources, self._writer, self._waker = sources, writer, waker
        self._patience, self._deadline = patience, deadline

    async def take(self, source_id: str, token: str, request: Request) -> None:
        """Store a proven post, or raise NotProven, DeliveryTooLarge or Unavailable."""
        received = await read(request, self._deadline)
        try:
            async with asyncio.timeout(self._patience):
                await self._take(_uuid(source_id), token, received)
        except TimeoutError:
            raise Unavailable from None

    async def _take(self, source_id: UUID | None, token: str, received: Received) -> None:
        if source_id is None:
            raise NotProven
        source = self._sources.kept(source_id)
        for _ in range(_TRIES):
            refusal = _refusal(source, token, received)
            if refusal is not None or source is None:
                source, seen = await self._load(source_id), source
                if source is None or (seen and seen.version == source.version):
                    await self._refuse(source, token, refusal)
                continue  # it is new to us, or it changed since: judged again
            outcome = await self._store(source, received)
            if outcome is Outcome.CHANGED:
                source = await self._load(source_id)
                continue
            if outcome in {Outcome.PAUSED, Outcome.FULL}:
                raise Unavailable
            if received.body is None:
                raise DeliveryTooLarge
            self._waker.wake(source_id)
            return
        raise Unavailable

    async def _load(self, source_id: UUID) -> Known | None:
        return await anyio.to_thread.run_sync(self._sources.load, source_id, abandon_on_cancel=True)

    async def _refuse(self, source: Known | None, token: str, reason: str | None) -> None:
        if source and opens(source, token):  # a stranger who does not know the address writes nothing
            await self._submit(Refusal(source.id, _WHY.get(reason or "", "It proved nothing.")))
        raise NotProven

    async def _store(self, source: Known, received: Received) -> Outcome:
        kept = None
        if received.body is not None:
            kept = source.adapter.without_secrets(received.body, source.options)
        arrival = Arrival(
            source_id=source.id,
            source_version=source.version,
            post=Post(b"", received.content_type, _kept_headers(source, received.headers)),
            raw=kept,
            raw_sha256=hashlib.sha256(kept or b"").hexdigest(),
            size=received.size,
            proof=source.options.proof.value,
        )
        return await self._submit(arrival)

    async def _submit(self, operation: Arrival | Refusal) -> Outcome:
        result = (await self._writer.submit([operation]))[0]
        if isinstance(result, Problem):
            raise result
        return result


def _refusal(source: Known | None, token: str, received: Received) -> str | None:
    """Return why a post is not proven, or None; what is too large is believed by its address alone."""
    if not opens(source, token) or source is None:
        return "address"
    if received.body is None:
        return None
    secrets = source.live_secrets
    if not secrets and source.options.proof is not Proof.PATH_TOKEN:
        return "no_secret"
    wanted = {*source.adapter.headers, source.options.header_name.lower(), "authorization"}
    headers = {name: received.headers[name] for name in wanted & received.headers.keys()}
    return source.adapter.refusal(
        Post(received.body, received.content_type, headers), secrets, source.options
    )


def _kept_headers(source: Known, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that are stored: those that a post is read with, none that proves it."""
    proving = {source.options.header_name.lower()}
    return {
        name: headers[name][:500]
        for name in (*source.adapter.headers, *_KEPT_ALWAYS)
        if name in headers and name not in proving and not any(one in name for one in _CREDENTIALS)
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
