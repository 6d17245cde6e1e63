"""What somebody signs in with, renewed from their own session."""

from fastapi import APIRouter

from api.auth import renewing
from api.auth.dependencies import CurrentSession, require_step_up
from api.auth.proving import Proof
from api.core.dependencies import AppSettings, DbSession
from schemas.staff import AuthenticatorConfirm, AuthenticatorOffer, RecoveryCodes

router = APIRouter(prefix="/v1/staff", tags=["staff"])


@router.post("/recovery-codes", status_code=201)
def renew_recovery_codes(principal: CurrentSession, session: DbSession) -> RecoveryCodes:
    """Give me new recovery codes, shown this once; the old ones are worth nothing from here on."""
    require_step_up(principal)
    return renewing.recovery_codes(session, principal)


@router.post("/authenticator")
def offer_authenticator(
    principal: CurrentSession, session: DbSession, settings: AppSettings
) -> AuthenticatorOffer:
    """Offer me another authenticator; mine stays until a code from the other one confirms it."""
    require_step_up(principal)
    return renewing.offer(session, settings, principal)


@router.post("/authenticator/confirm", status_code=204)
def confirm_authenticator(
    body: AuthenticatorConfirm,
    principal: CurrentSession,
    session: DbSession,
    settings: AppSettings,
    within: Proof,
) -> None:
    """Replace my authenticator by the one that was offered, and sign out everywhere else."""
    with within:
        renewing.replace(session, settings, principal, body)
