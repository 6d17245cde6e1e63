"""Carries a request of a TestClient to the application in one step; its own way takes ten, each a change of threads."""

from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from starlette.testclient import _TestClientTransport
from starlette.types import Message


def hurry() -> None:
    """Let every TestClient of this process do so; a whole answer is collected before any of it is seen."""
    _TestClientTransport.handle_request = _handle  # type: ignore[method-assign] # there is no setting for it


def _handle(self: Any, request: httpx2.Request) -> httpx2.Response:
    head: dict[str, Any] = {}
    body = bytearray()

    async def run() -> None:
        complete, pieces = anyio.Event(), [{"type": "http.request", "body": request.read()}]

        async def receive() -> Message:
            if pieces:
                return pieces.pop()
            await complete.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert not head, "A second head came."
                head.update(message)
                return
            assert head, "A body came before its head."
            assert not complete.is_set(), "A body came after its end."
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                complete.set()

        await self.app(_scope(self, request), receive, send)

    with self.portal_factory() as portal:
        try:
            portal.call(run)
        except Exception:
            if self.raise_server_exceptions:
                raise
    assert head, "There was no answer."
    content = b"" if request.method == "HEAD" else bytes(body)
    return httpx2.Response(
        head["status"], headers=head["headers"], stream=httpx2.ByteStream(content), request=request
    )


def _scope(self: Any, request: httpx2.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": self.root_path,
        "query_string": url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": self.client,
        "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
        "state": self.app_state.copy(),
    }
