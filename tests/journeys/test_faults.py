"""When the database is away, the service says so at once, comes back by itself, and loses nothing."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.engine import make_url

from api.core.config import Settings
from api.core.ids import new_id
from tests.databases import Postgres, copy_sqlite, make_settings
from tests.journeys.people import enrol
from tests.journeys.proxy import Proxy
from tests.journeys.server import Forker, Server
from tests.personas import Leader, entry_body

SOON = 5.0


@dataclass
class Away:
    """A server whose database stands behind a proxy, and a leader with a phone."""

    http: httpx.Client
    proxy: Proxy
    leo: Leader

    def put(self, entry: Any, body: Any) -> tuple[httpx.Response, float]:
        """Put an entry; return the answer and the seconds it took."""
        started = time.monotonic()
        answer = self.http.put(f"/v1/entries/{entry}", json=body, headers=self.leo.headers)
        return answer, time.monotonic() - started


def is_unavailable(answer: httpx.Response) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith((":unavailable", ":not-migrated"))
    return answer.status_code == 503 and int(answer.headers["retry-after"]) > 0


@pytest.fixture
def away(postgres: Postgres, tmp_path: Path, forker: Forker) -> Iterator[Away]:
    with postgres.copy() as url:
        (leo,) = enrol(make_settings(tmp_path / "people", url), 1)
        place = make_url(url)
        with Proxy(Path(str(place.query["host"])) / ".s.PGSQL.5432") as proxy:
            through = f"postgresql://postgres:@127.0.0.1:{proxy.port}/{place.database}?sslmode=disable"
            settings = make_settings(tmp_path / "served", through)
            with (
                Server(settings, forker.launch) as server,
                httpx.Client(base_url=server.url, timeout=30, trust_env=False) as http,
            ):
                yield Away(http, proxy, leo)


def test_a_database_that_is_away_is_a_503_and_its_return_is_noticed(away: Away) -> None:
    entry, body = new_id(), entry_body()
    away.proxy.go_away()
    for _ in range(3):
        answer, took = away.put(entry, body)
        assert is_unavailable(answer)
        assert took < SOON
    assert away.http.get("/health/live").status_code == 200
    assert is_unavailable(away.http.get("/health/ready"))
    assert is_unavailable(away.http.get("/v1/me", headers=away.leo.headers))

    away.proxy.mode = "pass"
    back = time.monotonic()
    while (answer := away.put(entry, body)[0]).status_code == 503:
        time.sleep(0.05)
    assert time.monotonic() - back < 2
    assert answer.status_code == 201
    assert away.http.get("/health/ready").status_code == 200


def test_an_answer_lost_after_the_commit_is_one_entry(away: Away) -> None:
    entry, body = new_id(), entry_body()
    away.proxy.mode = "cut after commit"
    answer, took = away.put(entry, body)
    assert away.proxy.commits_cut > 0
    assert is_unavailable(answer)
    assert took < SOON
    away.proxy.mode = "pass"
    again, _ = away.put(entry, body)
    assert (again.status_code, again.json()["version"]) == (200, 1)
    listed = away.http.get("/v1/entries", headers=away.leo.headers).json()["entries"]
    assert [one["receipt"]["id"] for one in listed] == [str(entry)]


def test_a_locked_sqlite_file_is_a_503_until_the_lock_goes(
    migrated_sqlite: Path, tmp_path: Path, forker: Forker
) -> None:
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    settings: Settings = make_settings(tmp_path / "data")
    (leo,) = enrol(settings, 1)
    entry, body = new_id(), entry_body()
    with (
        Server(settings, forker.launch) as server,
        httpx.Client(base_url=server.url, timeout=30, trust_env=False) as http,
        closing(sqlite3.connect(tmp_path / "data" / "daybook.sqlite3", isolation_level=None)) as other,
    ):
        away = Away(http, None, leo)  # type: ignore[arg-type] # a file has no proxy
        other.execute("BEGIN IMMEDIATE")
        answer, took = away.put(entry, body)
        assert is_unavailable(answer)
        assert took < SOON
        assert http.get("/v1/me", headers=leo.headers).status_code == 200
        other.execute("ROLLBACK")
        assert away.put(entry, body)[0].status_code == 201
