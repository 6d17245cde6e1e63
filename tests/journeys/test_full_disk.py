"""When the disk is full, the service says so at once, still reads, comes back by itself, and loses nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from api.core.config import Settings
from tests.databases import Postgres, copy_sqlite, make_settings, own_postgres
from tests.journeys.full_disk import Disk, PostgresDisk, SqliteDisk
from tests.journeys.house import BACK, READS, SOON, House
from tests.journeys.people import enrol
from tests.journeys.phones import Phone
from tests.journeys.server import Forker, Server
from tests.journeys.test_crash import account

PATIENCE = 3.0
PHONES = 4
TIMES = 3


@pytest.fixture(scope="module")
def apart() -> Iterator[Postgres]:
    """A PostgreSQL server that no other test meets while its disk is full."""
    with own_postgres() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: Path) -> Iterator[Settings]:
    with ExitStack() as stack:
        url = ""
        if request.param == "sqlite":
            copy_sqlite(migrated_sqlite, tmp_path / "data")
        else:
            server: Postgres = request.getfixturevalue("apart")
            url = stack.enter_context(server.copy())
        yield make_settings(tmp_path / "data", url, patience=PATIENCE)


@pytest.fixture
def disk(settings: Settings) -> Iterator[Disk]:
    made: Disk = SqliteDisk() if settings.is_sqlite else PostgresDisk(settings.database_url)
    yield made
    made.free()


@contextmanager
def writing(settings: Settings, server: Server) -> Iterator[list[Phone]]:
    """Let phones write without pause; all of them have begun."""
    phones = [Phone(server.url, leader.token, seed) for seed, leader in enumerate(enrol(settings, PHONES))]
    with server:
        for phone in phones:
            phone.start()
        within(SOON, lambda: all(phone.acknowledged for phone in phones))
        yield phones
        for phone in phones:
            phone.stop()


def within(seconds: float, happens: Callable[[], bool]) -> None:
    """Wait until something happens, which it must in time."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "It does not happen in time."
        time.sleep(0.01)


def all_refused(phones: list[Phone]) -> Callable[[], bool]:
    """Tell when every phone has met a 503 that it had not met yet."""
    before = [phone.unavailable for phone in phones]
    return lambda: all(phone.unavailable > met for phone, met in zip(phones, before, strict=True))


def all_accepted(phones: list[Phone]) -> Callable[[], bool]:
    """Tell when every phone has a receipt that it had not yet."""
    before = [len(phone.acknowledged) for phone in phones]
    return lambda: all(len(phone.acknowledged) > had for phone, had in zip(phones, before, strict=True))


def test_nothing_that_writing_phones_were_promised_is_lost_or_doubled(
    settings: Settings, disk: Disk, forker: Forker, record_property: Callable[[str, object], None]
) -> None:
    server = Server(settings, forker.launch)
    with writing(settings, server) as phones, httpx.Client(base_url=server.url, trust_env=False) as http:
        for _ in range(TIMES):
            disk.fill(server)
            within(SOON, all_refused(phones))
            within(SOON, all_refused(phones))  # the first may have come a moment before
            assert http.get("/health/ready").status_code == 200
            assert account(settings, phones).lost == []
            freed = time.monotonic()
            disk.free()
            within(BACK, all_accepted(phones))
            record_property("back after", round(time.monotonic() - freed, 3))
            within(SOON, all_accepted(phones))
    found = account(settings, phones)
    assert (found.lost, found.doubled, found.never_sent, found.out_of_step) == ([], [], [], [])
    assert found.stored == found.promised
    assert [one for phone in phones for one in phone.refused] == []
    assert [phone.interrupted for phone in phones] == [0] * PHONES
    assert max(phone.slowest for phone in phones) < SOON
    record_property("slowest", round(max(phone.slowest for phone in phones), 3))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # PostgreSQL refuses the INSERT already
def test_a_server_that_acknowledges_before_it_commits_is_caught(
    settings: Settings, disk: Disk, forker: Forker
) -> None:
    server = Server(settings, forker.launch, "tests.journeys.broken_server")
    with writing(settings, server) as phones:
        disk.fill(server)
        within(SOON, lambda: account(settings, phones).lost != [])
        server.kill()
        server.start()


def test_every_kind_of_request_is_stored_or_refused_and_what_reads_is_answered(
    settings: Settings, disk: Disk, forker: Forker
) -> None:
    house = House(settings)
    with (
        Server(settings, forker.launch) as server,
        httpx.Client(base_url=server.url, timeout=30, trust_env=False) as http,
    ):
        house.warm(http)
        disk.fill(server)
        for _ in range(2):
            answers = house.ask_all(http)
            refused = {name for name, answer in answers.items() if answer.is_unavailable}
            stored = {name for name, answer in answers.items() if answer.response.is_success}
            assert refused | stored == answers.keys()
            assert refused >= (answers.keys() - READS if settings.is_sqlite else {"put", "sync"})
            assert stored >= READS
        disk.free()
        house.account(http, house.repeat_all(http))
