"""Holds planned instants against the rules of their zones: a government may move the clocks after we have planned."""

from sqlalchemy import Engine, select
from sqlmodel import col

from api.core import clock, db
from api.core.config import Settings
from api.core.jobs import chore
from api.core.logging import log
from api.prompts.deciding import replanned
from api.prompts.models import Prompt
from schemas.prompt import PromptStatus

_held: set[str] = set()
_AT_ONCE = 500


@chore
def follow_zone_rules(engine: Engine, _: Settings) -> None:
    """Do so once in the life of a worker: new rules come with a new version of it."""
    if (name := str(engine.url)) not in _held:
        moved = hold(engine)
        _held.add(name)
        if moved:
            log().warning("prompts moved by new rules of a zone", count=moved)


def hold(engine: Engine) -> int:
    """Move the prompts to come whose wall-clock time is another instant by now; return how many there were."""
    moved, last = 0, None
    while True:
        with db.transaction(engine) as session:
            to_come = select(Prompt).where(
                col(Prompt.status) == PromptStatus.PLANNED,
                col(Prompt.step) == 0,
                col(Prompt.planned_at) > clock.now(),
            )
            page = to_come if last is None else to_come.where(col(Prompt.id) > last)
            rows = session.execute(page.order_by(col(Prompt.id)).limit(_AT_ONCE)).scalars().all()
            for prompt in rows:
                moved += prompt.moves_to(replanned(prompt))
            if len(rows) < _AT_ONCE:
                return moved
            last = rows[-1].id
