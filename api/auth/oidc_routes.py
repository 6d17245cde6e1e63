"""Sign-in through the organisation's OpenID provider, over HTTP. Off, and nowhere to be found, without a setting."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Query, Request
from fastapi.responses import RedirectResponse

from api.auth import oidc, oidc_flow
from api.auth.dependencies import (
    STAFF_COOKIE,
    AppTools,
    CurrentSession,
    into_staff_cookie,
    refuse_other_pages,
    require_step_up,
)
from api.auth.oidc import Return, Start
from api.auth.oidc_provider import Provider
from api.core.dependencies import ClientAddress
from api.core.problems import NotFound

FLOW_COOKIE = "__Host-daybook-provider"
HOME = "/"  # the one place where a browser is sent afterwards: nothing of the request has a say

router = APIRouter(prefix="/v1/staff/oidc", tags=["staff"])
_Said = Annotated[str | None, Query(max_length=2_000)]


async def get_provider(request: Request) -> Provider:
    """Give the organisation's provider, where there is one."""
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NotFound
    return provider


CurrentProvider = Annotated[Provider, Depends(get_provider)]


@router.get(
    "/start",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[Depends(refuse_other_pages)],
)
def start_provider_sign_in(
    provider: CurrentProvider,
    tools: AppTools,
    cookie: Annotated[str | None, Cookie(alias=STAFF_COOKIE, include_in_schema=False)] = None,
) -> RedirectResponse:
    """Go to my organisation to sign in."""
    return _there(oidc.start(tools.settings, provider, oidc_flow.begin(replaces=cookie)))


@router.get("/connect", status_code=303, response_class=RedirectResponse)
def connect_provider(
    principal: CurrentSession, provider: CurrentProvider, tools: AppTools
) -> RedirectResponse:
    """Go to my organisation, so that from now on I can sign in through it."""
    require_step_up(principal)
    return _there(oidc.start(tools.settings, provider, oidc_flow.begin(connects=principal.session.id)))


@router.get("/callback", status_code=303, response_class=RedirectResponse)
def return_from_provider(
    provider: CurrentProvider,
    tools: AppTools,
    address: ClientAddress,
    state: _Said = None,
    code: _Said = None,
    iss: _Said = None,
    kept: Annotated[str | None, Cookie(alias=FLOW_COOKIE, include_in_schema=False)] = None,
) -> RedirectResponse:
    """Come back from my organisation: signed in, or with my account connected."""
    return _home(oidc.finish(tools, provider, Return(kept, state, code, iss), address))


def _there(start: Start) -> RedirectResponse:
    response = RedirectResponse(start.address, 303)
    life = int(oidc_flow.LIFE.total_seconds())
    # Lax, as the way back begins on the provider's page; it opens nothing by itself.
    response.set_cookie(
        FLOW_COOKIE, start.kept, max_age=life, path="/", secure=True, httponly=True, samesite="lax"
    )
    return response


def _home(secret: str | None) -> RedirectResponse:
    response = RedirectResponse(HOME, 303)
    response.delete_cookie(FLOW_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    if secret is not None:
        into_staff_cookie(response, secret)
    return response
