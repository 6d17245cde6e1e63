"""`daybook token`."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Column, Table

from api.audit.service import OPERATOR
from api.auth import service
from api.auth.verbs import Verb
from scripts.cli.operating import operating, out

app = typer.Typer(help="Personal access tokens, for R, pandas and curl.", no_args_is_help=True)


@app.command("create")
def create(
    email: str,
    study: Annotated[UUID, typer.Option(help="The study that the token opens.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    verb: Annotated[
        list[Verb] | None, typer.Option(help="A verb it allows, once for each; release.read alone otherwise.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until it expires.")] = 90,
) -> None:
    """Make a token and print its secret, this once."""
    with operating() as (session, _):
        person = service.staff_by_email(session, email)
        _, secret = service.create_token(
            session, OPERATOR, person, study, name, verb or [Verb.RELEASE_READ], days
        )
    out.print(secret, highlight=False, soft_wrap=True)


@app.command("list")
def show(study: Annotated[UUID | None, typer.Option(help="Only of this study.")] = None) -> None:
    """List tokens, with last use."""
    table = Table(Column("id", no_wrap=True), "name", "expires", "last used", "revoked")
    with operating() as (session, _):
        for token in service.tokens(session, study):
            table.add_row(
                str(token.id),
                token.name,
                f"{token.expires_at:%Y-%m-%d}",
                f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never",
                "yes" if token.revoked_at else "no",
            )
    out.print(table)


@app.command("revoke")
def revoke(token: UUID) -> None:
    """Make a token useless at once."""
    with operating() as (session, _):
        service.revoke_token(session, OPERATOR, token)
    out.print("Revoked.")
