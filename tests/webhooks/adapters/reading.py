"""Reads posts as a job does."""

import json
from typing import Any

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Answer, Envelope, Normalised, Post
from schemas.source import SourceOptions
from tests.webhooks.senders import SENDERS


def raw(body: Any) -> bytes:
    """Return a body as bytes."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def envelope(tool: str, body: Any, options: SourceOptions | None = None, content_type: str = "") -> Envelope:
    """Return the one thing that a post tells of."""
    wanted = options or SENDERS[tool].options
    (found,) = ADAPTERS[tool].envelopes(Post(raw(body), content_type or SENDERS[tool].content_type), wanted)
    return found


def read(tool: str, body: Any, options: SourceOptions | None = None, fetched: Any = None) -> Normalised:
    """Return the one submission that a post holds or points to."""
    document = raw(body if fetched is None else fetched)
    wanted = options or SENDERS[tool].options
    return ADAPTERS[tool].normalise(envelope(tool, body, wanted), document, wanted)


def by_key(found: Normalised) -> dict[str, Answer]:
    """Return the answers by their keys."""
    return {answer.key: answer for answer in found.answers}


def values(found: Normalised) -> dict[str, Any]:
    """Return what was answered by key."""
    return {answer.key: answer.value for answer in found.answers}
