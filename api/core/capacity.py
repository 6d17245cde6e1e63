"""Answers 503 at once when too many requests are in flight, instead of letting all of them wait.

uvicorn's own limit counts idle connections too, and answers in another shape.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.core.problem_handlers import problem_response
from api.core.problems import Unavailable


class Capacity:
    """Admits a bounded number of requests; probes always pass."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most
        self.in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith("/health/"):
            await self.app(scope, receive, send)
            return
        if self.in_flight >= self.most:
            await problem_response(Unavailable())(scope, receive, send)
            return
        self.in_flight += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.in_flight -= 1
