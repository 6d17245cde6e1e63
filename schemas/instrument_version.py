"""Instrument versions as lists show them."""

from datetime import datetime
from typing import Literal

from schemas.base import Labels, Model


class InstrumentVersionView(Model):
    """One version of an instrument, without its questions."""

    key: str
    version: int
    status: Literal["draft", "published", "retired"]
    title: Labels
    kinds: list[str]
    definition_hash: str
    published_at: datetime | None
