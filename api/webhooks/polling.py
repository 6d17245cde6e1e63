"""Asks the tools that do not post; what they hold is stored as if it had been posted, each version of it once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, or_
from sqlmodel import Session, col, select

from api.core import clock, crypto, db
from api.core.config import Settings
from api.core.jobs import JobContext, job, sweep
from api.studies.secrets import study_secret
from api.webhooks import fetching, running
from api.webhooks.adapters import ADAPTERS
from api.webhooks.adapters.base import Adapter
from api.webhooks.arriving import Arrival, Arrivals, Outcome
from api.webhooks.models import WebhookSource
from api.webhooks.normalised import Post, Unreadable
from schemas.inbox import SourceStatus
from schemas.source import SourceOptions

JOB = "inbox.poll"
PROOF = "asked"
OVERLAP = timedelta(minutes=10)
"""How far before the newest that was read the next question begins: a tool may show late what it took in before."""
PAGE_SECONDS = 30.0
_LONGEST_PAUSE = timedelta(hours=8)
_STOPPED = {
    Outcome.PAUSED: "The source was paused while its tool was asked.",
    Outcome.FULL: "The inbox is full: the tool is asked again later.",
    Outcome.CHANGED: "The source was changed while its tool was asked.",
}


@dataclass(frozen=True)
class Question:
    """What is needed for asking a source's tool, outside of any transaction."""

    source_id: UUID
    version: int
    adapter: Adapter
    options: SourceOptions
    token: str = field(repr=False)
    newest: datetime | None = None


@sweep
def due(session: Session) -> Iterator[tuple[str, str, int]]:
    """Yield the sources whose tools are to be asked."""
    number = clock.microseconds(clock.now())
    for source_id in session.exec(select(WebhookSource.id).where(*_due())):
        yield JOB, str(source_id), number


@job(JOB)
def ask(context: JobContext, source_id: str) -> None:
    """Ask a source's tool and process what it told; run again after a crash it stores nothing twice."""
    engine = db.make_engine(context.settings)
    try:
        poll(engine, context.settings, UUID(source_id))
        running.run(engine, context.settings, UUID(source_id))
    finally:
        engine.dispose()


def poll(engine: Engine, settings: Settings, source_id: UUID) -> bool:
    """Store what is new or changed at a source's tool; say whether all of it was read."""
    question = _begin(engine, settings, source_id)
    if question is None:
        return False
    try:
        newest = _read(engine, settings, question)
    except (fetching.NotFetched, Unreadable) as refused:
        _put_off(engine, settings, question, refused.reason)
        return False
    _finish(engine, question, newest)
    return True


def question_of(session: Session, settings: Settings, source: WebhookSource) -> Question:
    """Return what is needed for asking a source's tool."""
    sealed = source.fetch_token
    return Question(
        source.id,
        source.version,
        ADAPTERS[source.tool],
        SourceOptions.model_validate(source.options),
        crypto.open_under(study_secret(session, settings, source.study_id), sealed) if sealed else "",
        datetime.fromisoformat(source.watermark) if source.watermark else None,
    )


def store(session: Session, settings: Settings, question: Question, bodies: Sequence[bytes]) -> None:
    """Store what a tool told as its posts are, or raise NotFetched if the source takes nothing now."""
    arrivals = [
        Arrival(
            question.source_id,
            question.version,
            Post(body, "application/json"),
            body,
            crypto.content_hash(body),
            len(body),
            PROOF,
        )
        for body in bodies
    ]
    outcomes = Arrivals(settings.inbox_waiting).apply(session.connection(), arrivals)
    for outcome in set(outcomes) & _STOPPED.keys():
        raise fetching.NotFetched(_STOPPED[outcome])


def _due() -> tuple[ColumnElement[bool], ...]:
    return (
        col(WebhookSource.tool).in_([name for name, one in ADAPTERS.items() if one.polls]),
        col(WebhookSource.status) != SourceStatus.PAUSED,
        or_(col(WebhookSource.next_poll_at).is_(None), col(WebhookSource.next_poll_at) <= clock.now()),
    )


def _begin(engine: Engine, settings: Settings, source_id: UUID) -> Question | None:
    """Return what to ask, and keep everybody else from asking the same for a while; None if it is not time."""
    with db.transaction(engine) as session:
        mine = select(WebhookSource).where(WebhookSource.id == source_id, *_due())
        source = session.exec(mine.with_for_update(skip_locked=True, key_share=True)).one_or_none()
        if source is None:
            return None
        source.next_poll_at = clock.now() + timedelta(minutes=settings.poll_minutes)
        return question_of(session, settings, source)


def _read(engine: Engine, settings: Settings, question: Question) -> datetime | None:
    """Store page after page, each in a transaction of its own; return when the newest of it all changed."""
    adapter, options = question.adapter, question.options
    since, newest, skip = question.newest and question.newest - OVERLAP, question.newest, 0
    while True:
        wanted = adapter.page(since, skip, question.token, options)
        assert wanted is not None  # noqa: S101 - a tool that is asked has pages
        page = fetching.fetch(
            settings,
            options.fetch_base or "",
            wanted,
            largest=fetching.LARGEST_PAGE,
            seconds=PAGE_SECONDS,
        )
        bodies = adapter.apart(page)
        with db.transaction(engine) as session:
            store(session, settings, question, bodies)
        newest = max([one for one in (newest, *_times(question, bodies)) if one], default=None)
        if len(bodies) < adapter.page_size:
            return newest
        skip += adapter.page_size * 9 // 10  # what is deleted meanwhile moves the rest to the page before


def _times(question: Question, bodies: Sequence[bytes]) -> Iterator[datetime]:
    for body in bodies:
        try:
            envelopes = question.adapter.envelopes(Post(body), question.options)
        except Unreadable:
            continue  # it is stored, and quarantined with a reason
        yield from (one.revision_time for one in envelopes if one.revision_time)


def _finish(engine: Engine, question: Question, newest: datetime | None) -> None:
    with db.transaction(engine) as session:
        source = _unchanged(session, question)
        if source is not None:
            source.watermark = newest.isoformat() if newest else None
            source.poll_failures, source.poll_reason = 0, None


def _put_off(engine: Engine, settings: Settings, question: Question, reason: str) -> None:
    """Ask again later, each time later; what was read so far is stored, and read again."""
    with db.transaction(engine) as session:
        source = _unchanged(session, question)
        if source is not None:
            source.poll_failures += 1
            source.poll_reason = reason[:200]
            pause = timedelta(minutes=settings.poll_minutes) * 2 ** min(source.poll_failures - 1, 10)
            source.next_poll_at = clock.now() + min(pause, _LONGEST_PAUSE)


def _unchanged(session: Session, question: Question) -> WebhookSource | None:
    mine = select(WebhookSource).where(
        WebhookSource.id == question.source_id, WebhookSource.version == question.version
    )
    return session.exec(mine.with_for_update(key_share=True)).one_or_none()
