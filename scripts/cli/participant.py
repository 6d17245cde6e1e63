"""`daybook participant`: the rights of somebody who writes or telephones instead of using the phone."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.audit.service import OPERATOR
from api.core import db
from api.participants import service as participants
from api.participants import telling, withdrawal
from schemas.participant import WithdrawalScope
from scripts.cli.operating import opened, operating, out

app = typer.Typer(help="A participant's rights, for who asks by letter or telephone.", no_args_is_help=True)


@app.command("export")
def export(
    study: UUID,
    participant: UUID,
    to: Annotated[Path, typer.Option(help="The file to write, for the participant alone.")],
) -> None:
    """Write everything that is held about a participant into a file."""
    with opened() as (engine, settings):
        with db.reading(engine) as session:
            participants.require_of_study(session, study, participant)
            file = telling.export(session, settings, participant)
        with db.transaction(engine) as session:
            telling.note(session, OPERATOR, participant)
    to.touch(mode=0o600)
    with to.open("wb") as target:
        target.writelines(telling.sent(file))
    out.print(
        f"Written to {to}. It holds their diary and contact data: give it to nobody else.", soft_wrap=True
    )


@app.command("withdraw")
def withdraw(study: UUID, participant: UUID, scope: WithdrawalScope) -> None:
    """Withdraw a participant and print the receipt."""
    with operating() as (session, _):
        receipt = withdrawal.withdraw_for(session, OPERATOR, study, participant, scope)
    out.print(receipt.text, highlight=False, markup=False, soft_wrap=True)
