"""The address that survey tools post to."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.webhooks.door import InboxDoor

router = APIRouter(prefix="/v1/hooks", tags=["inbox"])
_BODY = {"requestBody": {"required": True, "content": {"*/*": {"schema": {"type": "string"}}}}}


async def get_inbox(request: Request) -> InboxDoor:
    """Give the inbox's door."""
    door: InboxDoor = request.app.state.inbox
    return door


@router.post("/{source_id}/{token:path}", response_class=Response, openapi_extra=_BODY)
async def take_delivery(
    source_id: str, token: str, request: Request, door: Annotated[InboxDoor, Depends(get_inbox)]
) -> Response:
    """Store what a survey tool posts; 200 once it is stored, 503 if it is to be sent again."""
    await door.take(source_id, token.removesuffix("/"), request)
    return Response()


@router.get("/{source_id}/{token:path}", response_class=Response)
@router.head("/{source_id}/{token:path}", response_class=Response, include_in_schema=False)
async def answer_a_look(source_id: str, token: str) -> Response:  # noqa: ARG001 - the address is not looked at
    """Answer a survey tool that looks whether somebody is there."""
    return Response()
