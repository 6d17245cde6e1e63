"""Staff, their memberships and tokens; participants' devices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.auth.verbs import Role, Verb
from api.core import clock
from api.core.db import enum_type
from api.core.ids import new_id


class Staff(SQLModel, table=True):
    """A person who runs studies."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    is_administrator: bool = False
    created_at: datetime = Field(default_factory=clock.now)
    disabled_at: datetime | None = None


class Membership(SQLModel, table=True):
    """A staff member's role in a study."""

    __table_args__ = (UniqueConstraint("study_id", "staff_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    role: Role = Field(sa_type=enum_type(Role))
    created_at: datetime = Field(default_factory=clock.now)


class AccessToken(SQLModel, table=True):
    """A personal access token: scoped to one study and some verbs, hashed, expiring."""

    __tablename__ = "access_token"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    name: str = Field(max_length=200)
    verbs: list[Verb] = Field(sa_column=Column(JSON, nullable=False))
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class DeviceCode(SQLModel, table=True):
    """A one-time code for another device of a participant, stored as a hash; `device_id` is what it signed in."""

    __tablename__ = "device_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", unique=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime
    used_at: datetime | None = None
    attempt: UUID | None = None
    device_id: UUID | None = None


class Device(SQLModel, table=True):
    """A phone on which a participant is signed in.

    All its refresh tokens begin with the same secret, by which an old one is known for what it is; see sessions.py.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    name: str = Field(max_length=200)
    refresh_hash: str = Field(max_length=64, unique=True)
    family_hash: str | None = Field(default=None, max_length=64, index=True, unique=True)
    parent_hash: str | None = Field(default=None, max_length=64)
    successor: bytes | None = None
    rotated_at: datetime | None = None
    created_at: datetime = Field(default_factory=clock.now)
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None
