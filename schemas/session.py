"""Device sessions of participants."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Model, Text


class SessionTokens(Model):
    """What a signed-in device keeps."""

    token_type: Literal["bearer"] = "bearer"
    access_token: Annotated[str | None, Field(description="Absent where cookies carry the session.")]
    expires_in: Annotated[int, Field(description="Seconds until the access token expires.")]
    refresh_token: Annotated[str | None, Field(description="Absent where cookies carry the session.")]
    device_id: UUID


class RefreshRequest(Model):
    """A device asks for a new access token; a browser sends its cookie instead."""

    refresh_token: Text | None = None


class DeviceView(Model):
    """A device on which the participant is signed in."""

    id: UUID
    name: str
    signed_in_at: datetime
    last_seen_at: datetime | None
    this_device: bool


class SignedInDevice(Model):
    """A participant's device as coordinators see it: without its name, which may name its owner."""

    id: UUID
    signed_in_at: datetime
    last_seen_at: datetime | None
