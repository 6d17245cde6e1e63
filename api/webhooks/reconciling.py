"""Asks a tool what it holds, and finds what has not come here."""

import time
from collections.abc import Collection
from datetime import UTC, datetime
from datetime import time as time_of_day
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.config import Settings
from api.core.jobs import Jobs
from api.core.problems import Conflict
from api.webhooks import budget, fetching, polling
from api.webhooks.models import WebhookDelivery, WebhookSource, WebhookSubmission
from api.webhooks.normalised import Listed, Unreadable
from api.webhooks.polling import Question
from api.webhooks.problems import ToolNotAsked
from api.webhooks.waking import JOB
from schemas.inbox import Reconcile, Reconciled

_ALTOGETHER, _EACH = 20.0, 10.0  # seconds
_MOST_PAGES, _MOST_SHOWN, _AT_ONCE = 50, 1_000, 500


def reconcile(
    session: Session, settings: Settings, jobs: Jobs, actor: Actor, source: WebhookSource, wanted: Reconcile
) -> Reconciled:
    """Say which submissions a tool holds that have not come here, and take them in if asked."""
    question, study_id = polling.question_of(session, settings, source), source.study_id
    if budget.is_spent(question.adapter, source, clock.now()):
        raise ToolNotAsked("The tool may be asked no more today.")
    session.rollback()  # gives the database back: nobody waits for a tool that is slow
    try:
        posts, pages = _ask(settings, question, datetime.combine(wanted.since, time_of_day(), UTC))
        source = _again(session, question)
        budget.spend(source, clock.now(), pages)
        missing = sorted(posts.keys() - _known(session, source.id, posts))
        taken = missing if wanted.fetch_missing else []
        if taken:
            polling.store(session, settings, question, [posts[name] for name in taken])
            jobs.enqueue_after(session, JOB, str(source.id), clock.microseconds(clock.now()))
    except (fetching.NotFetched, Unreadable) as refused:
        raise ToolNotAsked(refused.reason) from None
    counted = {"count": len(missing), "fetched": len(taken)}
    audit.record(session, Event.SOURCE_RECONCILED, actor, study_id=study_id, object_id=source.id, **counted)
    return Reconciled(
        held=len(posts),
        known=len(posts) - len(missing),
        missing=missing[:_MOST_SHOWN],
        fetched=len(taken),
    )


def _ask(settings: Settings, question: Question, since: datetime) -> tuple[dict[str, bytes], int]:
    """Return what a tool holds, and how often it was asked, or raise NotFetched or Unreadable."""
    until, posts = time.monotonic() + _ALTOGETHER, dict[str, bytes]()
    for number in range(_MOST_PAGES):
        if time.monotonic() > until:
            break
        page = _page(settings, question, since, number)
        posts |= page.posts
        if page.is_last:
            return posts, number + 1
    raise fetching.NotFetched("The tool holds too much to be asked about at once: name a later day.")


def _page(settings: Settings, question: Question, since: datetime, number: int) -> Listed:
    adapter, options = question.adapter, question.options
    wanted = adapter.listing(since, number, question.token, options)
    if wanted is None:
        raise fetching.NotFetched(f"{adapter.title} cannot be asked what it holds.")
    at, largest = options.fetch_base or "", fetching.LARGEST_PAGE
    return adapter.listed(fetching.fetch(settings, at, wanted, largest=largest, seconds=_EACH), options)


def _again(session: Session, question: Question) -> WebhookSource:
    """Return the source as it was when its tool was asked, locked, or raise Conflict."""
    source = session.get(
        WebhookSource, question.source_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if source is None or source.version != question.version:
        raise Conflict
    return source


def _known(session: Session, source_id: UUID, names: Collection[str]) -> set[str]:
    """Return which of some submissions have come here, whatever became of them."""
    listed, found = list(names), set[str]()
    for table in (WebhookDelivery, WebhookSubmission):
        for first in range(0, len(listed), _AT_ONCE):
            some = col(table.submission_id).in_(listed[first : first + _AT_ONCE])
            rows = session.exec(select(table.submission_id).where(table.source_id == source_id, some))
            found |= {name for name in rows if name is not None}
    return found
