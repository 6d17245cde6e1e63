"""`scripts/bench prompts`: planning with a small and a large ledger, and two workers that send while one is killed."""

import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import time_machine
import typer
from pydantic import SecretStr
from sqlalchemy import Engine, insert
from sqlmodel import select

from api.core import clock, db, logging
from api.core.config import Settings
from api.core.ids import new_id
from api.prompts import plan
from api.prompts.models import Prompt
from schemas.prompt import PromptStatus
from scripts.benchmarks.lab import databases
from scripts.benchmarks.report import keep, show
from tests.databases import make_settings, own_postgres
from tests.journeys.prompting import (
    FIRST,
    TIMES,
    fill,
    join,
    live_through,
    planned,
    states,
    two_workers,
    wait_for_plans,
)
from tests.prompts.mailbox import mail_server

BARS = "1.3 / 1.1"
_START = datetime(FIRST.year, FIRST.month, FIRST.day, 7, tzinfo=UTC)
_AT_ONCE = 10_000
_LOOKING = 1.0  # a worker that looks for work all the time has less for the work


def planning(settings: Settings, people: int, small: int, large: int) -> dict[str, float]:
    """Plan 30 days for as many new people at two sizes of the ledger; return microseconds per prompt and the ratio."""
    settings = settings.model_copy(update={"prompt_horizon_days": 29})
    engine = db.make_engine(settings)
    with time_machine.travel(_START, tick=False):
        with db.transaction(engine) as session:
            study_id = fill(session, settings, 10)
        plan.plan(engine, settings)
        found = {}
        for size in (small, large):
            _stock(engine, size)
            with db.transaction(engine) as session:
                join(session, settings, study_id, people)
            found[size] = _timed(engine, settings)
    engine.dispose()
    return {"small_us": found[small], "large_us": found[large], "ratio": found[large] / found[small]}


def sending(people: int, days: int, kill_every: float) -> dict[str, float]:
    """Let two workers plan and send on PostgreSQL, one killed every so often; count what came at the mail server."""
    with (
        own_postgres() as postgres,
        postgres.copy() as url,
        mail_server() as (mailbox, mail_url),
        tempfile.TemporaryDirectory() as folder,
    ):
        mail = {"mail_url": SecretStr(mail_url), "mail_from": "diary@example.org", "mail_per_minute": 100_000}
        settings = make_settings(Path(folder), url).model_copy(update=mail)
        engine = db.make_engine(settings)
        with db.transaction(engine) as session:
            fill(session, settings, people)
        with two_workers(settings, _LOOKING) as workers:
            wait_for_plans(engine, people, 600)
            started = time.perf_counter()
            live_through(workers, engine, days, kill_every)
            seconds = time.perf_counter() - started
        came, found = Counter(mailbox.ids()), states(engine)
        engine.dispose()
    return {
        "prompts": float(people * days * len(TIMES)),
        "per_second": people * days * len(TIMES) / seconds,
        "came": float(len(came)),
        "twice": float(sum(count > 1 for count in came.values())),
        "sent": float(found["sent"]),
        "uncertain": float(found["unknown"]),
        "kills": float(workers.kills),
    }


def _timed(engine: Engine, settings: Settings) -> float:
    before, started = planned(engine), time.perf_counter()
    plan.plan(engine, settings)
    return (time.perf_counter() - started) * 1e6 / (planned(engine) - before)


def _stock(engine: Engine, size: int) -> None:
    """Fill the ledger with what was planned and is over."""
    with db.transaction(engine) as session:
        one = session.exec(select(Prompt).limit(1)).one()
        ids = {"study_id": one.study_id, "participant_id": one.participant_id, "instrument": one.instrument}
    missing = size - planned(engine)
    for first in range(0, missing, _AT_ONCE):
        at = clock.now() - timedelta(days=100)
        rows = [
            {
                "id": new_id(),
                "occasion": new_id().hex,
                "kind": "moment",
                "time_zone": "Europe/London",
                "planned_at": at,
                "status": PromptStatus.ANSWERED,
                "fold": 0,
                "step": 0,
                "schedule_id": one.schedule_id,
            }
            | ids
            for _ in range(min(_AT_ONCE, missing - first))
        ]
        with engine.begin() as connection:
            connection.execute(insert(Prompt), rows)


def main(
    people: Annotated[int, typer.Option(help="How many participants two workers remind.")] = 1_000,
    days: Annotated[int, typer.Option(help="For how many days, five times each.")] = 30,
    kill_every: Annotated[float, typer.Option(help="Seconds until a worker is killed.")] = 60.0,
    rounds: Annotated[int, typer.Option(help="How often planning is measured.")] = 1,
    large: Annotated[int, typer.Option(help="Prompts in the large ledger.")] = 1_000_000,
) -> None:
    """Measure planning on both databases, then sending by two workers on PostgreSQL."""
    logging.configure("ERROR")
    told: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        with databases() as found:
            for name in ("sqlite", "postgresql"):
                told[name] = planning(found[name], 200, 10_000, large)
    rows = [[name, *(f"{one[key]:,.2f}" for key in one), BARS] for name, one in told.items()]
    show(
        f"Planning, per prompt: a ledger of 10,000 and of {large:,}",
        ["", "small, us", "large, us", "ratio", "floor / goal"],
        rows,
    )
    sent = sending(people, days, kill_every)
    title = f"{people:,} participants x {len(TIMES)} a day x {days} days, two workers"
    show(title, [*sent], [[f"{value:,.1f}" for value in sent.values()]])
    keep("prompts", {"planning": told, "sending": sent})


if __name__ == "__main__":
    typer.run(main)
