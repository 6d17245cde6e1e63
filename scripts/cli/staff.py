"""`daybook staff`."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Column, Table

from api.audit.service import OPERATOR
from api.auth import administration, inviting, service
from api.auth.inviting import Offer
from api.auth.verbs import Role
from api.core.problems import Conflict
from schemas.staff import StaffInvitationMade
from scripts.cli.operating import operating, out

app = typer.Typer(help="The people who run studies.", no_args_is_help=True)
Days = Annotated[int, typer.Option(min=1, max=30, help="Days until the code expires.")]


@app.command("add")
def add(
    email: str,
    name: Annotated[str, typer.Option(help="Full name.")],
    study: Annotated[UUID | None, typer.Option(help="Give a role in this study at once.")] = None,
    role: Annotated[Role, typer.Option(help="The role in that study.")] = Role.ANALYST,
) -> None:
    """Add a member of staff who only uses tokens; somebody who exists already gets the role."""
    with operating() as (session, _):
        person = service.find_staff(session, email) or service.add_staff(session, OPERATOR, email, name)
        if study:
            service.set_role(session, OPERATOR, study, person.id, role)
        out.print(f"{person.name} ({person.id}){f': {role.value}' if study else ''}")


@app.command("invite")
def invite(
    email: str,
    study: Annotated[UUID | None, typer.Option(help="Give a role in this study.")] = None,
    role: Annotated[Role, typer.Option(help="The role in that study.")] = Role.ANALYST,
    administrator: Annotated[bool, typer.Option(help="Make a site administrator.")] = False,
    days: Days = 7,
) -> None:
    """Invite somebody to sign in with a password and an authenticator: print a one-time code."""
    with operating() as (session, _):
        if study is None and service.find_staff(session, email):
            raise Conflict("This person exists already: give a study, or use `daybook staff reset`.")
        offer = Offer(email, study, role if study else None, administrator)
        made = inviting.invite(session, OPERATOR, offer, days)
    _show(made)


@app.command("reset")
def reset(email: str, days: Days = 7) -> None:
    """Take a password and an authenticator away, sign out everywhere, and print a code to begin anew."""
    with operating() as (session, _):
        made = inviting.reset(session, OPERATOR, service.staff_by_email(session, email), days)
    _show(made)


@app.command("list")
def show() -> None:
    """List everybody who runs studies here."""
    table = Table(Column("id", no_wrap=True), "name", "e-mail", "administrator", "disabled")
    with operating() as (session, _):
        for one in administration.all_staff(session):
            flags = ("yes" if flag else "no" for flag in (one.is_administrator, one.disabled))
            table.add_row(str(one.id), one.name, one.email, *flags)
    out.print(table)


@app.command("disable")
def disable(email: str) -> None:
    """Keep somebody out, at once and everywhere."""
    _set_disabled(email, disabled=True)


@app.command("enable")
def enable(email: str) -> None:
    """Let somebody in again."""
    _set_disabled(email, disabled=False)


@app.command("administrator")
def administrator(
    email: str, remove: Annotated[bool, typer.Option("--remove", help="Take the right away again.")] = False
) -> None:
    """Make somebody who can sign in a site administrator."""
    with operating() as (session, _):
        person = service.staff_by_email(session, email)
        administration.set_administrator(session, OPERATOR, person, administrator=not remove)
        out.print(f"{person.name}: {'no site administrator' if remove else 'site administrator'}")


def _set_disabled(email: str, *, disabled: bool) -> None:
    with operating() as (session, _):
        person = service.staff_by_email(session, email)
        administration.set_disabled(session, OPERATOR, person.id, disabled=disabled)
        out.print(f"{person.name}: {'disabled' if disabled else 'enabled'}")


def _show(made: StaffInvitationMade) -> None:
    out.print(f"{made.code}  (until {made.expires_at:%Y-%m-%d})", highlight=False)
