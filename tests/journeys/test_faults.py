"""When the database is away, the service says so at once, comes back by itself, and loses and doubles nothing."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url

from api.core.config import Settings
from api.core.jobs import Jobs
from tests.databases import Postgres, copy_sqlite, make_settings
from tests.journeys.house import READS, SOON, House
from tests.journeys.proxy import FAULTS, Mode, Proxy
from tests.journeys.server import Forker, Server

PATIENCE = 3.0  # a second less than by default: the machine of a test may be busy
CROWD = 60


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    with postgres.copy() as made:
        yield made


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    with Proxy(Path(str(make_url(url).query["host"])) / ".s.PGSQL.5432") as made:
        yield made


@pytest.fixture
def through(url: str, proxy: Proxy, tmp_path: Path) -> Settings:
    """Settings of a server whose every word to the database goes through the proxy."""
    address = f"postgresql://postgres:@127.0.0.1:{proxy.port}/{make_url(url).database}?sslmode=disable"
    return make_settings(tmp_path / "served", address, patience=PATIENCE)


@contextmanager
def serving(settings: Settings, forker: Forker) -> Iterator[httpx.Client]:
    """Serve, and warn if a request fails in a way that nobody foresaw."""
    limits = httpx.Limits(max_connections=None)
    with (
        Server(settings, forker.launch) as server,
        httpx.Client(base_url=server.url, timeout=30, trust_env=False, limits=limits) as http,
    ):
        yield http
        assert "request failed" not in server.log()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_network_is_a_503_for_everybody_and_then_over(
    fault: Mode, url: str, proxy: Proxy, through: Settings, tmp_path: Path, forker: Forker
) -> None:
    house = House(make_settings(tmp_path / "people", url))
    with serving(through, forker) as http:
        house.warm(http)
        proxy.fail(fault)
        for _ in range(2):  # over connections that were open before, and over new ones
            answers = house.ask_all(http)
            refused = {name for name, answer in answers.items() if answer.is_unavailable}
            spared = READS if fault == "cut after commit" else set()
            assert refused == answers.keys() - spared, {name: answers[name].response.text for name in answers}
            assert http.get("/health/live").status_code == 200
        proxy.mode = "pass"
        house.account(http, house.repeat_all(http))
        assert (proxy.commits_cut > 0) == (fault == "cut after commit")


def test_a_crowd_is_answered_while_the_database_says_nothing(
    url: str, proxy: Proxy, through: Settings, tmp_path: Path, forker: Forker
) -> None:
    house = House(make_settings(tmp_path / "people", url))
    with serving(through, forker) as http, ThreadPoolExecutor(CROWD) as pool:
        house.warm(http)
        proxy.fail("stall")
        kinds = [*house.requests] * (CROWD // len(house.requests))
        answers = list(pool.map(partial(house.ask, http), kinds))
        assert [answer for answer in answers if not answer.is_unavailable] == []
        proxy.mode = "pass"
        house.account(http, house.repeat_all(http))


def test_a_queue_that_says_nothing_does_not_hold_up_who_asked_for_a_job(
    proxy: Proxy, through: Settings
) -> None:
    jobs = Jobs(through)
    proxy.fail("stall")
    for _ in range(2):
        started = time.monotonic()
        with pytest.raises(Exception, match=r"timeout|away"):
            jobs.enqueue("release.build", "row-1")
        assert time.monotonic() - started < SOON
    jobs.close()


def test_a_locked_sqlite_file_is_a_503_until_the_lock_goes(
    migrated_sqlite: Path, tmp_path: Path, forker: Forker
) -> None:
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    settings = make_settings(tmp_path / "data", patience=PATIENCE)
    house = House(settings)
    with (
        serving(settings, forker) as http,
        closing(sqlite3.connect(tmp_path / "data" / "daybook.sqlite3", isolation_level=None)) as other,
    ):
        house.warm(http)
        other.execute("BEGIN IMMEDIATE")
        answers = house.ask_all(http)
        refused = {name for name, answer in answers.items() if answer.is_unavailable}
        assert refused == answers.keys() - READS
        other.execute("ROLLBACK")
        house.account(http, house.repeat_all(http))
