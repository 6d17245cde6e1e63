"""The vocabulary of audit events: noun.verb, one per state change."""

from enum import StrEnum


class Event(StrEnum):
    """What can be recorded."""

    ACCESS_DENIED = "access.denied"
    STAFF_ADDED = "staff.added"
    MEMBER_ADDED = "member.added"
    TOKEN_CREATED = "token.created"
    TOKEN_REVOKED = "token.revoked"
    STUDY_CREATED = "study.created"
    STUDY_UPDATED = "study.updated"
    STUDY_OPENED = "study.opened"
    STUDY_PAUSED = "study.paused"
    STUDY_CLOSED = "study.closed"
    DOCUMENT_PUBLISHED = "document.published"
    INSTRUMENT_DRAFTED = "instrument.drafted"
    INSTRUMENT_PUBLISHED = "instrument.published"
    INSTRUMENT_RETIRED = "instrument.retired"
    PARTICIPANT_INVITED = "participant.invited"
    PARTICIPANT_ENROLLED = "participant.enrolled"
    PARTICIPANT_IMPORTED = "participant.imported"
    PARTICIPANT_WITHDREW = "participant.withdrew"
    CONSENT_CHANGED = "consent.changed"
    PROFILE_CHANGED = "profile.changed"
    CONTACT_CHANGED = "contact.changed"
    DEVICE_REVOKED = "device.revoked"
    RELEASE_REQUESTED = "release.requested"
    RELEASE_PUBLISHED = "release.published"
    RELEASE_REFUSED = "release.refused"
    RELEASE_DOWNLOADED = "release.downloaded"
