"""`scripts/bench client`: what a start of the phone client costs, and how soon its outbox is empty."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from fastapi.testclient import TestClient

from api.core import db, logging
from api.main import create_app
from scripts.benchmarks.phone import Opened, Phone
from scripts.benchmarks.report import keep, show
from tests.databases import copy_sqlite, make_settings, sqlite_template
from tests.journeys.server import Forker, Server
from tests.personas import World
from tests.web.browsing import chromium

ENTRIES = 50
PHONES = 3
ROWS = {
    "shell over the wire, cold, kB": ("cold_shell", "60"),
    "requests for it": ("cold_requests", ""),
    "shell over the wire, warm, kB": ("warm_shell", "0"),
    "the service's own answers, cold, kB": ("cold_calls", ""),
    "the service's own answers, warm, kB": ("warm_calls", ""),
    "Today, cold, s": ("cold_today", ""),
    "first question, cold, s": ("cold_question", "2.5"),
    "Today, warm, s": ("warm_today", ""),
    "first question, warm, s": ("warm_question", "1.0"),
    f"{ENTRIES} entries sent, s": ("flush", "5"),
}


@contextmanager
def served() -> Iterator[tuple[str, list[str]]]:
    """Serve an open study from a process of its own; give its address, and invitations."""
    with tempfile.TemporaryDirectory() as name:
        copy_sqlite(sqlite_template(Path(name) / "template"), Path(name) / "data")
        settings = make_settings(Path(name) / "data")
        engine = db.make_engine(settings)
        with TestClient(create_app(settings), base_url="https://testserver") as client:
            world = World(client, engine, settings)
            codes = [world.invite() for _ in range(PHONES)]
        engine.dispose()
        forker = Forker()
        try:
            with Server(settings, forker.launch) as server:
                yield server.url, codes
        finally:
            forker.close()


def measured(runs: int) -> dict[str, list[float]]:
    """Open the client cold and warm, and flush, again and again."""
    found: dict[str, list[float]] = {}
    with served() as (address, codes), chromium() as browser:
        counted = Phone(browser, address, codes[0], keeps_shell=False)  # so that nothing is counted twice
        timed = Phone(browser, address, codes[1])
        for _ in range(runs):
            counted.forgets_the_shell()
            bytes_cold = counted.opens()
            timed.forgets_the_shell()
            cold, warm = timed.opens(), timed.opens()
            _note(found, "cold", cold, bytes_cold)
            _note(found, "warm", warm, warm)
            found.setdefault("flush", []).append(timed.flushes(ENTRIES))
    return found


def _note(found: dict[str, list[float]], name: str, times: Opened, sizes: Opened) -> None:
    told = {
        "today": times.today / 1000,
        "question": times.question / 1000,
        "shell": sizes.shell / 1000,
        "calls": sizes.calls / 1000,
        "requests": float(sizes.requests),
    }
    for key, value in told.items():
        found.setdefault(f"{name}_{key}", []).append(value)


def main(runs: Annotated[int, typer.Option(help="Starts of each kind; medians are reported.")] = 7) -> None:
    """Start the client on a phone with a four times slower processor and slow 4G, with and without its shell."""
    logging.configure("ERROR")
    found = measured(runs)
    middles = {name: median(values) for name, values in found.items()}
    rows = [
        [title, f"{middles[key]:,.2f}", f"{min(found[key]):,.2f} to {max(found[key]):,.2f}", goal]
        for title, (key, goal) in ROWS.items()
    ]
    columns = ["", "median", "all runs", "floor = goal, at most"]
    show(f"The phone client, 4x slower processor, slow 4G, {runs} runs", columns, rows)
    keep("client", {"runs": runs, "medians": middles, "found": found})


if __name__ == "__main__":
    typer.run(main)
