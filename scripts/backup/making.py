"""Makes a backup: the database at one moment, then the release files that it names, read back before it counts."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.core.config import Settings
from api.core.ledger import Ledger
from api.core.storage import Readable, Storage
from scripts.backup import facts, postgres, sqlite
from scripts.backup.archive import add, pieces
from scripts.backup.container import WORK, Reader, Writer
from scripts.backup.places import Snapshot, sync_folder, workroom
from scripts.backup.refusals import NotDone, plainly

SHORTEST = 16


@dataclass
class Made:
    """What a backup holds, and which release files could not be put in it as they were published."""

    header: facts.Header
    tables: dict[str, int]
    files: int = 0
    damaged: list[str] = field(default_factory=list)


def back_up(settings: Settings, target: Path, passphrase: str) -> Made:
    """Write one encrypted file, whole and read back, or nothing."""
    if len(passphrase) < SHORTEST:
        raise NotDone(
            f"The passphrase is too short: use at least {SHORTEST} characters, such as six random words."
        )
    if target.exists():
        raise NotDone(f"{target} exists already; a backup replaces nothing.")
    if not target.absolute().parent.is_dir():
        raise NotDone(f"There is no folder {target.absolute().parent}.")
    kind = sqlite if settings.is_sqlite else postgres
    with plainly(), workroom(settings) as folder:
        mark = Ledger(settings).mark()
        with kind.snapshot(settings, folder) as snapshot:
            return _write(settings, snapshot, mark, target.absolute(), passphrase)


def _write(settings: Settings, snapshot: Snapshot, mark: str, target: Path, passphrase: str) -> Made:
    header = facts.header(snapshot.session, settings)
    manifest = facts.manifest(snapshot.session, mark)
    made = Made(header, manifest.tables)
    with _draft(target) as draft:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            writer = Writer(file, passphrase, header.model_dump(mode="json"), WORK)
            content = _Hashed(writer)
            add(content, "manifest", io.BytesIO(manifest.model_dump_json().encode()))
            with snapshot.stream() as database:
                add(content, "database", database)
            _add_files(content, Storage(settings.storage), manifest.files, made)
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
            _read_back(file, writer.cipher, content.digest)
        draft.replace(target)
    sync_folder(target.parent)
    return made


def _add_files(content: "_Hashed", storage: Storage, named: dict[str, str], made: Made) -> None:
    """Add the files of the releases that the snapshot shows as published: they were there first, and never change."""
    for name, wanted in named.items():
        try:
            opened = storage.open(name)
        except OSError:
            made.damaged.append(name)
            continue
        with opened as file:
            source = _HashedSource(file)
            add(content, f"files/{name}", source)
        made.files += 1
        if source.digest != wanted:
            made.damaged.append(name)


def _read_back(file: BinaryIO, key: AESGCM, wanted: str) -> None:
    file.seek(0)
    found = sha256()
    for piece in pieces(Reader(file, key)):
        found.update(piece)
    if found.hexdigest() != wanted:
        raise NotDone("What was written does not read back as it was. Is the disk sound?")


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    draft = target.with_name(f".{target.name}.partial")
    try:
        yield draft
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


class _Hashed:
    def __init__(self, writer: Writer) -> None:
        self._writer, self._hash = writer, sha256()

    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self._writer.write(data)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


class _HashedSource:
    def __init__(self, source: Readable) -> None:
        self._source, self._hash = source, sha256()

    def read(self, count: int) -> bytes:
        piece = self._source.read(count)
        self._hash.update(piece)
        return piece

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()
