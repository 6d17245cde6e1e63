"""The durable job of the inbox: takes a source's deliveries one after the other, each in a transaction of its own."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Engine
from sqlmodel import Session, col, select

from api.core import clock, db
from api.core.config import Settings
from api.core.database_problem import database_problem
from api.core.jobs import JobContext, job, sweep
from api.core.logging import log, where
from api.core.problems import Unavailable
from api.webhooks import fetching
from api.webhooks.models import WebhookDelivery, WebhookSource
from api.webhooks.processing import Work, attribute
from api.webhooks.settling import End, free_key, gone, settle
from api.webhooks.steps import take_steps
from api.webhooks.waking import JOB
from schemas.inbox import DeliveryStatus

WAITING = (DeliveryStatus.RECEIVED, DeliveryStatus.FETCHING)
MOST_ATTEMPTS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=8)
_FAULT = "It could not be processed, by a fault of ours. Please tell the operator, and replay it."


@sweep
def due(session: Session) -> Iterator[tuple[str, str, int]]:
    """Yield the sources of which something waits."""
    number = clock.microseconds(clock.now())
    for source_id in session.exec(select(WebhookDelivery.source_id).where(*_due()).distinct()):
        yield JOB, str(source_id), number


@job(JOB)
def process(context: JobContext, source_id: str) -> None:
    """Process what waits of a source; run again after a crash it goes on, and run twice it does nothing twice."""
    engine = db.make_engine(context.settings)
    try:
        run(engine, context.settings, UUID(source_id))
    finally:
        engine.dispose()


def run(engine: Engine, settings: Settings, source_id: UUID) -> int:
    """Process what waits of a source, oldest first; return how many deliveries were looked at.

    A tool that does not answer is left alone: whatever else waits for it does so until the sweep comes again.
    """
    count, last, answers = 0, None, True
    while answers and (last := _next(engine, source_id, last)) is not None:
        answers = _attempt(engine, settings, last)
        count += 1
    return count


def _due() -> tuple[ColumnElement[bool], ...]:
    return col(WebhookDelivery.status).in_(WAITING), col(WebhookDelivery.next_attempt_at) <= clock.now()


def _next(engine: Engine, source_id: UUID, last: UUID | None) -> UUID | None:
    mine = select(WebhookDelivery.id).where(WebhookDelivery.source_id == source_id, *_due())
    if last is not None:
        mine = mine.where(col(WebhookDelivery.id) > last)
    with db.reading(engine) as session:
        return session.exec(mine.order_by(col(WebhookDelivery.id)).limit(1)).first()


def _attempt(engine: Engine, settings: Settings, delivery_id: UUID) -> bool:
    """Process a delivery, or put it off; say whether its tool answers."""
    try:
        errand = _process(engine, settings, delivery_id)
        if errand is not None:
            document = fetching.fetch(settings, errand.base, errand.wanted)
            _process(engine, settings, delivery_id, document)
    except fetching.NotFetched as refused:
        _postpone(engine, delivery_id, refused.reason)
        return refused.only_this
    except Exception as error:
        if isinstance(database_problem(error), Unavailable):
            raise  # the database is away: nothing was tried, and the sweep comes back
        log().error("delivery not processed", error=type(error).__name__, where=where(error))
        _postpone(engine, delivery_id, _FAULT)
    return True


def _process(
    engine: Engine, settings: Settings, delivery_id: UUID, fetched: bytes | None = None
) -> fetching.Errand | None:
    """Take a delivery to its end, or to where something has to be fetched first."""
    with db.transaction(engine) as session:
        delivery = _take(session, delivery_id, fetched=fetched is not None)
        if delivery is None:
            return None
        if fetched is not None:
            delivery.fetched = fetched
        work = Work(session, settings, session.get_one(WebhookSource, delivery.source_id), delivery)
        try:
            step = take_steps(work)
        except End as end:
            step = end
        if not isinstance(step, End):
            return step
        if work.is_misread:
            delivery.fetched = None  # a replay asks the tool again
        if step.status is not DeliveryStatus.PROCESSED and attribute(work):
            step = gone()
        settle(session, settings, delivery, step)
        if work.adapter.repeats_are_news:
            free_key(delivery)
        return None


def _take(session: Session, delivery_id: UUID, *, fetched: bool) -> WebhookDelivery | None:
    """Return a delivery that nobody else works on, or None."""
    wanted = [col(WebhookDelivery.status) == DeliveryStatus.FETCHING] if fetched else _due()
    mine = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id, *wanted)
    return session.exec(mine.with_for_update(skip_locked=True)).one_or_none()


def _postpone(engine: Engine, delivery_id: UUID, reason: str) -> None:
    """Let a delivery be tried again later, each time later; at last a person has to look at it."""
    with db.transaction(engine) as session:
        delivery = _take(session, delivery_id, fetched=False) or _take(session, delivery_id, fetched=True)
        if delivery is None:
            return
        delivery.attempts += 1
        delivery.reason = reason
        if delivery.attempts >= MOST_ATTEMPTS:
            delivery.status, delivery.settled_at = DeliveryStatus.DEAD, clock.now()
            return
        pause = min(_FIRST_PAUSE * 4 ** (delivery.attempts - 1), _LONGEST_PAUSE)
        delivery.next_attempt_at = clock.now() + pause
