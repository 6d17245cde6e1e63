"""What each role may do in a study, as data."""

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
    RELEASE_CREATE = "release.create"
    RELEASE_READ = "release.read"


class Role(StrEnum):
    """What a member of staff is in a study."""

    OWNER = "owner"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    ANALYST = "analyst"


_EVERYONE = {Verb.STUDY_READ, Verb.INSTRUMENT_READ}
ROLE_VERBS: dict[Role, frozenset[Verb]] = {
    Role.OWNER: frozenset(Verb),
    Role.COORDINATOR: frozenset(
        _EVERYONE | {Verb.PARTICIPANT_READ, Verb.PARTICIPANT_INVITE, Verb.PARTICIPANT_WITHDRAW}
    ),
    Role.REVIEWER: frozenset(_EVERYONE),
    Role.ANALYST: frozenset(_EVERYONE | {Verb.RELEASE_READ}),
}
