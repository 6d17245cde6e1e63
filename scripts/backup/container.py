"""The encrypted file: a readable header, then chunks of AES-256-GCM that cannot be cut, moved, changed or extended.

The construction is STREAM: the nonce is the chunk's number and whether it is the last; every chunk authenticates the
header too. The key comes from the passphrase by scrypt with a salt of its own, so no key is ever used twice.
"""

import json
import secrets
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from scripts.backup.refusals import NotDone

MAGIC = b"DAYBOOK BACKUP\n"
FORMAT = 1
CHUNK = 1 << 18
WORK = 1 << 17  # of scrypt: 128 MB and about half a second for each guess
_MOST_WORK = 1 << 20
_MOST_HEADER = 1 << 16
_TAG = 16
_CHECK = (1 << 88) - 1  # the number of the empty chunk that tells a wrong passphrase from a damaged file

_DAMAGED = "The backup is damaged: it was cut short, changed or extended. Use another copy."


class Writer:
    """Encrypts what is written to it; memory does not grow with the size."""

    def __init__(self, file: BinaryIO, passphrase: str, facts: dict[str, Any], work: int = WORK) -> None:
        salt = secrets.token_bytes(16)
        header = json.dumps(facts | {"format": FORMAT, "salt": salt.hex(), "work": work}, sort_keys=True)
        self._header = MAGIC + len(header.encode()).to_bytes(4, "big") + header.encode()
        self.cipher = _cipher(passphrase, salt, work)
        self._file, self._buffer, self._number = file, bytearray(), 0
        self._file.write(self._header)
        self._file.write(self.cipher.encrypt(_nonce(_CHECK, last=False), b"", self._header))

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._buffer += data
        while (
            len(self._buffer) > CHUNK
        ):  # the last chunk is kept back: only `finish` knows that it is the last
            self._seal(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]

    def finish(self) -> None:
        """Write the last chunk: without it the file counts as cut short."""
        self._seal(bytes(self._buffer), last=True)

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self.cipher.encrypt(_nonce(self._number, last=last), plain, self._header))
        self._number += 1


class Reader:
    """Decrypts a backup from its beginning; bytes are given out only after their chunk was verified."""

    def __init__(self, file: BinaryIO, key: str | AESGCM) -> None:
        self._file = file
        self._header, self.facts = _header(file)
        self._cipher = key if isinstance(key, AESGCM) else _key(key, self.facts)
        try:
            self._cipher.decrypt(_nonce(_CHECK, last=False), file.read(_TAG), self._header)
        except (InvalidTag, ValueError):
            raise NotDone(
                "The passphrase does not open this backup, or its first lines were changed."
            ) from None
        self.rewind()

    def rewind(self) -> None:
        """Begin again at the first chunk."""
        self._file.seek(len(self._header) + _TAG)
        self._number, self._buffer = 0, b""
        self._waiting = self._file.read(CHUNK + _TAG)
        if not self._waiting:
            raise NotDone(_DAMAGED)

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes; b"" at the verified end."""
        if not self._buffer and self._waiting:
            self._open()
        found, self._buffer = self._buffer[:count], self._buffer[count:]
        return found

    def _open(self) -> None:
        block, self._waiting = self._waiting, self._file.read(CHUNK + _TAG)
        try:
            nonce = _nonce(self._number, last=not self._waiting)
            self._buffer = self._cipher.decrypt(nonce, block, self._header)
        except (InvalidTag, ValueError):
            raise NotDone(_DAMAGED) from None
        self._number += 1


def _header(file: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    start = file.read(len(MAGIC) + 4)
    if start[: len(MAGIC)] != MAGIC:
        raise NotDone("This file is not a Daybook backup.")
    size = int.from_bytes(start[len(MAGIC) :], "big")
    text = file.read(min(size, _MOST_HEADER))
    try:
        facts = json.loads(text)
        if facts["format"] != FORMAT:
            raise NotDone(
                "This backup was made by another version of Daybook, in a format that is not known here."
            )
        sound = len(bytes.fromhex(facts["salt"])) == 16 and 1 < facts["work"] <= _MOST_WORK
    except (ValueError, KeyError, TypeError):
        raise NotDone(_DAMAGED) from None
    if not sound:
        raise NotDone(_DAMAGED)
    return start + text, facts


def _key(passphrase: str, facts: dict[str, Any]) -> AESGCM:
    return _cipher(passphrase, bytes.fromhex(facts["salt"]), facts["work"])


def _cipher(passphrase: str, salt: bytes, work: int) -> AESGCM:
    try:
        return AESGCM(Scrypt(salt=salt, length=32, n=work, r=8, p=1).derive(passphrase.encode()))
    except (ValueError, TypeError):  # a work factor that is no power of two
        raise NotDone(_DAMAGED) from None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
