"""Refuses settings by which nobody could be reached: mail, SMS and push that would fail at the first reminder."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from api.core.config import Settings

_MAIL = {"smtp", "smtps", "smtp+plain"}
_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*")
_CONTACT = re.compile(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+|https://[a-z0-9.-]+(/\S*)?", re.IGNORECASE)


def wrong_reaching(settings: "Settings") -> Iterator[str]:
    """Yield a sentence for each setting that an operator must mend; it never holds what was set."""
    yield from _wrong_mail(settings)
    sms = settings.sms_url.get_secret_value()
    if sms and not _is_address(sms, {"http", "https"}):
        yield "Set DAYBOOK_SMS_URL to the address of your SMS gateway, such as https://sms.example.org/send."
    elif sms.startswith("http:") and settings.environment == "production":
        yield "Set DAYBOOK_SMS_URL to an https:// address."
    if settings.push_contact and not _CONTACT.fullmatch(settings.push_contact):
        yield "Set DAYBOOK_PUSH_CONTACT to a mailto: or https: address at which push services reach you."
    if not all(_HOST.fullmatch(host) for host in settings.push_hosts):
        yield "Set DAYBOOK_PUSH_HOSTS to host names such as push.example.org or *.push.example.org."


def _wrong_mail(settings: "Settings") -> Iterator[str]:
    url = settings.mail_url.get_secret_value()
    if url and not _is_address(url, _MAIL):
        yield "Set DAYBOOK_MAIL_URL to smtp://user:password@host, smtps://... or smtp+plain://host."
    elif url.startswith("smtp+plain:") and "@" in url and settings.environment == "production":
        yield "Set DAYBOOK_MAIL_URL to smtp:// or smtps://: a password must not travel in the clear."
    if url and not settings.mail_from:
        yield "Set DAYBOOK_MAIL_FROM to the address that reminders come from."
    if settings.mail_from and not _is_sender(settings.mail_from):
        yield 'Set DAYBOOK_MAIL_FROM to one address, such as "Diary <diary@example.org>".'


def _is_address(url: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_sender(sender: str) -> bool:
    message = EmailMessage()
    try:
        message["From"] = sender
    except ValueError:
        return False
    found = message["From"].addresses
    return (
        len(found) == 1
        and not message["From"].defects
        and "." in found[0].domain
        and found[0].addr_spec.isascii()
    )
