"""`daybook study`."""

from typing import Annotated
from uuid import UUID

import typer

from api.audit.service import OPERATOR
from api.auth import service as auth
from api.auth.verbs import Role
from api.instruments import shipped
from api.studies import service
from schemas.study import StudyCreate, StudyStatus
from scripts.cli.documents import CONSENT, INFORMATION
from scripts.cli.operating import operating, out

app = typer.Typer(help="Studies.", no_args_is_help=True)


@app.command("create")
def create(
    title: str,
    owner: Annotated[str, typer.Option(help="E-mail address of the member of staff who owns it.")],
    time_zone: Annotated[str, typer.Option(help="IANA time zone of the study.")] = "Europe/London",
    shipped_instruments: Annotated[
        bool, typer.Option(help="Publish the place-leadership instruments and template documents in it.")
    ] = True,
) -> None:
    """Create a study as a draft."""
    with operating() as (session, _):
        person = auth.staff_by_email(session, owner)
        study = service.create(session, OPERATOR, StudyCreate(title=title, time_zone=time_zone))
        auth.set_role(session, OPERATOR, study.id, person.id, Role.OWNER)
        if shipped_instruments:
            shipped.publish_all(session, OPERATOR, study.id)
            for document in (INFORMATION, CONSENT):
                service.publish_document(session, OPERATOR, study.id, document)
        out.print(str(study.id), highlight=False)


@app.command("open")
def open_study(study: UUID) -> None:
    """Open a study to participants."""
    _change(study, StudyStatus.OPEN)


@app.command("close")
def close(study: UUID) -> None:
    """Close a study for good; entries made before are still taken."""
    _change(study, StudyStatus.CLOSED)


def _change(study_id: UUID, status: StudyStatus) -> None:
    with operating() as (session, _):
        study = service.change_status(session, OPERATOR, service.get(session, study_id), status)
        out.print(f"{study.title}: {study.status.value}")
