"""`daybook invite`."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import segno
import typer

from api.audit.service import OPERATOR
from api.participants import invitations
from api.studies import service as studies
from scripts.cli.operating import operating, out


def invite(
    study: UUID,
    count: Annotated[int, typer.Option(min=1, max=500, help="How many participants.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=365, help="Days until the codes expire.")] = 30,
    qr: Annotated[
        Path | None, typer.Option(help="Write a QR code per invitation into this folder (SVG).")
    ] = None,
) -> None:
    """Invite participants: print a code and a link for each; with --qr draw it too."""
    with operating() as (session, settings):
        made = invitations.invite(session, OPERATOR, studies.get(session, study), count, days)
    for one in made:
        # The code stands behind #: it reaches no server log on the way.
        link = f"{settings.public_url}/#join={one.code}"
        out.print(f"{one.code}  (until {one.expires_at:%Y-%m-%d})", highlight=False)
        out.print(f"  {link}", soft_wrap=True, markup=False, highlight=False)  # in one piece, however long
        if qr:
            qr.mkdir(parents=True, exist_ok=True)
            segno.make(link).save(str(qr / f"{one.participant_id}.svg"), scale=6)
