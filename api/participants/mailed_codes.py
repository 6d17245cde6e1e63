"""Codes by e-mail: a participant who is signed out asks for one at the address that is kept of them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.core.db import columns_of
from api.participants.models import MailedCode
from api.participants.telling import Asked, tells
from api.participants.withdrawal import erases


@tells("mailed_codes")
def _tell_codes(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = select(MailedCode).where(MailedCode.participant_id == asked.participant_id)
    yield from (columns_of(row, but={"participant_id", "study_id"}) for row in asked.session.exec(mine))


@erases
def _erase_codes(session: Session, participant_id: UUID) -> dict[str, int]:
    session.execute(delete(MailedCode).where(col(MailedCode.participant_id) == participant_id))
    return {}
