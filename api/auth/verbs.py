"""What each role may do in a study, as data."""

from schemas.access import Role, Verb

__all__ = ["ROLE_VERBS", "STEP_UP", "Role", "Verb"]

# A token is made by oneself, for oneself, within one's role; an owner sees and ends those of others.
_EVERYONE = {Verb.STUDY_READ, Verb.INSTRUMENT_READ, Verb.TOKEN_CREATE}
ROLE_VERBS: dict[Role, frozenset[Verb]] = {
    Role.OWNER: frozenset(Verb),
    Role.COORDINATOR: frozenset(
        _EVERYONE
        | {
            Verb.PARTICIPANT_READ,
            Verb.PARTICIPANT_INVITE,
            Verb.PARTICIPANT_WITHDRAW,
            Verb.PARTICIPANT_SIGN_OUT,
            Verb.MEMBER_READ,
            Verb.SCHEDULE_READ,
            Verb.SCHEDULE_WRITE,
            Verb.SOURCE_READ,
            Verb.SOURCE_WRITE,
            Verb.DELIVERY_REPLAY,
        }
    ),
    Role.REVIEWER: frozenset(_EVERYONE | {Verb.TEXT_REVIEW}),
    Role.ANALYST: frozenset(_EVERYONE | {Verb.RELEASE_READ}),
}
# What a session may do only shortly after a second factor was shown.
STEP_UP = frozenset(
    {
        Verb.MEMBER_WRITE,
        Verb.TOKEN_CREATE,
        Verb.SOURCE_WRITE,
        Verb.DISCLOSURE_WRITE,
        Verb.RELEASE_CREATE,
    }
)
