"""Sends mail by SMTP, and knows at each moment whether the server could already have taken it."""

import smtplib
import ssl
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.utils import parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from api.core.config import Settings

SECONDS = 20.0
NOT_AN_ADDRESS = 553
"""The reply of a server to an address that it cannot read."""
_SMTP = policy.SMTP.clone(max_line_length=None)


class MailRefused(Exception):
    """The server said no: for good (5xx) or for now (4xx); nothing was delivered."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    @property
    def for_good(self) -> bool:
        """Say whether the same mail would be refused again."""
        return 500 <= self.code < 600


class MailNotAnswered(Exception):
    """The connection failed before the server could have taken the mail: nothing was delivered."""


class MailUnknown(Exception):
    """The connection failed when the whole mail was under way: it may have been delivered."""


class MailServer:
    """A connection to the mail server, opened when it is first needed and after a failure again."""

    def __init__(self, settings: Settings) -> None:
        self._url = urlsplit(settings.mail_url.get_secret_value())
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: EmailMessage, handing_over: Callable[[], bool]) -> bool:
        """Send one mail to its one recipient; False if handing_over said no, and then nothing was sent.

        Raises MailRefused, MailNotAnswered or MailUnknown. handing_over is asked when the server waits for the content:
        before it nothing can have been delivered, after it nobody can tell until the server answers.
        """
        try:
            client = self._ready()
            self._asked(client.mail(_bare(message["From"])))
            self._asked(client.rcpt(_bare(message["To"])))
            self._asked(client.docmd("DATA"), expected=354)
        except UnicodeError:
            raise MailRefused(NOT_AN_ADDRESS) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailNotAnswered from error
        if not handing_over():
            self._abandon()
            return False
        return self._finish(client, message)

    def close(self) -> None:
        """Let the connection go."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _finish(self, client: smtplib.SMTP, message: EmailMessage) -> bool:
        content = message.as_bytes(policy=_SMTP).replace(b"\r\n.", b"\r\n..")
        try:
            client.send(content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            answer = client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailUnknown from error
        self._asked(answer)
        return True

    def _abandon(self) -> None:
        # In the middle of DATA there is no way back but to hang up: a server delivers nothing without the last dot.
        self.close()

    def _asked(self, answer: tuple[int, bytes], expected: int | None = None) -> None:
        code = answer[0]
        if code == expected or (expected is None and 200 <= code < 300):
            return
        client = self._client
        try:
            if client is not None:
                client.rset()
        except (smtplib.SMTPException, OSError):
            self.close()
        raise MailRefused(code)

    def _ready(self) -> smtplib.SMTP:
        if self._client is not None:
            try:
                if self._client.noop()[0] == 250:
                    return self._client
            except (smtplib.SMTPException, OSError):
                pass
            self.close()
        self._client = self._connect()
        return self._client

    def _connect(self) -> smtplib.SMTP:
        url, host = self._url, self._url.hostname or ""
        context = ssl.create_default_context()
        if url.scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=SECONDS, context=context)
        else:
            client = smtplib.SMTP(
                host, url.port or (25 if url.scheme == "smtp+plain" else 587), timeout=SECONDS
            )
        try:
            client.ehlo_or_helo_if_needed()
            if url.scheme == "smtp":  # STARTTLS or nothing: a password or an address never goes in the clear
                client.starttls(context=context)
                client.ehlo()
            if url.username:
                client.login(unquote(url.username), unquote(url.password or ""))
        except (smtplib.SMTPException, OSError):
            client.close()
            raise
        return client


def _bare(header: object) -> str:
    return parseaddr(str(header))[1]
