"""What a channel talks to, as the contract's tests need it: one class per channel, made by the test that lists them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import SecretStr

from api.core import clock
from api.core.config import Settings
from api.core.ids import new_id
from api.prompts.channels.base import Address, Reminder
from tests.prompts.channels.postbox import DIES, Postbox, opened

URL = "https://diary.example.org/#/p/0190"
PLANNED = datetime.fromisoformat("2026-03-30T19:30:00+00:00")


def reminder(participant_id: UUID | None = None, **changes: object) -> Reminder:
    """Return one reminder as the engine hands it to a channel."""
    given: dict[str, object] = {
        "prompt_id": new_id(),
        "sending_id": new_id(),
        "participant_id": participant_id or new_id(),
        "step": 0,
        "language": "en",
        "planned_at": PLANNED,
        "expires_at": clock.now() + timedelta(hours=12),
        "time_zone": "Europe/London",
        "url": URL,
    }
    return Reminder(**(given | changes))  # type: ignore[arg-type] # the test names what it changes


class OtherSide(ABC):
    """Whoever delivers for a channel."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = ExitStack()

    @classmethod
    @contextmanager
    def there(cls, settings: Settings) -> Iterator[Self]:
        """Let it be there until the end."""
        made = cls(settings)
        made.come()
        try:
            yield made
        finally:
            made.go_away()

    def go_away(self) -> None:
        """Be there no more."""
        self._open.close()

    @abstractmethod
    def come(self) -> None:
        """Be there, and let `settings` name it."""

    @property
    @abstractmethod
    def address(self) -> Address:
        """Return an address at which it can reach Leo."""

    @abstractmethod
    def arrived(self) -> list[str]:
        """Return everything that was delivered, as it can be read."""

    @abstractmethod
    def die_with_it(self) -> None:
        """Take what comes next and never answer."""

    @abstractmethod
    def refuse(self) -> None:
        """Refuse what comes next for good."""

    @abstractmethod
    def put_off(self) -> None:
        """Ask for what comes next to be sent later."""

    @abstractmethod
    def take(self) -> None:
        """Take what comes next."""


class MailSide(OtherSide):
    """A mail server."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.box = Postbox()

    def come(self) -> None:
        where = self._open.enter_context(opened(self.box))
        given = {
            "mail_url": SecretStr(f"smtp+plain://{where}"),
            "mail_from": "Diary <diary@mail.example.net>",
        }
        self.settings = self.settings.model_copy(update=given | {"mail_per_minute": 100_000})

    @property
    def address(self) -> Address:
        return Address("leo@example.org")

    def arrived(self) -> list[str]:
        return [
            "\n".join([str(mail), *(part.get_content() for part in mail.walk() if not part.is_multipart())])
            for mail in self.box.mails
        ]

    def die_with_it(self) -> None:
        self.box.to_content = DIES

    def refuse(self) -> None:
        self.box.to_recipient = "550 No such user"

    def put_off(self) -> None:
        self.box.to_recipient = "451 Greylisted, come back later"

    def take(self) -> None:
        self.box.to_content = self.box.to_recipient = "250 OK"
