"""Deliveries over HTTP, for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.auth.verbs import Verb
from api.core.dependencies import AppJobs, AppSettings, DbSession
from api.studies.access import Access, may
from api.webhooks import deliveries, looking
from schemas.inbox import (
    DeliveryPage,
    DeliveryQuery,
    DeliveryStatus,
    DeliverySummary,
    DeliveryView,
    Preview,
    PreviewRequest,
    ProposalRequest,
    Replay,
    Replayed,
)
from schemas.proposal import Proposal

router = APIRouter(prefix="/v1/studies/{study_id}", tags=["inbox"])
Reader = Annotated[Access, Depends(may(Verb.SOURCE_READ))]
Looker = Annotated[Access, Depends(may(Verb.DELIVERY_READ))]
Replayer = Annotated[Access, Depends(may(Verb.DELIVERY_REPLAY))]


@router.get("/deliveries")
def list_deliveries(
    asked: Annotated[DeliveryQuery, Query()], access: Reader, session: DbSession
) -> DeliveryPage:
    """List what survey tools posted, newest first, without what it says."""
    return deliveries.page(session, access.study.id, asked)


@router.get("/delivery-counts")
def count_deliveries(
    access: Reader, session: DbSession, source_id: UUID | None = None
) -> dict[DeliveryStatus, int]:
    """Count deliveries by where they stand."""
    return deliveries.counts(session, access.study.id, source_id)


@router.post("/delivery-replays")
def replay_deliveries(body: Replay, access: Replayer, session: DbSession, jobs: AppJobs) -> Replayed:
    """Process again every delivery that stands somewhere, such as in quarantine."""
    count = deliveries.replay_many(session, jobs, access.actor, access.study.id, body)
    return Replayed(count=count)


@router.get("/deliveries/{delivery_id}")
def read_delivery(
    delivery_id: UUID, access: Looker, session: DbSession, settings: AppSettings
) -> DeliveryView:
    """Show what a delivery says, with what could name somebody replaced."""
    return looking.view(session, settings, *deliveries.get(session, access.study.id, delivery_id))


@router.post("/deliveries/{delivery_id}/preview")
def preview_delivery(
    delivery_id: UUID, body: PreviewRequest, access: Looker, session: DbSession, settings: AppSettings
) -> Preview:
    """Say what a map would make of a delivery; nothing is changed."""
    found = deliveries.get(session, access.study.id, delivery_id)
    return looking.preview(session, settings, *found, body.map)


@router.post("/deliveries/{delivery_id}/proposal")
def propose_field_map(
    delivery_id: UUID, body: ProposalRequest, access: Looker, session: DbSession, settings: AppSettings
) -> Proposal:
    """Build a first map of a delivery's answers by their keys and labels, for a person to confirm."""
    found = deliveries.get(session, access.study.id, delivery_id)
    return looking.proposal(session, settings, *found, body)


@router.post("/deliveries/{delivery_id}/replay")
def replay_delivery(
    delivery_id: UUID, access: Replayer, session: DbSession, jobs: AppJobs
) -> DeliverySummary:
    """Process one delivery again."""
    return deliveries.replay(session, jobs, access.actor, access.study.id, delivery_id)


@router.post("/deliveries/{delivery_id}/dismissal")
def dismiss_delivery(
    delivery_id: UUID, access: Replayer, session: DbSession, settings: AppSettings
) -> DeliverySummary:
    """Put aside a delivery that cannot become an entry."""
    return deliveries.dismiss(session, settings, access.actor, access.study.id, delivery_id)
