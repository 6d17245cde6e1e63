"""What signing in works with: it hashes between short transactions of its own, never inside one."""

from dataclasses import dataclass

from sqlalchemy import Engine

from api.core.config import Settings
from api.core.passwords import Passwords


@dataclass(frozen=True)
class Tools:
    """The database, the settings and the hasher of passwords."""

    engine: Engine
    settings: Settings
    passwords: Passwords
