"""Device sessions of participants."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool

from schemas.base import Email, Model, ShortText, Text

Code = Annotated[str, Field(min_length=8, max_length=40, examples=["7KQ2-M9TX-4HPD"])]


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


class DeviceCodeView(Model):
    """A one-time code for another device; it is shown this once."""

    code: Annotated[str, Field(examples=["7KQ2-M9TX-4HPD"])]
    expires_at: datetime


class CodeSignIn(Model):
    """Sign this device in by a one-time code."""

    code: Code
    attempt: Annotated[
        UUID, Field(description="Made by the phone; a repeat with the same one is answered again.")
    ]
    device_name: Annotated[ShortText, Field(min_length=1, examples=["My phone"])] = "Phone"
    cookies: Annotated[StrictBool, Field(description="Keep the session in cookies: for the web client.")] = (
        False
    )


class CodeMailRequest(Model):
    """Mail me a one-time code to sign in with."""

    email: Email


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
