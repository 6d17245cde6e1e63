"""Asks other services over HTTP: within a time and a size, and without following anybody elsewhere."""

import ssl
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx

_EACH_STEP, _ALTOGETHER = 3.0, 5.0  # seconds
_LARGEST = 262_144
_PLAIN = {"Accept-Encoding": "identity"}  # what is packed would not be unpacked, see below


class NotAnswered(Exception):
    """The other service did not answer in time, or with more than anybody needs."""


@dataclass(frozen=True)
class Answer:
    """What another service said."""

    status: int
    body: bytes


def ask(
    method: str, url: str, *, largest: int = _LARGEST, seconds: float | None = None, **given: Any
) -> Answer:
    """Send one request; `largest` bounds the answer in bytes, `given` is httpx's: data, auth, params, headers."""
    until = time.monotonic() + (seconds or _ALTOGETHER)
    try:
        # No proxy, password file or certificate of the environment has a say beside the system's own authorities.
        with (
            httpx.Client(
                verify=_authorities(), timeout=seconds or _EACH_STEP, headers=_PLAIN, trust_env=False
            ) as client,
            client.stream(method, url, **given) as answer,
        ):
            body = bytearray()
            for piece in answer.iter_raw():  # as it came: a small answer must not unpack to a large one
                body += piece
                if len(body) > largest or time.monotonic() > until:
                    raise NotAnswered
            return Answer(answer.status_code, bytes(body))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotAnswered from error


@lru_cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()
