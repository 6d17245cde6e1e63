"""Sends mail by SMTP, and knows at each moment whether the server could already have taken it."""

import smtplib
import ssl
from collections.abc import Callable
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from functools import lru_cache
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from api.core.config import Settings
from api.core.logging import log
from api.core.pacing import Pace

SECONDS = 20.0
LAST_SECONDS = 60.0
"""A server may look for viruses before it answers a whole mail: who hangs up early never learns what became of it."""
NOT_AN_ADDRESS = 553
"""The reply of a server to an address that it cannot read."""
PLAIN_PORT, SUBMISSION_PORT, TLS_PORT = 25, 587, 465
# Seven bits and no folded header: it passes servers without 8BITMIME, and an address in a header stays in one piece.
_SMTP = policy.SMTP.clone(max_line_length=None, cte_type="7bit")


class MailRefused(Exception):
    """The server said no, for good or for now; nothing was delivered."""

    def __init__(self, code: int, *, for_good: bool | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = 500 <= code < 600 if for_good is None else for_good
        """Whether the same mail would be refused again."""


class MailNotAnswered(Exception):
    """The connection failed before the server could have taken the mail: nothing was delivered."""


class MailUnknown(Exception):
    """The connection failed when the whole mail was under way: it may have been delivered."""


def is_offered(settings: Settings) -> bool:
    """Say whether there is a mail server."""
    return bool(settings.mail_url.get_secret_value() and settings.mail_from)


def new_message(settings: Settings, to: str) -> EmailMessage:
    """Return an empty mail from the operator's address, or raise MailRefused if `to` is no address for one person."""
    message = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    message["From"] = settings.mail_from
    message["To"] = _one(to)
    return message


def domain(settings: Settings) -> str:
    """Return the domain in whose name mail is sent."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    return str(message["From"].addresses[0].domain)


@lru_cache
def shared_pace(per_minute: int) -> Pace:
    """Return what paces all mail of this process."""
    return Pace(per_minute)


class MailServer:
    """A connection to the mail server, opened when it is first needed and after a failure again; for one thread."""

    def __init__(self, settings: Settings, pace: Pace | None = None) -> None:
        self._url = urlsplit(settings.mail_url.get_secret_value())
        self._pace = pace or shared_pace(settings.mail_per_minute)
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
        content = message.as_bytes(policy=_SMTP)
        self._pace.wait()
        client = self._introduced(message)
        try:
            goes_on = handing_over()
        except BaseException:
            self.close()  # the server still waits for the content: the next mail must not become it
            raise
        if not goes_on:
            self.close()  # there is no other way back: a server delivers nothing without the last dot
            return False
        return self._finish(client, content)

    def close(self) -> None:
        """Let the connection go."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _introduced(self, message: EmailMessage) -> smtplib.SMTP:
        """Return a connection on which the server waits for this mail's content."""
        try:
            client = self._ready()
            sender, to = (message[name].addresses[0].addr_spec for name in ("From", "To"))
            self._asked(client.mail(sender), for_good=False)  # it is our own name that it does not like
            self._asked(client.rcpt(to))
            self._asked(client.docmd("DATA"), expected=354)
        except UnicodeError:
            self.close()
            raise MailRefused(NOT_AN_ADDRESS) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            log().warning("mail server not ready", error=type(error).__name__)
            raise MailNotAnswered from error
        return client

    def _finish(self, client: smtplib.SMTP, content: bytes) -> bool:
        stuffed = content.replace(b"\r\n.", b"\r\n..")
        try:
            if client.sock is not None:
                client.sock.settimeout(LAST_SECONDS)
            client.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            answer = client.getreply()
            if client.sock is not None:
                client.sock.settimeout(SECONDS)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailUnknown from error
        if not (200 <= answer[0] < 300 or 400 <= answer[0] < 600):
            self.close()
            raise MailUnknown  # it answered, but nobody can tell what
        self._asked(answer)
        return True

    def _asked(
        self, answer: tuple[int, bytes], expected: int | None = None, for_good: bool | None = None
    ) -> None:
        code = answer[0]
        if code == expected or (expected is None and 200 <= code < 300):
            return
        try:
            if self._client is not None and (code == 421 or self._client.rset()[0] != 250):
                self.close()
        except (smtplib.SMTPException, OSError):
            self.close()
        raise MailRefused(code, for_good=for_good)

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
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                host, url.port or TLS_PORT, timeout=SECONDS, context=context
            )
        else:
            usual = PLAIN_PORT if url.scheme == "smtp+plain" else SUBMISSION_PORT
            client = smtplib.SMTP(host, url.port or usual, timeout=SECONDS)
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


def _one(to: str) -> Address:
    """Return an address as a header holds it; one that would be read as two, or as none, is refused."""
    try:
        local, _, at = to.rpartition("@")
        found = Address(addr_spec=f"{local}@{at.encode('idna').decode()}")
        found.addr_spec.encode("ascii")  # a server without SMTPUTF8 takes nothing else
    except (ValueError, IndexError, MessageError):
        raise MailRefused(NOT_AN_ADDRESS) from None
    if (
        found.username != local
    ):  # a comment or quotes in it: a header's reader sees another address than we do
        raise MailRefused(NOT_AN_ADDRESS)
    return found
