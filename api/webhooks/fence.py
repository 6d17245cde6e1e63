"""Holds the door to its table of answers, whatever goes wrong behind it: 200, 401, 413, or 503 to be tried again.

Survey tools punish any other answer: some lose the response on a 500 or a 429, some end the webhook on a 404 or a 410.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.logging import log, where
from api.core.problem_handlers import problem_response
from api.core.problems import Problem, Unavailable
from api.webhooks.problems import NotProven

PATH = "/v1/hooks/"
_TABLE = {200, 401, 413, 503}
_NOWHERE = 404
_METHODS = {"POST", "GET", "HEAD"}


class Fence:
    """Lets only the answers of the table out of the door."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith(PATH) or scope["method"] not in _METHODS:
            await self.app(scope, receive, send)
            return
        instead: Problem | None = None
        started = False

        async def send_allowed(message: Message) -> None:
            nonlocal instead, started
            if message["type"] == "http.response.start" and message["status"] not in _TABLE:
                instead = NotProven() if message["status"] == _NOWHERE else Unavailable()
            if instead is None:
                started = True
                await send(message)

        try:
            await self.app(scope, receive, send_allowed)
        except Exception as error:
            if started:
                raise
            log().error("request failed", error=type(error).__name__, where=where(error))
            instead = Unavailable()
        if instead is not None:
            await problem_response(instead)(scope, receive, send)
