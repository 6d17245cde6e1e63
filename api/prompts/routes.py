"""Prompts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth.dependencies import CurrentParticipant
from api.core.dependencies import DbSession
from api.prompts import service
from schemas.prompt import PromptView

router = APIRouter(prefix="/v1", tags=["prompts"])


@router.get("/me/prompts")
def list_my_prompts(
    principal: CurrentParticipant,
    session: DbSession,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    still_open: Annotated[
        bool, Query(alias="open", description="Only those that can be answered now or soon, soonest first.")
    ] = False,
) -> list[PromptView]:
    """List my latest prompts, newest first."""
    return service.of_participant(session, principal.participant_id, limit, still_open=still_open)
