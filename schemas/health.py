"""What the probes answer."""

from typing import Literal

from schemas.base import Model


class Health(Model):
    """The state of one process."""

    status: Literal["ok"]
    migration: str | None = None
