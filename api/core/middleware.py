"""Pure ASGI middleware: request id, log line, metrics, security headers, body limit and deadline."""

import asyncio
import re
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core import problems
from api.core.ids import new_id
from api.core.logging import log, set_request_id, where
from api.core.metrics import Metrics
from api.core.problem_handlers import problem_response

_SAFE_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
HUNG_UP = 499  # what proxies write for a client that did not wait for its answer
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
}


class RequestContext:
    """Names each request, counts and logs it, and turns what nobody caught into a problem."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"x-request-id"), "")
        name = name if _SAFE_ID.match(name) else str(new_id())
        set_request_id(name)
        started, status = time.perf_counter(), 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = name
                for key, value in SECURITY_HEADERS.items():
                    headers.setdefault(key, value)
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        except Exception as error:  # noqa: BLE001 - the last fence: every failure has one shape
            log().error("request failed", error=type(error).__name__, where=where(error))
            if not status:
                await problem_response(problems.Unexpected())(scope, receive, send_named)
        finally:
            self._record(scope, status or HUNG_UP, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "unmatched"
        method = (
            scope["method"]
            if scope["method"] in {"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"}
            else "OTHER"
        )
        self.metrics.requests.labels(method, route, status).inc()
        self.metrics.duration.labels(method, route).observe(seconds)
        log().info("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1))


class BodyGuard:
    """Takes in the whole body before the application starts, within a size and a time."""

    def __init__(self, app: ASGIApp, limit: int, deadline: float, unguarded: str = "") -> None:
        self.app = app
        self.limit = limit
        self.deadline = deadline
        self.unguarded = unguarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request whose body is complete, or refuse it; what is unguarded counts for itself."""
        if scope["type"] != "http" or (self.unguarded and scope["path"].startswith(self.unguarded)):
            await self.app(scope, receive, send)
            return
        try:
            first = await asyncio.wait_for(self._body(scope, receive), self.deadline)
        except TimeoutError:
            await problem_response(problems.BodyTooSlow())(scope, receive, send)
            return
        except problems.BodyTooLarge as problem:
            await problem_response(problem)(scope, receive, send)
            return
        if first["type"] == "http.disconnect":
            return  # it hung up in the middle of its body: there is nothing to do, and nobody to tell
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return first

        await self.app(scope, replay, send)

    async def _body(self, scope: Scope, receive: Receive) -> Message:
        declared = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if not declared.isdigit() or int(declared[:20]) > self.limit:
            raise problems.BodyTooLarge(f"The limit is {self.limit} bytes.")
        message = await receive()
        pieces, size = [], 0
        while message["type"] == "http.request":
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > self.limit:
                raise problems.BodyTooLarge(f"The limit is {self.limit} bytes.")
            if not message.get("more_body"):
                return {"type": "http.request", "body": b"".join(pieces), "more_body": False}
            message = await receive()
        return message
