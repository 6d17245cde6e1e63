"""Speaks ASGI to the application itself: bodies in pieces, and bodies that never come."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    """What came back."""

    status_code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def call(
    app: ASGIApp,
    method: str,
    path: str,
    pieces: Iterable[bytes] = (),
    headers: dict[str, str] | None = None,
    *,
    ends: bool = True,
) -> Answer:
    """Send a request whose body comes in pieces; without `ends` the last piece never comes."""
    waiting = list(pieces)
    answer = Answer()

    async def receive() -> Message:
        if not waiting and not ends:
            await asyncio.Event().wait()  # a phone that stalls
        piece = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": piece, "more_body": bool(waiting) or not ends}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status_code = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        answer.body += message.get("body", b"")

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "server": ("testserver", 80),
        "client": ("test", 1),
    }

    async def run() -> None:
        await asyncio.wait_for(app(scope, receive, send), 10)

    asyncio.run(run())
    return answer
