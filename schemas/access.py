"""Roles and verbs, as they cross the wire."""

from enum import StrEnum


class Verb(StrEnum):
    """Something that staff can do in a study."""

    STUDY_READ = "study.read"
    STUDY_UPDATE = "study.update"
    INSTRUMENT_READ = "instrument.read"
    INSTRUMENT_WRITE = "instrument.write"
    PARTICIPANT_READ = "participant.read"
    PARTICIPANT_INVITE = "participant.invite"
    PARTICIPANT_WITHDRAW = "participant.withdraw"
    PARTICIPANT_SIGN_OUT = "participant.sign_out"
    SCHEDULE_READ = "schedule.read"
    SCHEDULE_WRITE = "schedule.write"
    SOURCE_READ = "source.read"
    SOURCE_WRITE = "source.write"
    DELIVERY_READ = "delivery.read"
    DELIVERY_REPLAY = "delivery.replay"
    DISCLOSURE_WRITE = "disclosure.write"
    TEXT_REVIEW = "text.review"
    RELEASE_CREATE = "release.create"
    RELEASE_READ = "release.read"
    AUDIT_READ = "audit.read"
    MEMBER_READ = "member.read"
    MEMBER_WRITE = "member.write"
    TOKEN_CREATE = "token.create"
    TOKEN_READ = "token.read"
    TOKEN_REVOKE = "token.revoke"


class Role(StrEnum):
    """What a member of staff is in a study."""

    OWNER = "owner"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    ANALYST = "analyst"


class SignedInBy(StrEnum):
    """How a member of staff signed in, in a browser."""

    PASSWORD = "password"
    PROVIDER = "provider"
