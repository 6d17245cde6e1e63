"""`daybook agreement`."""

from typing import Annotated
from uuid import UUID

import typer

from api.audit.service import OPERATOR
from api.releases.agreements import service
from api.studies import service as studies
from schemas.agreement import AgreementCreate, AgreementView
from scripts.cli.operating import operating, out, sound

app = typer.Typer(help="Agreements under which safeguarded releases are given.", no_args_is_help=True)


@app.command("add")
def add(
    study: UUID,
    recipient: Annotated[str, typer.Option(help="Who receives releases.")],
    organisation: Annotated[str, typer.Option(help="Where they work.")],
    purpose: Annotated[str, typer.Option(help="What for; another purpose needs another agreement.")],
    reference: Annotated[str, typer.Option(help="Where the signed agreement is found.")],
    valid_from: Annotated[str, typer.Option("--from", help="Its first day, such as 2026-11-03.")],
    ends_on: Annotated[str, typer.Option("--until", help="Its last day.")],
) -> None:
    """Record an agreement; from the first on, each safeguarded release needs one in force."""
    with operating() as (session, _):
        wanted = sound(
            AgreementCreate,
            recipient=recipient,
            organisation=organisation,
            purpose=purpose,
            reference=reference,
            valid_from=valid_from,
            ends_on=ends_on,
        )
        made = service.record(session, OPERATOR, studies.get(session, study), wanted)
    _say(str(made.id))


@app.command("list")
def show(study: UUID) -> None:
    """List a study's agreements, oldest first."""
    with operating() as (session, _):
        found = service.listing(session, studies.get(session, study))
    for one in found:
        _say(f"{one.id}  {_standing(one)}")
        _say(f"  {one.recipient}, {one.organisation}; for: {one.purpose}")
        _say(f"  {one.reference}, from {one.valid_from} until {one.ends_on}")
    if not found:
        _say("No agreement is recorded: safeguarded releases are given without.")


@app.command("end")
def end(study: UUID, agreement: UUID) -> None:
    """End an agreement at once: no release is made or downloaded under it any more."""
    with operating() as (session, _):
        service.end(session, OPERATOR, studies.get(session, study), agreement)
    _say("Ended.")


def _standing(one: AgreementView) -> str:
    if one.ended_at is not None:
        return f"ended on {one.ended_at:%Y-%m-%d}"
    return "in force" if one.in_force else "not in force"


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
