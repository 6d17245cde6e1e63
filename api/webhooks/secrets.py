"""What a source keeps sealed under its study's own secret: how posts are proven, and what we fetch with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from api.core import clock, crypto

MOST = 3


@dataclass(frozen=True)
class LiveSecret:
    """One secret, and until when it proves something."""

    value: str = field(repr=False)
    not_after: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Say whether it proves something now."""
        return self.not_after is None or self.not_after > clock.now()


def seal(study_secret: str, secrets: Sequence[LiveSecret]) -> bytes:
    """Encrypt a source's secrets."""
    plain = [[one.value, one.not_after.isoformat() if one.not_after else None] for one in secrets]
    return crypto.seal_under(study_secret, json.dumps(plain))


def opened(study_secret: str, sealed: bytes) -> tuple[LiveSecret, ...]:
    """Decrypt a source's secrets, newest first; those that ended are left out."""
    plain = json.loads(crypto.open_under(study_secret, sealed))
    found = [LiveSecret(value, datetime.fromisoformat(end) if end else None) for value, end in plain]
    return tuple(one for one in found if one.is_live)
