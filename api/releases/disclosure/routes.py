"""Disclosure policies and hierarchies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Request, Response
from pydantic import Field

from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.releases.disclosure import hierarchies, previewing, service
from api.studies.access import Access, may
from schemas.base import Key, Text
from schemas.disclosure import DisclosurePolicy, HierarchyView, Tier
from schemas.preview import PreviewAsk, ReleasePreview

router = APIRouter(prefix="/v1/studies/{study_id}", tags=["releases"])
Reader = Annotated[Access, Depends(may(Verb.STUDY_READ))]
Writer = Annotated[Access, Depends(may(Verb.DISCLOSURE_WRITE))]
Attribute = Annotated[Key, Path(description="The key of a profile question.", examples=["sector"])]
Table = Annotated[
    Text,
    Field(max_length=200_000),
    Body(
        media_type="text/csv",
        description="One line per option, no header: the option; what it becomes, level by level; at last *.",
        examples=["north_east;north;england;*\nwales;wales;wales;*\n"],
    ),
]


class Csv(Response):
    """A table whose columns are parted by semicolons."""

    media_type = "text/csv"


@router.get("/disclosure/{tier}")
def read_disclosure_policy(tier: Tier, access: Reader, session: DbSession) -> DisclosurePolicy:
    """Show what releases of a tier tell of people."""
    return service.policy_of(session, access.study, tier)


@router.put("/disclosure/{tier}")
def replace_disclosure_policy(
    tier: Tier, body: DisclosurePolicy, access: Writer, session: DbSession
) -> DisclosurePolicy:
    """Replace what later releases of a tier tell of people."""
    return service.replace(session, access.actor, access.study, tier, body)


@router.get("/hierarchies")
def list_hierarchies(access: Reader, session: DbSession) -> list[HierarchyView]:
    """List the attributes that can be generalised, and whose generalisations hold."""
    return hierarchies.listing(session, access.study)


@router.get("/hierarchies/{attribute}", response_class=Csv)
def download_hierarchy(attribute: Attribute, access: Reader, session: DbSession) -> Csv:
    """Download an attribute's generalisations, as ARX reads them."""
    headers = {"Content-Disposition": f'attachment; filename="{attribute}.csv"'}
    return Csv(hierarchies.download(session, access.study, attribute), headers=headers)


@router.put("/hierarchies/{attribute}")
def upload_hierarchy(attribute: Attribute, body: Table, access: Writer, session: DbSession) -> HierarchyView:
    """Generalise an attribute in the study's own way, in later releases."""
    return hierarchies.upload(session, access.actor, access.study, attribute, body)


@router.delete("/hierarchies/{attribute}", status_code=204)
def remove_hierarchy(attribute: Attribute, access: Writer, session: DbSession) -> None:
    """Generalise an attribute as the questionnaire says again."""
    hierarchies.remove(session, access.actor, access.study, attribute)


@router.post("/release-previews")
def preview_release(
    body: PreviewAsk,
    access: Annotated[Access, Depends(may(Verb.RELEASE_CREATE))],
    session: DbSession,
    request: Request,
) -> ReleasePreview:
    """Say what a release would cost if it were made now; nothing is kept."""
    return previewing.preview(session, request.app.state.engine, access.study, body)
