"""The tables that belong to no feature."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from api.core.db import WrappedKey


class Attempt(SQLModel, table=True):
    """One failed or undecided attempt, counted under one key; who it was is stored as a keyed digest."""

    __table_args__ = (Index("ix_attempt_key_hash_expires_at", "key_hash", "expires_at"),)

    id: UUID = Field(primary_key=True)
    key_hash: str = Field(max_length=64, primary_key=True)
    expires_at: datetime = Field(index=True)


class ServiceKey(SQLModel, table=True):
    """A key of the service's own, made when it is first needed: it outlives a change of the master key."""

    __tablename__ = "service_key"

    name: str = Field(primary_key=True, max_length=40)
    wrapped_key: bytes = Field(sa_type=WrappedKey)
