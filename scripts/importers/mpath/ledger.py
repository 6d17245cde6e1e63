"""Keeps the prompts of one person: planned, sent, answered or missed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from api.prompts import service as prompts
from api.prompts.models import Prompt
from schemas.prompt import PromptStatus
from scripts.importers.mpath.instants import Times, zone
from scripts.importers.mpath.naming import Names
from scripts.importers.mpath.reading import Row


class Ledger:
    """The prompts of one person, found by the beep that m-Path planned."""

    def __init__(
        self, session: Session, names: Names, connection: str, participant: tuple[UUID, UUID]
    ) -> None:
        self._session, self._names, self._connection = session, names, connection
        self._study_id, self._participant_id = participant
        self._known = prompts.occasions(session, self._participant_id)
        self._new: list[Prompt] = []

    def plan(self, row: Row, at: Times, home: str, form: tuple[str, str]) -> tuple[UUID, bool]:
        """Return the prompt of a planned row, and whether it is new; `form` is instrument and kind."""
        beep = row["scheduledBeepId"]
        occasion = self._names.occasion(self._connection, beep)
        if occasion in self._known:
            return self._known[occasion], False
        assert at.planned  # noqa: S101 - the caller refused a row without it
        made = Prompt(
            id=self._names.prompt_id(self._connection, beep, at.planned),
            study_id=self._study_id,
            participant_id=self._participant_id,
            occasion=occasion,
            instrument=form[0],
            kind=form[1],
            time_zone=zone(home, at.planned, at.offset),
            planned_at=at.planned,
            sent_at=at.sent,
            opened_at=at.started,
            # An answered one becomes so with its entry; if that is refused, it was opened and no more.
            status=PromptStatus.OPENED if at.started else PromptStatus.EXPIRED,
        )
        self._known[occasion] = made.id
        self._new.append(made)
        return made.id, True

    def store(self) -> None:
        """Add the new prompts."""
        prompts.add(self._session, self._new)
        self._new = []


def correct_times(session: Session, answered: Iterable[tuple[UUID, UUID, datetime, datetime]]) -> None:
    """Write when prompts were opened and answered: (prompt, entry, opened, answered).

    The diary notes when it received an entry, which for a phone is close; an import receives it years later.
    """
    rows = [
        {"prompt": prompt, "entry": entry, "opened": opened, "answered": at}
        for prompt, entry, opened, at in answered
    ]
    if rows:
        session.connection().execute(
            update(Prompt)
            .where(col(Prompt.id) == bindparam("prompt"), col(Prompt.entry_id) == bindparam("entry"))
            .values(opened_at=bindparam("opened"), answered_at=bindparam("answered"))
            .execution_options(synchronize_session=False),
            rows,
        )
