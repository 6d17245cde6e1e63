"""`daybook staff`."""

from typing import Annotated
from uuid import UUID

import typer

from api.audit.service import OPERATOR
from api.auth import service
from api.auth.verbs import Role
from scripts.cli.operating import operating, out

app = typer.Typer(help="The people who run studies.", no_args_is_help=True)


@app.command("add")
def add(
    email: str,
    name: Annotated[str, typer.Option(help="Full name.")],
    study: Annotated[UUID | None, typer.Option(help="Give a role in this study at once.")] = None,
    role: Annotated[Role, typer.Option(help="The role in that study.")] = Role.ANALYST,
) -> None:
    """Add a member of staff; somebody who exists already gets the role."""
    with operating() as (session, _):
        person = service.find_staff(session, email) or service.add_staff(session, OPERATOR, email, name)
        if study:
            service.set_role(session, OPERATOR, study, person.id, role)
        out.print(f"{person.name} ({person.id}){f': {role.value}' if study else ''}")
