"""Which client is served, over HTTP: for a client that was stored long ago."""

from fastapi import APIRouter

from api.core.dependencies import AppSettings
from api.web.routes import Shown
from schemas.client import ClientVersion

router = APIRouter(prefix="/v1", tags=["client"])


@router.get("/client")
async def read_client_version(shell: Shown, settings: AppSettings) -> ClientVersion:
    """Say which build of the phone client is served, and the oldest protocol that is understood."""
    return ClientVersion(build=shell.build, minimum=settings.client_minimum)
