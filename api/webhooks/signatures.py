"""Proves that a post comes from a tool that knows a secret: total functions that return a reason, never raise."""

import hmac
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from api.core.clock import now

_TOLERANCE = 300  # seconds
_MOST = 20
_SECONDS = re.compile(r"[0-9]{1,11}")


class Refusal(StrEnum):
    """Why a post is not proven."""

    NO_SECRET = "no_secret"  # noqa: S105 - a reason, not a password
    OTHER_PROOF = "other_proof"
    MISSING = "proof_missing"
    MALFORMED = "proof_malformed"
    WRONG = "proof_wrong"
    EXPIRED = "proof_expired"


def signature(
    given: Iterable[bytes | None], secrets: Sequence[str], algorithm: str, message: bytes
) -> Refusal | None:
    """Judge signatures (decoded; None is one that could not be) by every live secret, used as UTF-8."""
    return _judge(given, [_bytes(secret) for secret in secrets], algorithm, message)


def standard_webhooks(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Refusal | None:
    """Judge a post by the scheme of standardwebhooks.com: 300 seconds, several signatures in one header."""
    try:
        name, seconds = headers["webhook-id"], headers["webhook-timestamp"]
        signatures = headers["webhook-signature"].split(" ", _MOST)[:_MOST]
    except KeyError:
        return Refusal.MISSING if secrets else Refusal.NO_SECRET
    if not _SECONDS.fullmatch(seconds):
        return Refusal.MALFORMED
    if abs(now().timestamp() - int(seconds)) > _TOLERANCE:
        return Refusal.EXPIRED
    given = [base64(one.removeprefix("v1,")) for one in signatures if one.startswith("v1,")]
    coded = [secret.removeprefix("whsec_").rstrip("=") for secret in secrets]
    keys = [
        key for one in coded if (key := base64(one + "=" * (-len(one) % 4)))
    ]  # some leave out the padding
    return _judge(given or [None], keys, "sha256", _bytes(f"{name}.{seconds}.") + body)


def same(given: str | None, secrets: Sequence[str]) -> Refusal | None:
    """Judge a key that is sent as it is."""
    if not any(secrets):
        return Refusal.NO_SECRET
    if not given:
        return Refusal.MISSING
    known = [hmac.compare_digest(_bytes(given), _bytes(secret)) for secret in secrets if secret]
    return None if any(known) else Refusal.WRONG


def basic(header: str | None, secrets: Sequence[str]) -> Refusal | None:
    """Judge a name and password; a secret without a colon is the password of whatever name."""
    if not any(secrets):
        return Refusal.NO_SECRET
    if not header:
        return Refusal.MISSING
    scheme, _, coded = header.partition(" ")
    pair = base64(coded.strip())
    if scheme.lower() != "basic" or pair is None:
        return Refusal.MALFORMED
    password = pair.partition(b":")[2]
    known = [
        hmac.compare_digest(pair if ":" in secret else password, _bytes(secret))
        for secret in secrets
        if secret
    ]
    return None if any(known) else Refusal.WRONG


def base64(coded: str) -> bytes | None:
    """Decode base64 as its standard has it, or return None."""
    try:
        return b64decode(coded, validate=True)
    except ValueError:
        return None


def hexadecimal(coded: str) -> bytes | None:
    """Decode hexadecimal digits, or return None."""
    try:
        return bytes.fromhex(coded)
    except ValueError:
        return None


def _judge(
    given: Iterable[bytes | None], keys: Sequence[bytes], algorithm: str, message: bytes
) -> Refusal | None:
    signatures = [one for one in given if one]
    if not any(keys):
        return Refusal.NO_SECRET
    if not signatures:
        return Refusal.MALFORMED
    expected = [hmac.new(key, message, algorithm).digest() for key in keys if key]
    known = [hmac.compare_digest(one, right) for right in expected for one in signatures]
    return None if any(known) else Refusal.WRONG


def _bytes(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")
