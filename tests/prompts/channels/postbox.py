"""A mail server of a test's own: takes mail, refuses it, puts it off, or dies with it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

TAKEN = "250 OK"
DIES = ""


@dataclass
class Postbox:
    """What a mail server got, and how it answers next."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    to_sender: str = TAKEN
    to_recipient: str = TAKEN
    to_content: str = TAKEN
    logged_in: list[str] = field(default_factory=list)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.senders.append(address)
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.recipients.append(address)
        if self.to_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.to_content in {TAKEN, DIES}:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.to_content == DIES:
            server.transport.abort()
        return self.to_content or TAKEN

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logged_in.append(f"{data.login.decode()}:{data.password.decode()}")
        return AuthResult(success=data.password == b"right")


class _Listening(Controller):
    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]  # the one that was free
        super()._trigger_server()  # type: ignore[no-untyped-call] # aiosmtpd has types in some places only


@contextmanager
def opened(box: Postbox, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Let a postbox listen; give its host and port."""
    controller = _Listening(
        box,
        hostname="127.0.0.1",
        port=0,
        tls_context=tls,
        require_starttls=tls is not None,
        authenticator=box.authenticate,
        auth_require_tls=tls is not None,
        ready_timeout=30,
    )
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()
