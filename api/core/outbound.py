"""Asks other services over HTTP: within a time and a size, and without following anybody elsewhere."""

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import httpx

_EACH_STEP, _ALTOGETHER = 3.0, 5.0  # seconds
_LARGEST = 262_144
_PLAIN = {"Accept-Encoding": "identity"}  # what is packed would not be unpacked, see below
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
)


class NotAnswered(Exception):
    """The other service did not answer in time, or with more than anybody needs."""

    def __init__(self, *, was_sent: bool = True) -> None:
        super().__init__()
        self.was_sent = was_sent
        """False if nothing of the request can have reached it."""


class NotSent(Exception):
    """Whoever was asked right before the request said no: nothing was sent."""


@dataclass(frozen=True)
class Answer:
    """What another service said."""

    status: int
    body: bytes


def ask(
    method: str,
    url: str,
    *,
    largest: int = _LARGEST,
    seconds: float | None = None,
    before_sending: Callable[[], bool] | None = None,
    **given: Any,
) -> Answer:
    """Send one request; `largest` bounds the answer in bytes, `given` is httpx's: data, auth, params, headers.

    `before_sending` is asked once the line is open, before the first byte goes out; if it says no, NotSent is raised.
    """
    until = time.monotonic() + (seconds or _ALTOGETHER)
    if before_sending is not None:
        given["extensions"] = given.get("extensions", {}) | {"trace": _asking(before_sending)}
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
        raise NotAnswered(was_sent=not isinstance(error, _UNSENT)) from error


def public_address(host: str) -> str:
    """Return the network address of a host, or raise NotAnswered: unknown, or in a network that is not the public one.

    To connect to what was looked at, and not to what the name means a moment later, ask this address with the name in
    the Host header and `extensions={"sni_hostname": host}`.
    """
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
        if found and all(map(_is_public, found)):
            return min(found, key=lambda one: (":" in one, one))  # the older protocol is there everywhere
    except (OSError, ValueError):
        pass
    raise NotAnswered(was_sent=False)


def _is_public(address: str) -> bool:
    found = ip_address(address)
    return found.is_global and not found.is_multicast


def _asking(before_sending: Callable[[], bool]) -> Callable[[str, dict[str, Any]], None]:
    def trace(event: str, _: dict[str, Any]) -> None:
        if event.endswith(".send_request_headers.started") and not before_sending():
            raise NotSent

    return trace


@lru_cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()
