"""Notes outside the database what a restore must not undo: who withdrew, what was deleted, what was revoked.

A line is on the disk before its transaction commits. If it cannot be written, nothing is done and the caller is told to
try again; if the commit fails after it, a restore does what was asked for and not confirmed. So no acknowledged
withdrawal is ever missing (docs/decisions/0014-the-ledger-of-withdrawals.md).

A line is JSON, the hash of all lines up to it, and an HMAC of that hash: a line that was changed, taken away or put in
is found. Lines hold pseudonymous ids, codes and times only. Every process appends to the same file.
"""

import fcntl
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection
from sqlmodel import Session

from api.core import clock, crypto
from api.core.config import Settings
from api.core.logging import log
from api.core.problems import Unavailable

OPTION = "ledger"
MARK = "backup.made"
_START = "0" * 64
_LONGEST = 4096


class LedgerBroken(Exception):
    """A ledger that cannot be followed; the sentence says why."""


@dataclass(frozen=True)
class Line:
    """One thing that a restore does again."""

    at: datetime
    kind: str
    ids: dict[str, str]

    def id(self, name: str) -> UUID:
        """Return one of the ids."""
        return UUID(self.ids[name])


Redo = Callable[[Session, Line], bool]
_redoers: dict[str, Redo] = {MARK: lambda _session, _line: False}


def redoes(kind: str) -> Callable[[Redo], Redo]:
    """Register how a restore does one kind of line again; it says whether that changed anything."""

    def register(redo: Redo) -> Redo:
        _redoers[kind] = redo
        return redo

    return register


def redo(session: Session, lines: Iterable[Line]) -> Counter[str]:
    """Do everything again that a restored database does not know; return what that changed, counted by kind."""
    changed: Counter[str] = Counter()
    for line in lines:
        if line.kind not in _redoers:
            raise LedgerBroken("The ledger was written by a newer version of Daybook. Upgrade first.")
        changed[line.kind] += _redoers[line.kind](session, line)
        session.flush()
    return +changed


def note(transaction: Connection | Session, kind: str, *several: Mapping[str, object]) -> None:
    """Note what this transaction does; to be called last, for what is noted stays noted if it rolls back."""
    if isinstance(transaction, Session):
        transaction.flush()
    connection = transaction.connection() if isinstance(transaction, Session) else transaction
    ledger: Ledger | None = connection.get_execution_options()[OPTION]
    if ledger is not None:  # None while a restore does again what is noted already
        now = clock.now()
        ledger.append([Line(now, kind, {name: str(one) for name, one in ids.items()}) for ids in several])


class Ledger:
    """An append-only file, shared by every process of a service."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.ledger_path
        self._keys = [
            crypto.derive(key, "ledger") for key in (settings.master_keys.current, *settings.master_keys.old)
        ]

    def append(self, lines: Sequence[Line]) -> str:
        """Put lines on the disk; return the hash of the last."""
        try:
            with self._locked() as handle:
                return self._write(handle, lines)
        except (OSError, LedgerBroken) as error:
            log().error("ledger not written", error=type(error).__name__)
            raise Unavailable from error

    def mark(self) -> str:
        """Note that a backup begins; return the hash by which it knows this ledger again."""
        return self.append([Line(clock.now(), MARK, {})])

    def lines(self, mark: str) -> Iterator[Line]:
        """Yield every line, or raise LedgerBroken: up to the mark the hash speaks for them, after it the key does."""
        if not self.path.exists():
            raise LedgerBroken(f"There is no ledger at {self.path}.")
        previous, found = _START, False
        with self.path.open("rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    break  # the machine stopped while it was written: its transaction was never stored
                text, line_hash, code = _parts(raw)
                previous = _chained(previous, text)
                if previous != line_hash or (found and code not in self._codes(line_hash)):
                    raise LedgerBroken(
                        f"The ledger at {self.path} was changed: its lines do not follow one another."
                    )
                found = found or line_hash == mark
                yield _line(text)
        if not found:
            raise LedgerBroken(f"The ledger at {self.path} is not the one of this backup, or it is older.")

    def _write(self, handle: int, lines: Sequence[Line]) -> str:
        size, last = _tail(handle)
        text = b""
        for line in lines:
            payload = json.dumps({"at": line.at.isoformat(), "kind": line.kind} | line.ids).encode()
            last = _chained(last, payload)
            text += b"\t".join([payload, last.encode(), self._codes(last)[0].encode()]) + b"\n"
        os.ftruncate(handle, size)  # what a machine that stopped left half written
        try:
            written = os.pwrite(handle, text, size)
            if written < len(text):
                raise OSError("The disk is full.")
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
        return last

    @contextmanager
    def _locked(self) -> Iterator[int]:
        new = not self.path.exists()
        if new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if new:
                _sync(self.path.parent)
            yield handle
        finally:
            os.close(handle)

    def _codes(self, line_hash: str) -> list[str]:
        return [crypto.authenticate(key, line_hash) for key in self._keys]


def _tail(handle: int) -> tuple[int, str]:
    """Return where the whole lines end, and the hash of the last."""
    size = os.fstat(handle).st_size
    end = os.pread(handle, _LONGEST, max(size - _LONGEST, 0))
    whole = end[: end.rfind(b"\n") + 1]
    last = whole[:-1].rpartition(b"\n")[2]
    return size - len(end) + len(whole), _parts(last + b"\n")[1] if last else _START


def _parts(raw: bytes) -> tuple[bytes, str, str]:
    try:
        text, line_hash, code = raw.rstrip(b"\n").split(b"\t")
        return text, line_hash.decode("ascii"), code.decode("ascii")
    except ValueError:
        raise LedgerBroken("The ledger holds something that is not a line of it.") from None


def _line(text: bytes) -> Line:
    try:
        ids = json.loads(text)
        return Line(datetime.fromisoformat(ids.pop("at")), ids.pop("kind"), ids)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LedgerBroken("The ledger holds something that is not a line of it.") from None


def _chained(previous: str, text: bytes) -> str:
    return crypto.content_hash(previous.encode() + text)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
