"""Invitations, consent, profiles, contact data and withdrawal."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue, StrictBool, StrictInt

from schemas.base import Email, Key, Labels, Model, ShortText
from schemas.session import Code, SessionTokens
from schemas.study import DocumentView


class ParticipantStatus(StrEnum):
    """Where a participant stands."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"


class InvitationCreate(Model):
    """Invitations to send: each is for one new participant."""

    count: Annotated[StrictInt, Field(ge=1, le=500)] = 1
    days: Annotated[StrictInt, Field(ge=1, le=365, description="Days until the codes expire.")] = 30


class InvitationView(Model):
    """An invitation; its code is shown this once."""

    participant_id: UUID
    code: Annotated[str, Field(examples=["7KQ2-M9TX-4HPD"])]
    expires_at: datetime


class ParticipantView(Model):
    """A participant as coordinators see them: no name, no diary."""

    id: UUID
    status: ParticipantStatus
    enrolled_at: datetime | None
    withdrawn_at: datetime | None
    prompts_stopped: bool


class InvitationOpen(Model):
    """Somebody typed a code and wants to read what they would join."""

    code: Code


class InvitationPreview(Model):
    """What a leader reads before consenting."""

    study_title: str
    languages: list[str]
    documents: list[DocumentView]


class ConsentGiven(Model):
    """What was agreed to: the version of the form, and yes or no to each statement."""

    document_version: Annotated[StrictInt, Field(ge=1, le=100_000)]
    statements: Annotated[dict[Key, StrictBool], Field(max_length=30)]


class InvitationRedeem(Model):
    """Consent, and sign this device in."""

    code: Code
    attempt: Annotated[
        UUID, Field(description="Made by the phone; a repeat with the same one is answered again.")
    ]
    consent: ConsentGiven
    device_name: Annotated[ShortText, Field(min_length=1, examples=["My phone"])] = "Phone"
    cookies: Annotated[StrictBool, Field(description="Keep the session in cookies: for the web client.")] = (
        False
    )


class Joined(Model):
    """A participant has joined, and this device is signed in."""

    participant_id: UUID
    study_id: UUID
    session: SessionTokens


class Me(Model):
    """What a participant sees of themselves."""

    participant_id: UUID
    study_id: UUID
    study_title: str
    study_status: Literal["draft", "open", "paused", "closed"]
    time_zone: str
    languages: list[str]
    edit_window_hours: int
    status: ParticipantStatus
    consent_version: int | None
    sharing: Annotated[bool, Field(description="Whether my de-identified entries may be released.")]
    prompts_stopped: bool


Profile = Annotated[dict[Key, JsonValue], Field(max_length=100)]


_PROFILE: JsonValue = {
    "sector": "local_gov",
    "country": "england",
    "role_tier": "chief_executive_or_equivalent",
    "leader_status": "current",
}


class ProfilePut(Model):
    """My profile: all of it; earlier values are kept as history."""

    answers: Annotated[Profile, Field(examples=[_PROFILE])]


class ProfileView(Model):
    """My profile, and the labels of its questions."""

    answers: Profile
    labels: dict[str, Labels]


class ContactPut(Model):
    """Contact data: encrypted, never shown to researchers, destroyed on withdrawal."""

    name: ShortText | None = None
    email: Email | None = None
    phone: Annotated[str, Field(max_length=30, pattern=r"^\+?[0-9 ()-]{5,30}$")] | None = None


class WithdrawalScope(StrEnum):
    """How far a withdrawal goes."""

    STOP_PROMPTS = "stop_prompts"
    OUT_OF_RELEASES = "out_of_releases"
    ERASE = "erase"


class WithdrawalRequest(Model):
    """A participant withdraws."""

    scope: WithdrawalScope


class WithdrawalReceipt(Model):
    """What a withdrawal did, for the leader to keep."""

    id: UUID
    scope: WithdrawalScope
    at: datetime
    by_study_team: Annotated[
        bool, Field(description="The study team recorded it at the leader's request.")
    ] = False
    done: Annotated[dict[str, int], Field(description="What was stopped or erased, counted.")]
    releases_not_recalled: Annotated[
        list[int], Field(description="Releases made before, which cannot be recalled.")
    ]
    text: Annotated[str, Field(description="The receipt as a letter.")] = ""
