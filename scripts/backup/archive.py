"""What is inside the encrypted file: named members of any length, one after the other."""

from collections.abc import Iterator
from typing import Protocol

from api.core.storage import Readable
from scripts.backup.refusals import NotDone

_PIECE = 1 << 16


class Sink(Protocol):
    """Something that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


def add(out: Sink, name: str, source: Readable) -> None:
    """Write one member: its name, then blocks with their lengths, then an empty block."""
    out.write(len(name.encode()).to_bytes(2, "big") + name.encode())
    for piece in pieces(source):
        out.write(len(piece).to_bytes(4, "big") + piece)
    out.write(bytes(4))


def members(stream: Readable) -> Iterator[tuple[str, "Member"]]:
    """Yield each member's name and content; what was left unread is passed over."""
    while start := stream.read(1):
        size = int.from_bytes(start + _exactly(stream, 1), "big")
        member = Member(stream)
        yield _exactly(stream, size).decode(), member
        for _ in pieces(member):
            pass


class Member:
    """Reads one member of a stream."""

    def __init__(self, stream: Readable) -> None:
        self._stream, self._left, self._ended = stream, 0, False

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes; b"" at the member's end."""
        if not self._left and not self._ended:
            self._left = int.from_bytes(_exactly(self._stream, 4), "big")
            self._ended = not self._left
        found = self._stream.read(min(count, self._left))
        if self._left and not found:
            raise NotDone("The backup ends in the middle of a member.")
        self._left -= len(found)
        return found


def pieces(source: Readable) -> Iterator[bytes]:
    """Yield everything that a source has, in pieces of bounded size."""
    while piece := source.read(_PIECE):
        yield piece


def _exactly(stream: Readable, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = stream.read(count - len(found))
        if not piece:
            raise NotDone("The backup ends in the middle of a member.")
        found += piece
    return found
