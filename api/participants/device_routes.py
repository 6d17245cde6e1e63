"""Signing in on another device over HTTP, by a code that another device shows or that comes by e-mail."""

from fastapi import APIRouter, Request, Response

from api.auth.dependencies import CurrentParticipant, into_cookies, refuse_cross_site
from api.core import limits
from api.core.dependencies import AppJobs, AppSettings, ClientAddress, DbSession
from api.participants import another_device, mailed_codes
from api.participants.guessing import CODES, MAILS
from api.participants.problems import CodeNotValid
from schemas.session import CodeMailRequest, CodeSignIn, DeviceCodeView, SessionTokens

router = APIRouter(prefix="/v1", tags=["session"])


@router.post("/me/device-code", status_code=201)
def make_device_code(principal: CurrentParticipant, session: DbSession) -> DeviceCodeView:
    """Make a one-time code for another device of mine: good for ten minutes, shown this once, one at a time."""
    return another_device.make_code(session, principal)


@router.post("/session/code/mail", status_code=202)
def mail_code(
    body: CodeMailRequest, address: ClientAddress, session: DbSession, settings: AppSettings, jobs: AppJobs
) -> None:
    """Mail me a one-time code, if my address is known; the answer does not tell."""
    mailed_codes.require_mail(settings)
    limits.count(session, settings, MAILS, address=address, account=body.email.casefold())
    mailed_codes.ask(session, settings, jobs, body.email)


@router.post("/session/code", status_code=201)
def sign_in_by_code(
    body: CodeSignIn,
    request: Request,
    response: Response,
    address: ClientAddress,
    session: DbSession,
    settings: AppSettings,
) -> SessionTokens:
    """Sign this device in by a one-time code."""
    if body.cookies:
        refuse_cross_site(request)
    with limits.attempt(session, settings, CODES, address=address, failures=CodeNotValid):
        tokens = another_device.sign_in(session, settings, body)
    return into_cookies(response, tokens) if body.cookies else tokens
