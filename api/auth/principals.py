"""The kinds of caller."""

from dataclasses import dataclass
from uuid import UUID

from api.audit.service import Actor
from api.auth.verbs import Verb


@dataclass(frozen=True)
class StaffPrincipal:
    """A member of staff, acting by a personal access token."""

    staff_id: UUID
    token_id: UUID
    study_id: UUID
    verbs: frozenset[Verb]

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
