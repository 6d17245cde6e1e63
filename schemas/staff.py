"""Accounts of staff: invitation, sign-in, members, tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from schemas.access import Role, SignedInBy, Verb
from schemas.base import Email, Model, ShortText, Text

InvitationCode = Annotated[str, Field(min_length=8, max_length=40, examples=["7KQ2-M9TX-4HPD"])]
OneTimeCode = Annotated[str, Field(pattern=r"^ {0,3}[0-9]{3} ?[0-9]{3} {0,3}$", examples=["123 456"])]
Password = Annotated[Text, Field(min_length=1, max_length=200)]
NewPassword = Annotated[Text, Field(min_length=12, max_length=200)]
PersonName = Annotated[ShortText, Field(min_length=1)]
Days = Annotated[StrictInt, Field(ge=1, le=30, description="Days until the code expires.")]


class StaffInvite(Model):
    """Somebody to invite as staff, without a role yet."""

    email: Email
    days: Days = 7


class MemberInvite(StaffInvite):
    """Somebody to invite into a study, with a role."""

    role: Role


class StaffInvitationView(Model):
    """An invitation of staff."""

    id: UUID
    email: str
    study_id: UUID | None
    role: Role | None
    expires_at: datetime


class StaffInvitationMade(StaffInvitationView):
    """An invitation of staff; its code is shown this once."""

    code: InvitationCode


class StaffAccept(Model):
    """The invited person chooses a name and a password."""

    code: InvitationCode
    attempt: Annotated[UUID, Field(description="Made by the page; a repeat with it is answered again.")]
    name: Annotated[PersonName | None, Field(description="Needed for a new account.")] = None
    password: NewPassword


class TotpEnrolment(Model):
    """What an authenticator app needs; shown until it is confirmed."""

    secret: str
    uri: Annotated[str, Field(description="For a QR code.", examples=["otpauth://totp/Daybook:..."])]


class StaffConfirm(Model):
    """A first code from the authenticator activates the account."""

    code: InvitationCode
    attempt: UUID
    one_time_code: OneTimeCode


class StaffJoin(Model):
    """Somebody who is signed in accepts an invitation into another study."""

    code: InvitationCode


class RecoveryCodes(Model):
    """Codes for a lost authenticator, each good for one sign-in; shown this once."""

    recovery_codes: list[str]


class AuthenticatorOffer(TotpEnrolment):
    """Another authenticator to set up; nothing changes until one of its codes confirms it."""

    offer: Annotated[str, Field(description="To be sent back with the first code, within 15 minutes.")]


class AuthenticatorConfirm(Model):
    """A first code from the other authenticator."""

    offer: Annotated[Text, Field(min_length=1, max_length=2_000)]
    one_time_code: OneTimeCode


class StaffSignIn(Model):
    """E-mail, password, and a code from the authenticator or a recovery code."""

    email: Email
    password: Password
    code: Annotated[Text, Field(min_length=6, max_length=40)]


class StepUp(Model):
    """A code from the authenticator, or a recovery code."""

    one_time_code: Annotated[Text, Field(min_length=6, max_length=40)]


class PasswordChange(Model):
    """The old password and a new one."""

    old: Password
    new: NewPassword


class MembershipView(Model):
    """A study in which somebody has a role."""

    study_id: UUID
    role: Role


class StaffSessionView(Model):
    """Who is signed in, and what for."""

    session_id: UUID
    staff_id: UUID
    email: str
    name: str
    is_administrator: bool
    memberships: list[MembershipView]
    signed_in_by: SignedInBy
    stepped_up_until: datetime
    expires_at: datetime


class OwnSessionView(Model):
    """One of my sessions."""

    id: UUID
    signed_in_by: SignedInBy
    signed_in_at: datetime
    last_used_at: datetime
    this_session: bool


class StaffView(Model):
    """A member of staff as the site administrator sees them."""

    id: UUID
    email: str
    name: str
    is_administrator: bool
    disabled: bool


class StaffChange(Model):
    """Let a member of staff in, or keep them out."""

    disabled: StrictBool


class MemberView(Model):
    """A member of a study."""

    staff_id: UUID
    name: str
    email: str
    role: Role
    disabled: bool


class MemberChange(Model):
    """Another role for a member."""

    role: Role


class TokenCreate(Model):
    """A personal access token to make, for one study."""

    study_id: UUID
    name: PersonName
    verbs: Annotated[list[Verb], Field(min_length=1, max_length=40)]
    days: Annotated[StrictInt, Field(ge=1, le=366)] = 90


class TokenView(Model):
    """A personal access token, without its secret."""

    id: UUID
    staff_id: UUID
    study_id: UUID
    name: str
    verbs: list[Verb]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenMade(TokenView):
    """A new personal access token; its secret is shown this once."""

    secret: str
