"""Asks a tool what it holds, and finds what has not come here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
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
from api.webhooks.asking import Pages
from api.webhooks.models import WebhookDelivery, WebhookSource, WebhookSubmission
from api.webhooks.normalised import Unreadable
from api.webhooks.polling import Question
from api.webhooks.problems import ToolNotAsked
from api.webhooks.waking import JOB
from schemas.inbox import Reconcile, Reconciled

_MOST_SHOWN, _AT_ONCE = 1_000, 500
_MOST_KEPT = 16_777_216  # bytes


@dataclass
class Found:
    """What a tool holds: names, and of what is missing as many posts as are taken in at once."""

    keeps: bool
    held: set[str] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)
    posts: list[bytes] = field(default_factory=list, repr=False)
    size: int = 0

    def add(self, page: Mapping[str, bytes | None], known: Collection[str]) -> None:
        """Add a page; its posts are let go, but for those of what is missing."""
        for name, post in page.items():
            if name not in self.held and name not in known:
                self.missing[name] = None
                if self.keeps and post is not None and self.size + len(post) <= _MOST_KEPT:
                    self.posts.append(post)
                    self.size += len(post)
        self.held.update(page)


def reconcile(
    session: Session, settings: Settings, jobs: Jobs, actor: Actor, source: WebhookSource, wanted: Reconcile
) -> Reconciled:
    """Say which submissions a tool holds that have not come here, and take them in if asked."""
    question, study_id = polling.question_of(session, settings, source), source.study_id
    left = budget.left(session, settings, question.adapter, source)
    if not left:
        raise ToolNotAsked("The tool may be asked no more today.")
    session.rollback()  # gives the database back: nobody waits for a tool that is slow
    pages = Pages(settings, question, datetime.combine(wanted.since, time_of_day(), UTC), left)
    try:
        found = _compare(session, question, pages, Found(keeps=wanted.fetch_missing))
        source = _again(session, question)
        if found.posts:
            polling.store(session, settings, question, found.posts)
            jobs.enqueue_after(session, JOB, str(source.id), clock.microseconds(clock.now()))
    except (fetching.NotFetched, Unreadable) as refused:
        raise ToolNotAsked(refused.reason) from None
    counted = {"count": len(found.missing), "fetched": len(found.posts)}
    audit.record(session, Event.SOURCE_RECONCILED, actor, study_id=study_id, object_id=source.id, **counted)
    return Reconciled(
        held=len(found.held),
        known=len(found.held) - len(found.missing),
        missing=sorted(found.missing)[:_MOST_SHOWN],
        fetched=len(found.posts),
    )


def _compare(session: Session, question: Question, pages: Pages, found: Found) -> Found:
    """Look for page after page in what has come, between the questions; what was asked is counted in any case."""
    try:
        for page in pages:
            found.add(page.posts, _known(session, question.source_id, page.posts))
            session.rollback()
    finally:
        session.rollback()
        budget.note(session.get_bind().engine, question.source_id, pages.asked)
    return found


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
