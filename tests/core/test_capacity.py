"""A crowd at the door gets a quick, honest answer."""

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send

from api.core.capacity import Capacity


def test_the_request_too_many_is_told_to_come_back_and_probes_pass() -> None:
    sent: list[dict[str, Any]] = []
    go_on = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/v1/me":
            await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(door: Capacity, path: str) -> None:
        async def receive() -> Any:
            raise AssertionError("nobody reads the body")

        async def send(message: Any) -> None:
            sent.append({"path": path} | message)

        await door({"type": "http", "path": path, "headers": [], "method": "GET"}, receive, send)

    async def story() -> None:
        door = Capacity(slow, most=2)
        waiting = [asyncio.create_task(ask(door, "/v1/me")) for _ in range(2)]
        await asyncio.sleep(0)
        await ask(door, "/v1/me")
        await ask(door, "/health/live")
        go_on.set()
        await asyncio.gather(*waiting)
        await ask(door, "/v1/me")

    asyncio.run(story())
    statuses = [(one["path"], one["status"]) for one in sent if one["type"] == "http.response.start"]
    assert statuses == [
        ("/v1/me", 503),
        ("/health/live", 200),
        ("/v1/me", 200),
        ("/v1/me", 200),
        ("/v1/me", 200),
    ]
    assert (b"retry-after", b"5") in sent[0]["headers"]
