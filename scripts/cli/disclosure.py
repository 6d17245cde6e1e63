"""`daybook release policy` and `daybook release hierarchy`: what a study's releases tell of people, as files."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from api.audit.service import OPERATOR
from api.core.problems import Invalid
from api.releases.disclosure import hierarchies, service
from api.studies import service as studies
from schemas.base import field_errors
from schemas.disclosure import DisclosurePolicy, Tier
from scripts.cli.operating import operating

_LARGEST = 200_000
FileOption = Annotated[
    Path | None,
    typer.Option("--from", exists=True, dir_okay=False, help="Replace it by what this file says."),
]


def policy(
    study: UUID,
    tier: Annotated[Tier, typer.Option(help="Whom releases are for.")] = Tier.SAFEGUARDED,
    source: FileOption = None,
) -> None:
    """Print a study's disclosure policy as JSON, or replace it."""
    with operating() as (session, _):
        found = studies.get(session, study)
        if source is not None:
            try:
                wanted = DisclosurePolicy.model_validate_json(_bytes(source))
            except ValidationError as error:
                raise Invalid(errors=field_errors(error)) from None
            service.replace(session, OPERATOR, found, tier, wanted)
        typer.echo(service.policy_of(session, found, tier).model_dump_json(indent=1))


def hierarchy(
    study: UUID,
    attribute: Annotated[str, typer.Argument(help="The key of a profile question.")],
    source: FileOption = None,
) -> None:
    """Print how an attribute is generalised, as the CSV that ARX reads, or replace it."""
    with operating() as (session, _):
        found = studies.get(session, study)
        if source is not None:
            hierarchies.upload(session, OPERATOR, found, attribute, _bytes(source).decode(errors="replace"))
        typer.echo(hierarchies.download(session, found, attribute), nl=False)


def _bytes(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(_LARGEST)
