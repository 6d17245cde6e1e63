"""Asks whoever keeps entries whether an occasion is filled already; the diary stands above, and registers itself."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session


class Slot(NamedTuple):
    """The occasion of a prompt that asks for the one entry of a kind on a participant's day."""

    prompt_id: UUID
    participant_id: UUID
    kind: str
    day: date


Filled = dict[UUID, tuple[UUID, datetime]]
"""Of each prompt whose occasion is filled: the entry, and when it came."""
Filler = Callable[[Session, Sequence[Slot]], Filled]
_fillers: list[Filler] = []


def fills(filler: Filler) -> Filler:
    """Register a function that is given slots, and returns those that are filled."""
    _fillers.append(filler)
    return filler


def filled(session: Session, slots: Sequence[Slot]) -> Filled:
    """Return which of these occasions are filled, and by which entries."""
    if not slots:
        return {}
    return {prompt: entry for filler in _fillers for prompt, entry in filler(session, slots).items()}
