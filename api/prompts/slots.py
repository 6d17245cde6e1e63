"""Asks whoever keeps entries whether an occasion is filled already; the diary stands above, and registers itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.prompts.models import Prompt

Filled = dict[UUID, tuple[UUID, datetime]]
"""Of each prompt whose occasion is filled: the entry, and when it came."""
Filler = Callable[[Session, Sequence[Prompt]], Filled]
_fillers: list[Filler] = []


def fills(filler: Filler) -> Filler:
    """Register a function that is given prompts for the one entry of a day, and returns those that have it."""
    _fillers.append(filler)
    return filler


def filled(session: Session, prompts: Sequence[Prompt]) -> Filled:
    """Return which of these prompts' occasions are filled, and by which entries."""
    return {prompt: entry for filler in _fillers for prompt, entry in filler(session, prompts).items()}
