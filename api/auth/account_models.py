"""How staff sign in: invitations, passwords and second factors, sessions. Secrets are hashed or encrypted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from api.auth.verbs import Role
from api.core import clock
from api.core.db import WrappedKey, enum_type
from api.core.ids import new_id
from schemas.access import SignedInBy


class StaffInvitation(SQLModel, table=True):
    """A one-time code for somebody who shall become staff, and what they chose until it is confirmed."""

    __tablename__ = "staff_invitation"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254, index=True)
    study_id: UUID | None = Field(default=None, foreign_key="study.id", index=True)
    role: Role | None = Field(default=None, sa_type=enum_type(Role))
    is_administrator: bool = False
    # Whose account it opens: set by the operator only, as it replaces a password.
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    invited_by: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime
    attempt: UUID | None = None
    attempted_at: datetime | None = None
    name: str | None = Field(default=None, max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    totp_key: bytes | None = Field(default=None, sa_type=WrappedKey)
    totp_sealed: bytes | None = None
    used_at: datetime | None = None


class StaffCredential(SQLModel, table=True):
    """A member of staff's password and authenticator."""

    __tablename__ = "staff_credential"

    staff_id: UUID = Field(foreign_key="staff.id", primary_key=True)
    password_hash: str = Field(max_length=200)
    totp_key: bytes = Field(sa_type=WrappedKey)
    totp_sealed: bytes
    totp_last_step: int = 0
    changed_at: datetime = Field(default_factory=clock.now)


class RecoveryCode(SQLModel, table=True):
    """A code for one sign-in without the authenticator, stored as a hash."""

    __tablename__ = "recovery_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    used_at: datetime | None = None


class StaffSession(SQLModel, table=True):
    """A browser in which a member of staff is signed in; its secret is stored as a hash."""

    __tablename__ = "staff_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime
    last_used_at: datetime = Field(default_factory=clock.now)
    stepped_up_at: datetime = Field(default_factory=clock.now)
    ended_at: datetime | None = None
    signed_in_by: SignedInBy = Field(
        default=SignedInBy.PASSWORD,
        sa_type=enum_type(SignedInBy),
        sa_column_kwargs={"server_default": SignedInBy.PASSWORD.value},
    )


class StaffIdentity(SQLModel, table=True):
    """Who a member of staff is at an OpenID provider: one identity at each, and each somebody's only."""

    __tablename__ = "staff_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    staff_id: UUID = Field(foreign_key="staff.id", primary_key=True)
    issuer: str = Field(max_length=500, primary_key=True)
    subject: str = Field(max_length=255)
    connected_at: datetime = Field(default_factory=clock.now)


class SpentState(SQLModel, table=True):
    """A sign-in through a provider that came back, so that it does not come back twice."""

    __tablename__ = "spent_state"

    state_hash: str = Field(max_length=64, primary_key=True)
    expires_at: datetime = Field(index=True)
