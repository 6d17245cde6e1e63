"""All hashing, signing, encryption and tokens."""

import base64
import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.core import clock
from api.core.ids import new_id

ISSUER = "daybook"
ALGORITHM = "HS256"
CLOCK_SKEW = 30
"""Seconds by which the clocks of two machines of ours may differ: a token may begin so late and end so early."""
_LONGEST_TOKEN = 2_000
_REQUIRED = ["exp", "iat", "sub", "aud", "iss", "jti"]
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class BadToken(Exception):
    """A signed token that is wrong, expired or meant for something else."""


class KeyDestroyed(Exception):
    """A cipher text that no key opens any more."""


@dataclass(frozen=True)
class MasterKeys:
    """The keys that wrap data keys: the current one wraps and opens, old ones only open, until all is re-wrapped."""

    current: str = field(repr=False)
    old: tuple[str, ...] = field(default=(), repr=False)


def new_secret(prefix: str) -> str:
    """Return a random secret of 256 bits, with a prefix that scanners of leaked secrets can find."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def new_signing_secret() -> str:
    """Return a random key of 256 bits for signatures, as Standard Webhooks writes one: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def new_successor(family: str) -> str:
    """Return the next secret of a family, with 256 random bits of its own: `family.rest`."""
    return f"{family}.{secrets.token_urlsafe(32)}"


def new_code(groups: int = 3) -> str:
    """Return a code that a person can type, of 19 bits for each group: XXXX-XXXX-XXXX."""
    return "-".join("".join(secrets.choice(_CODE_LETTERS) for _ in range(4)) for _ in range(groups))


def normalise_code(code: str) -> str:
    """Forgive what people do to a code: case, spaces and missing dashes."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def digest(secret: str) -> str:
    """Return the SHA-256 of a high-entropy secret, as stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(expected: str, found: str) -> bool:
    """Say whether two texts are the same, in a time that tells nothing of the first."""
    return hmac.compare_digest(expected.encode(), found.encode())


def is_digest(stored: str, secret: str) -> bool:
    """Say whether a stored digest is a secret's, in a time that tells nothing."""
    return same(stored, digest(secret))


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of stored content, in hex."""
    return hashlib.sha256(content).hexdigest()


def authenticate(key: bytes, text: str) -> str:
    """Return the HMAC-SHA-256 of a text, in hex."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def derive(master: str, *parts: str) -> bytes:
    """Derive a 256-bit key for one purpose from a master key (HMAC-SHA-256, length-prefixed parts)."""
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(master.encode(), message, hashlib.sha256).digest()


def mark(key: bytes, content: str) -> str:
    """Return the HMAC-SHA-256 of a content, in hex: only who holds the key can make it."""
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def is_mark(key: bytes, content: str, found: str) -> bool:
    """Say whether a mark is the one that the holder of the key would make."""
    return hmac.compare_digest(mark(key, content).encode(), found.encode())


def sign(key: str, kind: str, subject: UUID, minutes: int, **claims: str) -> str:
    """Return a short-lived signed token of one kind."""
    at = clock.now()
    payload = {
        "iss": ISSUER,
        "aud": kind,
        "typ": kind,
        "sub": str(subject),
        "jti": str(new_id()),
        "iat": at,
        "exp": at + timedelta(minutes=minutes),
        **claims,
    }
    ((kid, secret),) = _signing((key,), kind).items()
    return jwt.encode(payload, secret, algorithm=ALGORITHM, headers={"typ": f"{kind}+jwt", "kid": kid})


def verify(keys: tuple[str, ...], kind: str, token: str) -> dict[str, Any]:
    """Return the claims of a token that one of the keys has signed, or raise BadToken."""
    if len(token) > _LONGEST_TOKEN:
        raise BadToken
    try:
        header = jwt.get_unverified_header(token)
        secret = _signing(keys, kind).get(header.get("kid", ""))
        # Our own headers and no other: `crit`, `jwk`, `jku`, `x5u` and what comes after them have no say here.
        if secret is None or header.keys() != {"alg", "typ", "kid"} or header["typ"] != f"{kind}+jwt":
            raise BadToken
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=kind,
            issuer=ISSUER,
            leeway=CLOCK_SKEW,
            options={"require": _REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise BadToken from error
    if claims.get("typ") != kind:
        raise BadToken
    return claims


@lru_cache(maxsize=64)
def _signing(keys: tuple[str, ...], kind: str) -> Mapping[str, bytes]:
    """Return what signs tokens of one kind, by the short digest of a key that a token names it by."""
    return {derive(key, "kid").hex()[:16]: derive(key, "jwt", kind) for key in keys}


def seal_under(secret: str, text: str) -> bytes:
    """Encrypt a text so that only who knows a high-entropy secret can read it."""
    return _seal(derive(secret, "seal"), text.encode())


def open_under(secret: str, sealed: bytes) -> str:
    """Decrypt what was sealed under a secret, or raise KeyDestroyed."""
    return _open(derive(secret, "seal"), sealed).decode()


def new_wrapped_key(keys: MasterKeys) -> bytes:
    """Return a new 256-bit data key, encrypted under the current master key."""
    return _seal(_wrapping(keys.current), AESGCM.generate_key(256))


def open_key(keys: MasterKeys, wrapped_key: bytes | None) -> bytes:
    """Return a data key, whichever master key it is wrapped under, or raise KeyDestroyed."""
    if wrapped_key is not None:
        for master in (keys.current, *keys.old):  # a key that is not the right one opens nothing
            with contextlib.suppress(KeyDestroyed):
                return _open(_wrapping(master), wrapped_key)
    raise KeyDestroyed


def rewrap(keys: MasterKeys, wrapped_key: bytes) -> bytes:
    """Return a data key wrapped under the current master key: as it is if it already was, or raise KeyDestroyed."""
    try:
        _open(_wrapping(keys.current), wrapped_key)
    except KeyDestroyed:
        return _seal(_wrapping(keys.current), open_key(keys, wrapped_key))
    return wrapped_key


def encrypt(keys: MasterKeys, wrapped_key: bytes, text: str) -> bytes:
    """Encrypt a text under a wrapped data key."""
    return _seal(open_key(keys, wrapped_key), text.encode())


def decrypt(keys: MasterKeys, wrapped_key: bytes | None, sealed: bytes) -> str:
    """Decrypt a text, or raise KeyDestroyed."""
    return _open(open_key(keys, wrapped_key), sealed).decode()


def opaque(value: bytes) -> str:
    """Return bytes as URL-safe text without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _wrapping(master: str) -> bytes:
    return derive(master, "wrap")


def _seal(key: bytes, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def _open(key: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], None)
    except (InvalidTag, ValueError) as error:
        raise KeyDestroyed from error
