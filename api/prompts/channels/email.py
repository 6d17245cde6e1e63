"""Reminders by e-mail."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage

from api.core.config import Settings
from api.core.mail import MailNotAnswered, MailRefused, MailServer, MailUnknown
from api.prompts.channels.base import Address, Channel, Fate, HandingOver, Line, Means, Outcome, Reminder
from schemas.reminders import ChannelName


class EmailChannel(Channel):
    """Mails a neutral reminder."""

    name = ChannelName.EMAIL

    def is_offered(self, settings: Settings) -> bool:
        """Say whether there is a mail server."""
        return bool(settings.mail_url.get_secret_value() and settings.mail_from)

    @contextmanager
    def open(self, means: Means) -> Iterator[Line]:
        """Open a line to the mail server."""
        with MailServer(means.settings) as server:
            yield MailLine(server, means.settings)


class MailLine(Line):
    """A connection to the mail server."""

    def __init__(self, server: MailServer, settings: Settings) -> None:
        self._server = server
        self._settings = settings

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
        message = EmailMessage()
        message["From"], message["To"] = self._settings.mail_from, to
        message["Subject"] = "A moment for your diary"
        message["Message-ID"] = f"<{reminder.sending_id}@daybook>"
        message.set_content(f"Your diary has a moment for you:\n{reminder.url}\n")
        return message
