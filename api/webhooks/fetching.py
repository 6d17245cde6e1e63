"""Fetches what a post only points at: from hosts that the operator listed, and never where a body says."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from api.core import outbound
from api.core.config import Settings
from api.webhooks.normalised import Fetch

LARGEST, LARGEST_PAGE = 1_048_576, 16_777_216
"""Bytes of one submission, as much as may be posted, and of a page of them."""
_OK, _NOT_FOUND = 200, 404
_WHY = {
    401: "The tool refused our token.",
    403: "The tool refused our token.",
    _NOT_FOUND: "The tool does not know this submission.",
    429: "The tool asked us to come back later.",
}


class NotFetched(Exception):
    """The tool did not give us what a post pointed at; the sentence says why."""

    def __init__(self, reason: str, *, only_this: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.only_this = reason, only_this


@dataclass(frozen=True)
class Errand:
    """What is to be fetched for a delivery, between two transactions."""

    delivery_id: UUID
    base: str
    wanted: Fetch = field(repr=False)


def fetch(
    settings: Settings, at: str, wanted: Fetch, *, largest: int = LARGEST, seconds: float | None = None
) -> bytes:
    """Return what the tool holds, or raise NotFetched."""
    if not wanted.path.startswith("/"):  # it would become a part of the host's name
        raise NotFetched("What is to be fetched has no sound address.")
    url = f"{base(settings, at)}{wanted.path}"
    given: dict[str, Any] = {"params": dict(wanted.parameters), "headers": dict(wanted.headers)}
    given |= {"data": dict(wanted.form)} if wanted.form else {}
    given |= {"json": dict(wanted.json)} if wanted.json else {}
    try:
        answer = outbound.ask(wanted.method, url, largest=largest, seconds=seconds, **given)
    except outbound.NotAnswered:
        raise NotFetched("The tool did not answer in time, or with too much.") from None
    if answer.status != _OK:
        why = _WHY.get(answer.status, "The tool could not answer.")
        raise NotFetched(why, only_this=answer.status == _NOT_FOUND)
    return answer.body


def base(settings: Settings, text: str) -> str:
    """Return an address that may be asked, without a path, or raise NotFetched."""
    try:
        parts = urlsplit(text)
        named = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    except ValueError:
        named, parts = "", urlsplit("")
    if not text or parts.scheme != "https" or parts.username or named not in settings.fetch_hosts:
        raise NotFetched("The operator has not listed the host of this tool (DAYBOOK_FETCH_HOSTS).")
    return f"https://{named}{parts.path.rstrip('/')}"
