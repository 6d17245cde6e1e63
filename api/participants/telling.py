"""Tells a participant everything that is held about them; every feature that holds something registers its part."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from pydantic_core import to_json
from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.config import Settings
from api.core.db import see_one_moment
from api.participants.models import Participant

IN_MEMORY = 1 << 20
CHUNK = 1 << 16


@dataclass(frozen=True)
class Asked:
    """Who asks, and by what their data is read."""

    session: Session
    settings: Settings
    participant_id: UUID
    study_id: UUID


Teller = Callable[[Asked], Iterable[Mapping[str, Any]]]
_tellers: dict[str, Teller] = {}


def tells(section: str) -> Callable[[Teller], Teller]:
    """Register what a feature holds of a participant, as records of one section; read row by row where many."""

    def register(teller: Teller) -> Teller:
        _tellers[section] = teller
        return teller

    return register


def export(session: Session, settings: Settings, participant_id: UUID) -> IO[bytes]:
    """Return a file of everything held about a participant, as of one moment.

    It is whole before the first byte leaves, so that no answer breaks off; what does not fit in memory waits in a
    file without a name.
    """
    see_one_moment(session)
    study_id = session.get_one(Participant, participant_id).study_id
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - who sends it closes it
    try:
        for piece in _pieces(Asked(session, settings, participant_id, study_id)):
            file.write(piece)  # not writelines: it would fill the memory first
    except BaseException:
        file.close()
        raise
    session.rollback()  # gives the connection back: a slow phone keeps a file, not a place in the database
    return file


def note(session: Session, actor: Actor, participant_id: UUID) -> None:
    """Record that a participant's data was given out."""
    study_id = session.get_one(Participant, participant_id).study_id
    audit.record(session, Event.DATA_EXPORTED, actor, study_id=study_id, object_id=participant_id)


def sent(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in pieces, and close it."""
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def _pieces(asked: Asked) -> Iterator[bytes]:
    yield b'{"participant_id": ' + to_json(asked.participant_id)
    yield b', "study_id": ' + to_json(asked.study_id)
    yield b', "made_at": ' + to_json(clock.now())
    for section, teller in _tellers.items():
        yield b', "' + section.encode() + b'": ['
        for number, record in enumerate(teller(asked)):
            yield (b",\n" if number else b"\n") + to_json(record)
        yield b"]"
    yield b', "complete": true}\n'
