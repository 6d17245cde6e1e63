"""Hundreds of phones at once: all are answered, those who hang up leak nothing, and the service is as before."""

import json
import socket
import time
from contextlib import ExitStack, closing
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from api.core import db
from api.core.config import Settings
from api.core.ids import new_id
from tests.journeys.people import enrol
from tests.journeys.server import HOST, Forker, Server
from tests.personas import Leader, entry_body

PHONES = 300
HANGING_UP = 500
SOON = 15.0


def written(method: str, path: str, leader: Leader, body: object = None) -> bytes:
    """Write a request as it goes over the wire; the connection is closed after its answer."""
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    )
    known = f"Authorization: Bearer {leader.token}\r\nContent-Length: {len(content)}\r\n\r\n"
    return (head + known).encode() + content


def put(entry: UUID, leader: Leader) -> bytes:
    return written("PUT", f"/v1/entries/{entry}", leader, entry_body())


@pytest.fixture
def small(settings: Settings) -> Settings:
    """Settings with so few threads and connections that a leak of a handful would be felt."""
    return settings.model_copy(update={"threads": 4})


def test_three_hundred_requests_at_the_same_moment_are_all_answered(small: Settings, forker: Forker) -> None:
    (leo,) = enrol(small, 1)
    kinds = [
        written("GET", "/v1/entries", leo),
        written("PUT", "/v1/me/contact", leo, {"name": "Leo Leader"}),
        written("POST", "/v1/sync", leo, {}),
    ]
    with Server(small, forker.launch) as server, ExitStack() as stack:
        phones = [
            stack.enter_context(closing(socket.create_connection((HOST, server.port), timeout=60)))
            for _ in range(PHONES)
        ]
        started = time.monotonic()
        for number, phone in enumerate(phones):
            phone.sendall(kinds[number % len(kinds)])
        statuses = [phone.makefile("rb").readline().split()[1] for phone in phones]
        assert set(statuses) <= {b"200", b"204"}
        assert time.monotonic() - started < SOON


def test_five_hundred_phones_that_hang_up_leak_nothing(small: Settings, forker: Forker) -> None:
    (leo,) = enrol(small, 1)
    with Server(small, forker.launch) as server:
        for number in range(HANGING_UP):
            whole = [
                put(new_id(), leo),
                written("POST", "/v1/sync", leo, {}),
                written("GET", "/v1/entries", leo),
            ]
            sent = whole[0][:-100] if number % 4 == 3 else whole[number % 4]
            with closing(socket.create_connection((HOST, server.port), timeout=10)) as phone:
                phone.sendall(sent)
        with httpx.Client(base_url=server.url, headers=leo.headers, timeout=SOON, trust_env=False) as client:
            for _ in range(20):  # more than the pool holds: each takes a connection, and one that can write
                assert client.get("/v1/entries").status_code == 200
                assert client.put(f"/v1/entries/{new_id()}", json=entry_body()).status_code == 201
        assert "request failed" not in server.log()
        assert stored(small) >= HANGING_UP // 4 + 20  # who sent a whole entry was heard
        assert busy(small) == 0


def stored(settings: Settings) -> int:
    """Count the entries."""
    engine = db.make_engine(settings)
    with db.reading(engine) as session:
        found = int(session.execute(text("SELECT count(*) FROM entry")).scalar_one())
    engine.dispose()
    return found


def busy(settings: Settings) -> int:
    """Count the server's connections that are inside a transaction; on SQLite take the write lock, or fail."""
    engine = db.make_engine(settings)
    count = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    with engine.begin() as connection:
        found = 0 if settings.is_sqlite else int(connection.execute(text(count)).scalar_one())
    engine.dispose()
    return found
