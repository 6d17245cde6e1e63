"""Five hundred phones hang up in the middle of a request: no connection is leaked, and the service is as before."""

import json
import socket
import time
from contextlib import closing
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from api.core import db
from api.core.config import Settings
from api.core.ids import new_id
from tests.journeys.people import enrol
from tests.journeys.server import HOST, Forker, Server
from tests.personas import entry_body

PHONES = 500


def knock(port: int, token: str, kind: int) -> None:
    """Send a request, or half of one, and hang up without reading an answer."""
    body = json.dumps(entry_body() if kind < 3 else {"ops": [], "cursor": "0"})
    method, path = ("POST", "/v1/sync") if kind == 3 else ("PUT", f"/v1/entries/{uuid4()}")
    if kind == 4:
        method, path, body = "GET", "/v1/entries", ""
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {token}\r\n"
    whole = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    sent = whole[: len(whole) // 2] if kind == 0 else whole
    with closing(socket.create_connection((HOST, port), timeout=10)) as phone:
        phone.sendall(sent)


@pytest.fixture
def small(settings: Settings) -> Settings:
    """Settings with so few connections that a leak of a handful would be felt."""
    return settings.model_copy(update={"threads": 4})


def test_five_hundred_phones_that_hang_up_leak_nothing(small: Settings, forker: Forker) -> None:
    (leo,) = enrol(small, 1)
    with Server(small, forker.launch) as server:
        for number in range(PHONES):
            knock(server.port, leo.token, number % 5)
        with httpx.Client(base_url=server.url, headers=leo.headers, timeout=5, trust_env=False) as client:
            for _ in range(20):  # more than the pool holds: each needs a connection, and one that can write
                assert client.get("/v1/entries").status_code == 200
                assert client.put(f"/v1/entries/{new_id()}", json=entry_body()).status_code == 201
        assert "request failed" not in server.log()
        assert stored(small) > PHONES // 5 + 20  # those who hung up after a whole request were heard
        assert busy(small) == 0


def stored(settings: Settings) -> int:
    """Count entries; on SQLite by a reader that waits for nobody."""
    engine = db.make_engine(settings)
    with db.reading(engine) as session:
        found = int(session.execute(text("SELECT count(*) FROM entry")).scalar_one())
    engine.dispose()
    return found


def busy(settings: Settings) -> int:
    """Count the server's connections that are inside a transaction, or the write lock that somebody holds."""
    engine = db.make_engine(settings)
    until = time.monotonic() + 5
    found = 1
    while found and time.monotonic() < until:
        with engine.connect() as connection:  # on SQLite this takes the write lock, or fails
            found = 0
            if not settings.is_sqlite:
                others = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
                found = int(
                    connection.execute(
                        text(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")
                    ).scalar_one()
                )
    engine.dispose()
    return found
