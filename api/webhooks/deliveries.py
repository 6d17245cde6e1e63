"""Deliveries as a researcher sees them: listed, shown without what names somebody, counted, replayed, put aside."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, func, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.config import Settings
from api.core.jobs import Jobs
from api.core.problems import NotFound
from api.webhooks.models import WebhookDelivery, WebhookSource
from api.webhooks.problems import NothingToReplay
from api.webhooks.waking import JOB
from schemas.inbox import DeliveryPage, DeliveryQuery, DeliveryStatus, DeliverySummary, Replay

WAITING = frozenset({DeliveryStatus.RECEIVED, DeliveryStatus.FETCHING})
FAILED = frozenset({DeliveryStatus.QUARANTINED, DeliveryStatus.DEAD})
PUT_ASIDE = "A member of the team has put this aside."
_SHOWN = set(DeliverySummary.model_fields) - {"has_content", "next_attempt_at"}


def page(session: Session, study_id: UUID, asked: DeliveryQuery) -> DeliveryPage:
    """List a study's deliveries, newest first."""
    mine = select(WebhookDelivery).where(*_of_study(study_id, asked.source_id))
    if asked.status is not None:
        mine = mine.where(WebhookDelivery.status == asked.status)
    if asked.after is not None:
        mine = mine.where(col(WebhookDelivery.id) < asked.after)
    rows = session.exec(mine.order_by(col(WebhookDelivery.id).desc()).limit(asked.limit + 1)).all()
    shown = rows[: asked.limit]
    return DeliveryPage(
        deliveries=[summary(row) for row in shown],
        next=shown[-1].id if len(rows) > asked.limit else None,
    )


def counts(session: Session, study_id: UUID, source_id: UUID | None = None) -> dict[DeliveryStatus, int]:
    """Count a study's deliveries by where they stand."""
    counted = (
        select(WebhookDelivery.status, func.count())
        .where(*_of_study(study_id, source_id))
        .group_by(col(WebhookDelivery.status))
    )
    found = dict(session.exec(counted).all())
    return {status: found.get(status, 0) for status in DeliveryStatus}


def get(
    session: Session, study_id: UUID, delivery_id: UUID, *, lock: bool = False
) -> tuple[WebhookSource, WebhookDelivery]:
    """Return a delivery of this study and its source, or raise NotFound."""
    delivery = session.get(WebhookDelivery, delivery_id, with_for_update=lock or None, populate_existing=lock)
    source = session.get(WebhookSource, delivery.source_id) if delivery else None
    if delivery is None or source is None or source.study_id != study_id:
        raise NotFound
    return source, delivery


def summary(row: WebhookDelivery) -> DeliverySummary:
    """Show a delivery without what it says."""
    return DeliverySummary(
        **row.model_dump(include=_SHOWN),
        has_content=row.raw is not None,
        next_attempt_at=row.next_attempt_at if row.status in WAITING else None,
    )


def replay(session: Session, jobs: Jobs, actor: Actor, study_id: UUID, delivery_id: UUID) -> DeliverySummary:
    """Process one delivery again, with the map as it is now; one that waits is left to wait."""
    source, delivery = get(session, study_id, delivery_id, lock=True)
    if delivery.raw is None:
        raise NothingToReplay
    if delivery.status not in WAITING:
        _again(session, jobs, [source.id], col(WebhookDelivery.id) == delivery_id)
        audit.record(
            session, Event.DELIVERIES_REPLAYED, actor, study_id=study_id, object_id=source.id, count=1
        )
        session.refresh(delivery)
    return summary(delivery)


def replay_many(session: Session, jobs: Jobs, actor: Actor, study_id: UUID, wanted: Replay) -> int:
    """Process again every delivery that stands somewhere; return how many."""
    if wanted.status in WAITING:
        return 0
    of_study = _of_study(study_id, wanted.source_id)
    sources = session.exec(select(WebhookDelivery.source_id).where(*of_study).distinct()).all()
    standing = col(WebhookDelivery.status) == wanted.status, col(WebhookDelivery.raw).is_not(None)
    count = _again(session, jobs, sources, *of_study, *standing)
    if count:
        audit.record(
            session,
            Event.DELIVERIES_REPLAYED,
            actor,
            study_id=study_id,
            object_id=wanted.source_id,
            count=count,
        )
    return count


def dismiss(
    session: Session, settings: Settings, actor: Actor, study_id: UUID, delivery_id: UUID
) -> DeliverySummary:
    """Put aside a delivery that cannot become an entry: it is erased with time, as what was processed is."""
    source, delivery = get(session, study_id, delivery_id, lock=True)
    if delivery.status in FAILED:
        now = clock.now()
        delivery.status, delivery.reason, delivery.settled_at = DeliveryStatus.IGNORED, PUT_ASIDE, now
        delivery.purge_at = now + timedelta(days=settings.inbox_days)
        audit.record(session, Event.DELIVERY_DISMISSED, actor, study_id=study_id, object_id=source.id)
    return summary(delivery)


def _again(session: Session, jobs: Jobs, sources: Iterable[UUID], *where: ColumnElement[bool]) -> int:
    now = clock.now()
    found = session.execute(
        update(WebhookDelivery)
        .where(*where)
        .values(
            status=DeliveryStatus.RECEIVED,
            reason=None,
            attempts=0,
            next_attempt_at=now,
            settled_at=None,
            purge_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    for source_id in sources:
        jobs.enqueue_after(session, JOB, str(source_id), clock.microseconds(now))
    count: int = found.rowcount  # type: ignore[attr-defined] # an UPDATE's result counts its rows
    return count


def _of_study(study_id: UUID, source_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    mine = select(WebhookSource.id).where(WebhookSource.study_id == study_id)
    if source_id is not None:
        mine = mine.where(WebhookSource.id == source_id)
    return (col(WebhookDelivery.source_id).in_(mine),)
