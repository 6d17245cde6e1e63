"""Fixtures: a study that is served over TLS, and Leo's browser of WebKit."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.databases import copy_sqlite, make_settings
from tests.web.joining.conftest import served
from tests.web.joining.place import Place
from tests.web.webkit.driver import SCREEN, Driver, programs, started
from tests.web.webkit.leo import Leo
from tests.webhooks.tools import certificate


@pytest.fixture(scope="session")
def webkit() -> Iterator[tuple[str, str]]:
    """Where the driver listens, and which browser it is to start."""
    driver, browser, screen = programs()
    port, display = free_port(), free_port() % 10_000 + 100
    size = f"{SCREEN['width']}x{SCREEN['height']}x24"
    with ExitStack() as running:
        running.enter_context(
            started([screen, f":{display}", "-screen", "0", size, "-listen", "tcp"], 6000 + display)
        )
        running.enter_context(
            started([driver, f"--port={port}"], port, DISPLAY=f":{display}", TZ="Europe/London")
        )
        yield f"http://127.0.0.1:{port}", browser


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def place(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Place]:
    """A study over TLS: WebKit keeps no Secure cookie of http, not even of this machine's own."""
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    yield from served(make_settings(tmp_path / "data"), certificate(tmp_path).chain)


@pytest.fixture
def leo(webkit: tuple[str, str], place: Place, tmp_path: Path) -> Iterator[Leo]:
    """Leo and his phone; its last screen stays in the folder of a test that failed."""
    driver = Driver(*webkit)
    try:
        yield Leo(driver, place)
        driver.photograph(tmp_path / "last.png")
    finally:
        driver.close()
