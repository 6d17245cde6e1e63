"""What happens to somebody who guesses at the secret addresses of reminders: they are counted, and then refused.

A right address is served however many wrong ones were tried: a lock-out could be used against its owner, and 256 bits
are not guessed.
"""

from typing import NoReturn

from sqlalchemy import Engine

from api.core import limits
from api.core.config import Settings
from api.core.db import transaction
from api.core.problems import NotFound

# Generous, because an ended feed is still asked for by the calendar service of a whole organisation.
_LINKS = limits.Limit("link", minutes=5, per_address=300, overall=6_000, under_attack=50)


def refuse(engine: Engine, settings: Settings, address: str) -> NoReturn:
    """Count a wrong address of a calendar or of a mail's stop, and raise NotFound or TooManyAttempts."""
    with (
        transaction(engine) as own,
        limits.attempt(own, settings, _LINKS, address=address, failures=NotFound),
    ):
        raise NotFound
