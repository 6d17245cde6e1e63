"""The diary over HTTP: the ingest doors, and a participant's own reading."""

from functools import partial
from typing import Annotated
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api.auth.dependencies import ClaimedParticipant, CurrentParticipant
from api.core.dependencies import DbSession
from api.diary import service, syncing
from api.diary.door import Door
from api.diary.reading import Wanted, read_entry, read_sync
from schemas.base import Instant
from schemas.entry import (
    EntryPage,
    EntryPut,
    EntryReceipt,
    EntryView,
    SyncRequest,
    SyncResponse,
)

router = APIRouter(prefix="/v1", tags=["diary"])


async def get_door(request: Request) -> Door:
    """Give the ingest door."""
    door: Door = request.app.state.door
    return door


IngestDoor = Annotated[Door, Depends(get_door)]
SentAt = Annotated[
    Instant | None, Header(alias="Daybook-Sent-At", description="The phone's clock as it sent this.")
]


def body_of(model: type[EntryPut] | type[SyncRequest]) -> dict[str, object]:
    """Describe the body of a door, which reads its bytes itself, for the OpenAPI document."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.put(
    "/entries/{entry_id}",
    openapi_extra=body_of(EntryPut),
    responses={201: {"model": EntryReceipt, "description": "Stored for the first time."}},
)
async def put_entry(
    entry_id: UUID,
    request: Request,
    response: Response,
    principal: ClaimedParticipant,
    door: IngestDoor,
    sent_at: SentAt = None,
) -> EntryReceipt:
    """Store or edit an entry, exactly once: repeat until a receipt comes."""
    entry, content = read_entry(await request.body())
    applied = await door.apply(principal, Wanted(entry_id, entry, content), sent_at)
    response.status_code = applied.status
    assert applied.receipt is not None  # noqa: S101 - a put that was applied has a receipt
    return applied.receipt


@router.delete("/entries/{entry_id}", status_code=204)
async def delete_entry(entry_id: UUID, principal: ClaimedParticipant, door: IngestDoor) -> None:
    """Delete an entry for good, within its edit window."""
    await door.apply(principal, Wanted(entry_id, None, b""))


@router.get("/entries")
def list_entries(
    principal: CurrentParticipant,
    session: DbSession,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EntryPage:
    """List my entries, newest first."""
    return service.page(session, principal.participant_id, after, limit)


@router.get("/entries/{entry_id}")
def read_entry_of_mine(entry_id: UUID, principal: CurrentParticipant, session: DbSession) -> EntryView:
    """Show one of my entries."""
    return service.one(session, principal.participant_id, entry_id)


@router.post("/sync", openapi_extra=body_of(SyncRequest))
async def sync(
    request: Request, principal: ClaimedParticipant, door: IngestDoor, sent_at: SentAt = None
) -> SyncResponse:
    """Send an outbox, and receive what changed since the cursor."""
    wanted = read_sync(await request.body())
    async with door.soon():
        results = await door.apply_all(principal, wanted.ops, sent_at)
        async with request.app.state.places:  # see get_place: taken only now, for the writer needs none
            work = partial(syncing.answer, request.app.state.engine, principal, wanted, results)
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
