"""Reminders by web push (RFC 8030), encrypted for the browser (RFC 8291), also in the declarative form."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from api.core import clock, crypto, outbound
from api.core.config import Settings
from api.core.db import transaction
from api.prompts import endpoints, push_keys
from api.prompts.channels.base import Address, Channel, Fate, HandingOver, Line, Means, Outcome, Reminder
from api.prompts.words import words_for
from schemas.reminders import ChannelName

_SECONDS = 10.0
_LONGEST = 28 * 86_400  # seconds for which push services keep a message
_GONE = {404, 410}


class _End(StrEnum):
    """What became of a message to one device; the first that holds for any of them is the reminder's fate."""

    SENT = "sent"
    UNKNOWN = "unknown"
    LATER = "later"
    REFUSED = "refused"
    DEAD = "dead"


@dataclass(frozen=True)
class _Result:
    end: _End
    code: int | None = None
    address: UUID | None = None


class PushChannel(Channel):
    """Pushes a neutral notification to each of a participant's devices."""

    name = ChannelName.PUSH

    def is_offered(self, settings: Settings) -> bool:
        """Say whether the operator gave the contact that push services ask for."""
        return bool(settings.push_contact)

    @contextmanager
    def open(self, means: Means) -> Iterator[Line]:
        """Load the key; each message has a connection of its own."""
        with transaction(means.engine) as session:
            key = push_keys.private_key(session, means.settings)
        yield PushLine(means.settings, key)


class PushLine(Line):
    """Pushes to one participant's devices after the other."""

    def __init__(self, settings: Settings, key: ec.EllipticCurvePrivateKey) -> None:
        self._settings, self._key = settings, key

    def send(self, reminder: Reminder, to: Sequence[Address], handing_over: HandingOver) -> Outcome:
        """Push to every device; once one has it, none of them is tried again."""
        once = _Once(handing_over)
        try:
            results = [self._push(reminder, address, once) for address in to]
        except outbound.NotSent:
            return Outcome(Fate.LATER)
        dead = tuple(one.address for one in results if one.end is _End.DEAD and one.address)
        for end in _End:
            for one in results:
                if one.end is end:
                    fate = Fate.REFUSED if end is _End.DEAD else Fate(end.value)
                    return Outcome(fate, one.code, dead)
        return Outcome(Fate.REFUSED)

    def _push(self, reminder: Reminder, address: Address, once: "_Once") -> _Result:
        subscription = json.loads(address.value)
        endpoint = subscription["endpoint"]
        if not endpoints.is_allowed(self._settings, endpoint):
            return _Result(_End.REFUSED, None, address.id)  # the operator has taken its host off the list
        try:
            url, host = endpoints.resolved(self._settings, endpoint)
            answer = outbound.ask(
                "POST",
                url,
                seconds=_SECONDS,
                before_sending=once,
                content=_encrypted(reminder, subscription),
                headers=self._headers(reminder, endpoint),
                extensions={"sni_hostname": host},
            )
        except outbound.NotAnswered as silence:
            return _Result(_End.UNKNOWN if silence.was_sent else _End.LATER, None, address.id)
        return _Result(_end(answer.status), answer.status, address.id)

    def _headers(self, reminder: Reminder, endpoint: str) -> dict[str, str]:
        parts = urlsplit(endpoint)
        left = int((reminder.expires_at - clock.now()).total_seconds())
        return {
            "Host": parts.netloc,
            "Authorization": push_keys.authorization(
                self._key, f"{parts.scheme}://{parts.netloc}", self._settings.push_contact
            ),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(min(max(left, 0), _LONGEST)),
            "Urgency": "normal",
            "Topic": crypto.opaque(sha256(reminder.prompt_id.bytes).digest()[:24]),  # a repetition replaces
        }


class _Once:
    """Hands over before the first device's message; what it said holds for the others."""

    def __init__(self, handing_over: HandingOver) -> None:
        self._handing_over = handing_over
        self._said: bool | None = None

    def __call__(self) -> bool:
        if self._said is None:
            self._said = self._handing_over()
        return self._said


def _end(status: int) -> _End:
    if 200 <= status < 300:
        return _End.SENT
    if status in _GONE:
        return _End.DEAD
    # A topic lets the repetition replace the message, had the service kept it after all.
    return _End.LATER if status == 429 or status >= 500 else _End.REFUSED


def _encrypted(reminder: Reminder, subscription: dict[str, str]) -> bytes:
    words = words_for(reminder.language)
    notification = {
        "title": words.diary,
        "body": words.push,
        "lang": words.language,
        "tag": str(reminder.prompt_id),
        "navigate": reminder.url,
    }
    message = {"web_push": 8030, "notification": notification}  # WebKit shows this without a service worker
    encrypted: bytes = http_ece.encrypt(
        json.dumps(message, ensure_ascii=False).encode(),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=push_keys.unwritten(subscription["p256dh"]),
        auth_secret=push_keys.unwritten(subscription["auth"]),
        version="aes128gcm",
    )
    return encrypted
