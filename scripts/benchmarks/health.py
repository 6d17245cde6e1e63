"""`scripts/bench health`: how soon /health/live answers while the same process makes a release."""

import time
from statistics import quantiles
from typing import Annotated

import httpx
import typer

from api.core import logging
from api.core.config import Settings
from schemas.release import ReleaseStatus
from scripts.benchmarks import stock
from scripts.benchmarks.lab import databases
from scripts.benchmarks.report import keep, show
from tests.journeys.server import Forker, Server

BAR = "50 / 10"
EVERY = 0.02
BEFORE = 10.0
_MADE = {ReleaseStatus.PUBLISHED, ReleaseStatus.REFUSED, ReleaseStatus.FAILED}


def measured(settings: Settings, entries: int, people: int) -> dict[str, float | str]:
    """Ask a server that makes its own releases for one; return latencies in ms before and while it does."""
    study_id = stock.fill(settings, entries, people)
    forker = Forker()
    try:
        with (
            Server(settings, forker.launch) as server,
            httpx.Client(base_url=server.url, trust_env=False) as client,
        ):
            quiet = [_asked(client) for _ in range(int(BEFORE / EVERY))]
            release, busy = stock.ask(settings, study_id), []
            while (status := stock.status(settings, release.id)) not in _MADE:
                busy += [_asked(client) for _ in range(50)]
    finally:
        forker.close()
    before, while_made = quantiles(quiet, n=100), quantiles(busy, n=100)
    return {
        "status": status.value,
        "before_p99": before[98],
        "p50": while_made[49],
        "p99": while_made[98],
        "worst": max(busy),
        "asked": float(len(busy)),
    }


def _asked(client: httpx.Client) -> float:
    time.sleep(EVERY)
    started = time.perf_counter()
    client.get("/health/live").raise_for_status()
    return (time.perf_counter() - started) * 1000


def main(
    entries: Annotated[int, typer.Option(help="How many entries are released.")] = 200_000,
    people: Annotated[int, typer.Option(help="Of how many participants.")] = 300,
) -> None:
    """Ask each server how it is, fifty times a second, before and during a release."""
    logging.configure("ERROR")
    kept, rows = {}, []
    with databases() as found:
        for name in ("sqlite", "postgresql"):
            settings = found[name].model_copy(update={"worker": "inline"})
            told = kept[name] = measured(settings, entries, people)
            figures = [f"{told[key]:.1f}" for key in ("before_p99", "p50", "p99", "worst")]
            rows.append([name, str(told["status"]), *figures, BAR])
    columns = ["", "release", "p99 before, ms", "p50", "p99", "worst", "floor / goal of p99"]
    show(f"/health/live while {entries:,} entries of {people} people are released", columns, rows)
    keep("health", {"entries": entries, "people": people, "subjects": kept})


if __name__ == "__main__":
    typer.run(main)
