"""What both kinds of database share: a snapshot, a folder to work in, and who else is at it."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlmodel import Session

from api.core.config import Settings
from api.core.storage import Readable
from scripts.backup.refusals import NotDone

IN_USE = "The database is in use. Stop the service and its workers, then try again."
NOT_EMPTY = (
    "The database holds data. Name another one, or say --replace: what it holds is then gone for good."
)
BUSY = "Another backup or restore is running."


@dataclass(frozen=True)
class Snapshot:
    """A database as it was at one moment: for questions, and as a stream of bytes."""

    session: Session
    stream: Callable[[], AbstractContextManager[Readable]]


class Target(Protocol):
    """A database that a restore replaces: claimed, staged beside, switched, released, in this order."""

    def claim(self, *, replace: bool) -> None:
        """Refuse a target that is in use, or holds rows and may not be replaced."""

    def stage(self, source: Readable) -> Settings:
        """Write the backup's database beside the target; return settings that open it."""

    def switch(self) -> None:
        """Put the staged database in the target's place, all at once."""

    def release(self) -> None:
        """Let go of the target, and remove what was staged and not used."""


@contextmanager
def workroom(settings: Settings) -> Iterator[Path]:
    """Give a private folder to one backup or restore at a time, clear of what a killed one left."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    folder = settings.data_dir / "backing-up"
    with (settings.data_dir / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotDone(BUSY) from None
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove(paths: Iterable[Path]) -> None:
    """Remove files, if they are there."""
    for path in paths:
        path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
