"""Reminders by SMS, through the operator's HTTP gateway."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import phonenumbers

from api.core import outbound
from api.core.config import Settings
from api.core.logging import log
from api.prompts.channels.base import Address, Channel, Fate, HandingOver, Line, Means, Outcome, Reminder
from api.prompts.words import words_for
from schemas.reminders import ChannelName

_SECONDS = 10.0
_HOME = "GB"  # where a number without a country code is dialled
_LONGEST = 160
_TWICE = "^{}\\[~]|€"  # letters of the GSM alphabet that take the place of two
_NOT_THE_NUMBERS_FAULT = {401, 403, 407, 408, 425, 429, 503}
"""Answers by which a gateway says that it has done nothing, for a reason that has nothing to do with this message."""


class SmsChannel(Channel):
    """Texts a neutral reminder."""

    name = ChannelName.SMS

    def is_offered(self, settings: Settings) -> bool:
        """Say whether there is a gateway."""
        return bool(settings.sms_url.get_secret_value())

    @contextmanager
    def open(self, means: Means) -> Iterator[Line]:
        """Return a line; each message has a connection of its own."""
        yield SmsLine(means.settings)


class SmsLine(Line):
    """Posts {to, text, id} to the gateway; `id` is the same if a message is ever posted again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, reminder: Reminder, to: Sequence[Address], handing_over: HandingOver) -> Outcome:
        """Text one reminder."""
        number = e164(to[0].value)
        if number is None:
            return Outcome(Fate.REFUSED)
        message = {"to": number, "text": text(reminder), "id": str(reminder.sending_id)}
        token = self._settings.sms_token.get_secret_value()
        try:
            answer = outbound.ask(
                "POST",
                self._settings.sms_url.get_secret_value(),
                seconds=_SECONDS,
                before_sending=handing_over,
                json=message,
                headers={"Authorization": f"Bearer {token}"} if token else {},
            )
        except outbound.NotSent:
            return Outcome(Fate.LATER)
        except outbound.NotAnswered as silence:
            return Outcome(Fate.UNKNOWN if silence.was_sent else Fate.LATER)
        return Outcome(_fate(answer.status), answer.status)


def e164(number: str) -> str | None:
    """Return a number as gateways take it, +442079460000, or None if nobody can have it."""
    try:
        found = phonenumbers.parse(number, _HOME)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(found) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None  # too short, too long, or without its area
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def text(reminder: Reminder) -> str:
    """Return what is texted: one message of the GSM alphabet, without the link where that is too long for it."""
    words = words_for(reminder.language).sms
    whole = f"{words} {reminder.url}"
    return whole if len(whole) + sum(map(whole.count, _TWICE)) <= _LONGEST else words.rstrip(":") + "."


def _fate(status: int) -> Fate:
    if 200 <= status < 300:
        return Fate.SENT
    if status in _NOT_THE_NUMBERS_FAULT:
        log().warning("SMS gateway not ready", status=status)
        return Fate.LATER
    # It failed in the middle: whether it had passed the message on, nobody knows, and nothing is sent twice.
    return Fate.UNKNOWN if status >= 500 else Fate.REFUSED
