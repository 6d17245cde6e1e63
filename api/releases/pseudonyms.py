"""Derive pseudonyms that are stable within one scope and unlinkable across scopes."""

import hmac
from base64 import b32encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import numpy as np
import polars as pl
from numpy.typing import NDArray

from api.releases.models import Release
from schemas.disclosure import Tier

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
"""What pseudonyms are made of, in the order in which text sorts."""
_DIGITS = 16
_BASE32 = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
_LABEL = b"daybook release pseudonym v1"


def pseudonym(key: bytes, identifier: str) -> str:
    """Return 16 lower-case base32 characters: the first 80 bits of HMAC-SHA-256(key, identifier in UTF-8).

    Two of n identifiers share a pseudonym with a probability near n**2 / 2**81. A key under 16 bytes or an
    empty identifier is refused with ValueError. Sources: RFC 2104, RFC 4648 (section 6).
    """
    if len(key) < 16:
        raise ValueError("A pseudonym key has at least 16 bytes.")
    if not identifier:
        raise ValueError("There is no pseudonym for an empty identifier.")
    digest = hmac.digest(key, identifier.encode(), "sha256")
    return b32encode(digest[: _DIGITS * 5 // 8]).decode("ascii").lower()


def pseudonyms(key: bytes, identifiers: Iterable[str]) -> NDArray[np.bytes_]:
    """Return the pseudonyms of many identifiers, as 16 ASCII bytes each: what `pseudonym` returns, quicker."""
    keyed = hmac.new(key, digestmod="sha256")  # a copy of it is quicker than another
    digests = b"".join([_digest(keyed, one)[:10] for one in identifiers])
    bits = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(-1, _DIGITS, 5)
    letters = _BASE32[np.packbits(bits, axis=2)[:, :, 0] >> 3]
    return np.frombuffer(letters.tobytes(), dtype=f"S{_DIGITS}")


def _digest(keyed: hmac.HMAC, identifier: str) -> bytes:
    mine = keyed.copy()
    mine.update(identifier.encode())
    return mine.digest()


def scope_key(master: bytes, study: str, recipient: str, purpose: str) -> bytes:
    """Return the 32-byte key of one scope: HMAC-SHA-256 over the length-prefixed parts.

    Each part is written as its length in bytes (8 bytes, big-endian) and its UTF-8 text, so no two different
    triples make one message. A master key under 32 bytes is refused with ValueError.
    """
    if len(master) < 32:
        raise ValueError("A master key has at least 32 bytes.")
    message = hmac.new(master, digestmod=sha256)
    for part in (_LABEL, study.encode(), recipient.encode(), purpose.encode()):
        message.update(len(part).to_bytes(8, "big") + part)
    return message.digest()


def pseudonym_scope(release: Release) -> tuple[str, str]:
    """Return the recipient and purpose within which a release's people keep their pseudonyms.

    Of the open tier it is the release alone: no recipient is empty, so no other release has the same scope.
    """
    if release.tier == Tier.OPEN:
        return "", release.seed
    return release.recipient, release.purpose


@dataclass(frozen=True)
class Scope:
    """The keys of a release's pseudonyms: of people per recipient and purpose, of entries per release."""

    participant_key: bytes
    entry_key: bytes

    def participants(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the pseudonyms of participants, in the order in which they are given."""
        made = pseudonyms(self.participant_key, map(str, ids)).astype(str).tolist()
        return dict(zip(ids, made, strict=True))

    def entries(self, ids: pl.Series) -> pl.Series:
        """Return the pseudonyms of entries or prompts: their own ids tell when they were made; null has none."""
        given = ids.drop_nulls()
        made = pl.Series(pseudonyms(self.entry_key, given).astype(str), dtype=pl.String)
        if len(given) < len(ids):
            places = (ids.is_not_null().cum_sum() - 1).cast(pl.Int64)
            made = made.gather(pl.select(pl.when(ids.is_not_null()).then(places)).to_series())
        return made.alias(ids.name)
