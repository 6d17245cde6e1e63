"""Push messages over HTTP: where this device receives them."""

from fastapi import APIRouter

from api.auth.dependencies import CurrentParticipant
from api.core.dependencies import AppSettings, DbSession
from api.prompts import subscriptions
from schemas.reminders import PushSubscriptionPut

router = APIRouter(prefix="/v1/me", tags=["reminders"])


@router.put("/push", status_code=204)
def replace_my_push_subscription(
    body: PushSubscriptionPut, principal: CurrentParticipant, session: DbSession, settings: AppSettings
) -> None:
    """Say where this device receives push messages; sent again at each start, it changes nothing."""
    subscriptions.replace(session, settings, principal, body)


@router.delete("/push", status_code=204)
def end_my_push_subscription(principal: CurrentParticipant, session: DbSession) -> None:
    """Send no more push messages to this device."""
    subscriptions.end(session, principal)
