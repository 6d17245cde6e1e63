"""The kinds of caller."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.audit.service import Actor
from api.auth.verbs import Verb
from api.core import clock

STEPPED_UP_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class TokenScope:
    """What a personal access token is for."""

    id: UUID
    study_id: UUID
    verbs: frozenset[Verb]


@dataclass(frozen=True)
class SignedIn:
    """A browser in which a member of staff is signed in."""

    id: UUID
    stepped_up_at: datetime
    is_administrator: bool = False

    @property
    def is_stepped_up(self) -> bool:
        """Say whether a second factor was shown in the last ten minutes."""
        return clock.now() - self.stepped_up_at < STEPPED_UP_FOR


@dataclass(frozen=True)
class StaffPrincipal:
    """A member of staff, acting by a personal access token or from a signed-in browser."""

    staff_id: UUID
    by: TokenScope | SignedIn

    @property
    def actor(self) -> Actor:
        """Return who acts, for the audit."""
        return Actor("staff", self.staff_id)

    def reaches(self, study_id: UUID) -> bool:
        """Say whether this way of acting leads into a study at all."""
        return isinstance(self.by, SignedIn) or self.by.study_id == study_id

    def carries(self, verb: Verb) -> bool:
        """Say whether this way of acting allows what the role may allow."""
        return isinstance(self.by, SignedIn) or verb in self.by.verbs


@dataclass(frozen=True)
class SessionPrincipal:
    """A member of staff in a signed-in browser, where a token will not do."""

    staff_id: UUID
    session: SignedIn

    @property
    def actor(self) -> Actor:
        """Return who acts, for the audit."""
        return Actor("staff", self.staff_id)


@dataclass(frozen=True)
class ParticipantPrincipal:
    """A participant, acting from a device."""

    participant_id: UUID
    study_id: UUID
    device_id: UUID

    @property
    def actor(self) -> Actor:
        """Return who acts, for the audit."""
        return Actor("participant", self.participant_id)
