"""A real mail server on a free port, which keeps what it takes and says no where it is told to."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str | None]


class Mailbox:
    """What came, in the order in which it came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._came: list[tuple[str, bytes]] = []
        self.says: Answer = lambda _: None
        """What the server says to a recipient instead of taking mail for them, such as "550 No such user"."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        no = self.says(address)
        if no is None:
            envelope.rcpt_tos.append(address)
        return no or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.original_content or b""
        with self._lock:
            self._came += [(address, content) for address in envelope.rcpt_tos]
        return "250 Taken"

    def mails(self, address: str | None = None) -> list[EmailMessage]:
        """Return the mails that came, for one address or for all."""
        with self._lock:
            came = [content for to, content in self._came if address in {None, to}]
        return [_parsed(content) for content in came]

    def ids(self) -> list[str]:
        """Return the Message-ID of every mail that came."""
        with self._lock:
            came = [content for _, content in self._came]
        heads = BytesHeaderParser()  # a hundred thousand mails are not read to their end for this
        return [str(heads.parsebytes(content)["Message-ID"]) for content in came]


def _parsed(content: bytes) -> EmailMessage:
    message: Any = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, str]]:
    """Run a mail server; yields what it keeps, and its address as a setting."""
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, f"smtp+plain://127.0.0.1:{port}"
    finally:
        controller.stop()
