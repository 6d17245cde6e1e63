"""Releases over HTTP."""

from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.responses import StreamingResponse

from api.auth.verbs import Verb
from api.core.db import transaction
from api.core.dependencies import AppJobs, AppSettings, DbSession
from api.core.storage import Storage
from api.releases import service
from api.releases.agreements import service as agreements
from api.releases.download import TYPES, Part, opened, part
from api.studies.access import Access, may
from schemas.release import ReleaseCreate, ReleaseView

router = APIRouter(prefix="/v1/studies/{study_id}/releases", tags=["releases"])
Number = Annotated[str, Path(pattern=r"^([1-9][0-9]{0,8}|latest)$", description="A number, or latest.")]
FileName = Annotated[str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,199}$", examples=["entries.csv"])]
Reader = Annotated[Access, Depends(may(Verb.RELEASE_READ))]


@router.post("", status_code=202)
def create_release(
    body: ReleaseCreate,
    access: Annotated[Access, Depends(may(Verb.RELEASE_CREATE))],
    session: DbSession,
    jobs: AppJobs,
    response: Response,
) -> ReleaseView:
    """Ask for a release; a job makes it, and its state is at the Location."""
    release = service.request(session, jobs, access.actor, access.study, body)
    response.headers["Location"] = f"/v1/studies/{access.study.id}/releases/{release.number}"
    return service.shown(session, release)


@router.get("")
def list_releases(access: Reader, session: DbSession) -> list[ReleaseView]:
    """List releases, oldest first."""
    return service.listing(session, access.study.id)


@router.get("/{number}")
def read_release(number: Number, access: Reader, session: DbSession) -> ReleaseView:
    """Show one release, or the latest that is published."""
    return service.shown(session, service.by_number(session, access.study.id, number))


@router.get("/{number}/{name}", response_class=Response)
def download_release_file(
    number: Number,
    name: FileName,
    request: Request,
    access: Reader,
    session: DbSession,
    settings: AppSettings,
) -> Response:
    """Download a file of a published release, whole or in part."""
    release = service.by_number(session, access.study.id, number)
    file = service.file_of(release, name)
    agreements.of_release(session, release)
    asked = part(request.headers, file.bytes, f'"{file.sha256}"')
    answer = _stream(asked, Storage(settings.storage), f"{release.folder}/{name}")
    if asked.status != 304 and asked.start == 0:
        with transaction(request.app.state.engine) as own:
            service.note_download(own, access.actor, release, name)
    return answer


def _stream(asked: Part, storage: Storage, path: str) -> Response:
    kind = TYPES[PurePath(path).suffix]
    if asked.status == 304:
        return Response(status_code=304, headers=asked.headers)
    headers = asked.headers | {"Content-Disposition": f'attachment; filename="{PurePath(path).name}"'}
    return StreamingResponse(
        opened(storage, path, asked),
        status_code=asked.status,
        headers=headers,
        media_type=kind,
    )
