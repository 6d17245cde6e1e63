"""The durable job that sends reminders within their minute, and catches up after a while without a worker."""

from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

from sqlalchemy import Engine, exists, select
from sqlmodel import Session, col

from api.core import clock, db
from api.core.config import Settings
from api.core.jobs import SWEEP_SECONDS, JobContext, job, sweep
from api.core.logging import log
from api.prompts import sendings
from api.prompts.channels import CHANNELS
from api.prompts.channels.base import Fate, Line, Means, Outcome
from api.prompts.claiming import Errand, take
from api.prompts.concluding import conclude
from api.prompts.models import Prompt
from schemas.reminders import ChannelName

JOB = "prompts.send"
QUEUE = "prompts"


@sweep
def due(session: Session) -> Iterator[tuple[str, str, int]]:
    """Ask for the job if any prompt is due: every worker asks by the same name, so that it runs once a turn."""
    if session.execute(select(exists().where(col(Prompt.due_at) <= clock.now()))).scalar():
        yield JOB, "all", int(clock.now().timestamp()) // SWEEP_SECONDS


@job(JOB, queue=QUEUE)
def send(context: JobContext, _: str) -> None:
    """Send what is due; run again after a crash it goes on, and run twice it sends nothing twice."""
    engine = db.make_engine(context.settings)
    try:
        run(engine, context.settings)
    finally:
        engine.dispose()


def run(engine: Engine, settings: Settings) -> int:
    """Send everything that is due; return how many reminders were sent."""
    sent = 0
    with ExitStack() as stack:
        lines: dict[ChannelName, Line] = {}
        while True:
            with db.transaction(engine) as session:
                errands = take(session, settings)
            if errands is None:
                return sent
            for errand in errands:
                for name, *_ in errand.by:
                    if name not in lines:
                        lines[name] = stack.enter_context(CHANNELS[name].open(Means(settings, engine)))
                sent += _do(engine, errand, lines)


def _do(engine: Engine, errand: Errand, lines: dict[ChannelName, Line]) -> int:
    """Send one prompt by each of its channels, and note what became of it; return by how many it went."""
    outcomes: list[tuple[ChannelName, UUID, UUID, Outcome]] = []
    for name, sending_id, claim_id, reminder, to in errand.by:

        def handing_over(sending_id: UUID = sending_id, claim_id: UUID = claim_id) -> bool:
            return sendings.hand_over(engine, sending_id, claim_id)

        outcomes.append((name, sending_id, claim_id, lines[name].send(reminder, to, handing_over)))
    with db.transaction(engine) as session:
        # The prompt first, as whoever takes it does: so neither waits for the other, nor overwrites what it wrote.
        session.get(Prompt, errand.prompt_id, with_for_update=True)
        now = clock.now()
        mine = [
            (name, outcome)
            for name, sending_id, claim_id, outcome in outcomes
            if sendings.settle(session, sending_id, claim_id, outcome, now)
        ]
        if mine:  # else another worker has taken it over, and concludes
            conclude(session, errand, mine, now)
    log().info("reminder", outcomes=[outcome.fate.value for *_, outcome in outcomes])
    return sum(outcome.fate is Fate.SENT for *_, outcome in outcomes)
