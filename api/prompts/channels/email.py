"""Reminders by e-mail."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from api.core import clock, mail
from api.core.config import Settings
from api.core.db import transaction
from api.core.mail import MailNotAnswered, MailRefused, MailServer, MailUnknown
from api.core.service_keys import service_key
from api.core.templates import fill
from api.prompts import stop_links
from api.prompts.calendars import Occasion, published
from api.prompts.channels.base import Address, Channel, Fate, HandingOver, Line, Means, Outcome, Reminder
from api.prompts.words import words_for
from schemas.reminders import ChannelName

_TEMPLATES = Path(__file__).parent / "templates"


class EmailChannel(Channel):
    """Mails a neutral reminder with the occasion as a calendar part."""

    name = ChannelName.EMAIL

    def is_offered(self, settings: Settings) -> bool:
        """Say whether there is a mail server."""
        return mail.is_offered(settings)

    @contextmanager
    def open(self, means: Means) -> Iterator[Line]:
        """Open a line to the mail server."""
        with transaction(means.engine) as session:
            key = service_key(session, means.settings, stop_links.KEY)
        with MailServer(means.settings) as server:
            yield MailLine(server, means.settings, key)


class MailLine(Line):
    """A connection to the mail server."""

    def __init__(self, server: MailServer, settings: Settings, stop_key: bytes) -> None:
        self._server = server
        self._settings = settings
        self._stop_key = stop_key

    def send(self, reminder: Reminder, to: Sequence[Address], handing_over: HandingOver) -> Outcome:
        """Mail one reminder."""
        try:
            sent = self._server.send(self._message(reminder, to[0].value), handing_over)
        except MailRefused as refused:
            return Outcome(Fate.REFUSED if refused.for_good else Fate.LATER, refused.code)
        except MailNotAnswered:
            return Outcome(Fate.LATER)
        except MailUnknown:
            return Outcome(Fate.UNKNOWN)
        return Outcome(Fate.SENT if sent else Fate.LATER, 250 if sent else None)

    def _message(self, reminder: Reminder, to: str) -> EmailMessage:
        words, host = words_for(reminder.language), mail.domain(self._settings)
        stop = stop_links.address(self._settings, self._stop_key, reminder.participant_id)
        message = mail.new_message(self._settings, to)
        message["Subject"] = words.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{reminder.sending_id}@{host}>"  # of a repeated attempt too
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        given = {"words": words, "url": reminder.url, "stop": stop}
        message.set_content(fill(_TEMPLATES, "reminder.txt", **given), cte="quoted-printable")
        message.add_alternative(
            fill(_TEMPLATES, "reminder.html", **given), subtype="html", cte="quoted-printable"
        )
        message.add_attachment(
            published(_occasion(reminder), words, host, message["From"].addresses[0].addr_spec).decode(),
            subtype="calendar",
            filename="diary.ics",
            params={"method": "PUBLISH"},
            cte="base64",
        )
        return message


def _occasion(reminder: Reminder) -> Occasion:
    return Occasion(reminder.prompt_id, reminder.planned_at, reminder.time_zone, clock.now())
