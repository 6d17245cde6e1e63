"""What every channel does: says whom it can reach, and hands one reminder over, once."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Engine

from api.core.config import Settings
from schemas.reminders import ChannelName


class Fate(StrEnum):
    """What became of one reminder on one channel."""

    SENT = "sent"
    LATER = "later"
    """Nothing was handed over; it may be tried again."""
    REFUSED = "refused"
    """The address is refused for good."""
    UNKNOWN = "unknown"
    """It was handed over and no answer came: it may have arrived, so it is never sent again."""


@dataclass(frozen=True)
class Outcome:
    """A fate, and the number by which the other side said so (an SMTP reply or an HTTP status)."""

    fate: Fate
    code: int | None = None
    dead: tuple[UUID, ...] = ()
    """The addresses that will never work again."""


@dataclass(frozen=True)
class Reminder:
    """What a channel may know of a prompt: nothing of the study, its questions or its answers."""

    prompt_id: UUID
    sending_id: UUID
    participant_id: UUID
    step: int
    """0 for the prompt itself, above it for its repetitions."""
    language: str
    planned_at: datetime
    expires_at: datetime
    time_zone: str
    url: str
    """Where the diary opens at this prompt; holds no secret."""


@dataclass(frozen=True)
class Address:
    """Where a channel reaches one participant; an e-mail address, a number, or a push subscription as JSON."""

    value: str = field(repr=False)
    id: UUID | None = None
    """The row that holds it, where it may have to be retired."""


HandingOver = Callable[[], bool]
"""Says that what comes next cannot be taken back; False if somebody else has taken the sending over: send nothing."""


class Line(ABC):
    """An open connection to whoever delivers, used for many reminders."""

    @abstractmethod
    def send(self, reminder: Reminder, to: Sequence[Address], handing_over: HandingOver) -> Outcome:
        """Send one reminder to every address of one participant.

        Never raises, and calls handing_over once, right before the other side could deliver it: if that says no, or is
        not reached, nothing was sent.
        """


@dataclass(frozen=True)
class Means:
    """What a channel may work with."""

    settings: Settings
    engine: Engine


class Channel(ABC):
    """One way of reaching participants."""

    name: ChannelName

    @abstractmethod
    def is_offered(self, settings: Settings) -> bool:
        """Say whether the operator has set this channel up."""

    @abstractmethod
    def open(self, means: Means) -> AbstractContextManager[Line]:
        """Open a line; one that cannot be opened answers every reminder with LATER."""
