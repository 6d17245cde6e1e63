"""Restores a backup: verified to its end, staged beside the target, made ready there, then switched at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import OPERATOR
from api.core import db, rewrapping
from api.core.config import Settings
from api.core.storage import Storage
from scripts.backup import facts, postgres, sqlite
from scripts.backup.archive import Member, members, pieces
from scripts.backup.container import Reader
from scripts.backup.places import Target, workroom
from scripts.backup.refusals import NotDone, plainly
from scripts.cli import migrate


@dataclass
class Restored:
    """What a restore brought back."""

    header: facts.Header
    tables: dict[str, int]
    files: int = 0
    lost_keys: int = 0


def restore(settings: Settings, source: Path, passphrase: str, *, replace: bool = False) -> Restored:
    """Put a backup in the place of the database that is set, or leave everything as it was."""
    if not source.is_file():
        raise NotDone(f"There is no file {source}.")
    with plainly(), workroom(settings), source.open("rb") as file:
        reader = Reader(file, passphrase)
        header = facts.read_header(reader.facts, settings)
        for _ in pieces(reader):  # to the end, before anything is touched
            pass
        kind = sqlite if settings.is_sqlite else postgres
        with _target(kind.Target(settings)) as target:
            target.claim(replace=replace)
            return _restore(settings, target, reader, header)


def _restore(settings: Settings, target: Target, reader: Reader, header: facts.Header) -> Restored:
    reader.rewind()
    found = members(reader)
    manifest = _manifest(found)
    restored = Restored(header, manifest.tables)
    name, database = next(found)
    if name != "database":
        raise NotDone("The backup does not begin with its database.")
    staged = target.stage(database)
    engine = db.make_engine(staged)
    try:
        _make_ready(engine, settings, restored)
    finally:
        engine.dispose()
    with _files(Storage(settings.storage), found, manifest.files) as restored.files:
        target.switch()
    return restored


def _manifest(found: Iterator[tuple[str, Member]]) -> facts.Manifest:
    name, content = next(found)
    try:
        manifest = facts.Manifest.model_validate_json(b"".join(pieces(content)))
    except ValidationError:
        raise NotDone("The manifest of this backup is not understood.") from None
    if name != "manifest":
        raise NotDone("The backup does not begin with its manifest.")
    return manifest


def _make_ready(engine: Engine, settings: Settings, restored: Restored) -> None:
    """Check that the staged database holds what the backup counted, bring it to this version, and try the keys."""
    with db.reading(engine) as session:
        if facts.counts(session, restored.tables) != restored.tables:
            raise NotDone(
                "The restored database does not hold what the backup counted. The target is as it was."
            )
    with engine.connect() as connection:
        migrate.upgrade(connection)
    with db.transaction(engine) as session:
        restored.lost_keys = _try_keys(session, settings)
        audit.record(session, Event.BACKUP_RESTORED, OPERATOR)


def _try_keys(session: Session, settings: Settings) -> int:
    """Refuse a master key that opens nothing of what it should; return how many keys no key of ours opens."""
    found = [rewrapping.survey(session, settings.master_keys, column) for column in rewrapping.columns()]
    lost = sum(one.lost for one in found)
    if lost and not any(one.current or one.old for one in found):
        raise NotDone(
            "DAYBOOK_MASTER_KEY is not the key that this backup was made with: contact data could not be read. "
            "A backup does not hold the key; take it from where you keep it."
        )
    return lost


@contextmanager
def _files(storage: Storage, found: Iterator[tuple[str, Member]], wanted: dict[str, str]) -> Iterator[int]:
    """Put release files where the rows expect them; take away again what a failure would leave without a row."""
    added: list[str] = []
    try:
        for member, content in found:
            name = member.removeprefix("files/")
            if name not in wanted:
                raise NotDone("The backup holds a file that its manifest does not name.")
            if not storage.holds(name, wanted[name]):
                added.append(name)
                storage.save(name, content)
        yield len(wanted)
    except BaseException:
        for name in added:
            storage.remove(name)
        raise


@contextmanager
def _target(made: Target) -> Iterator[Target]:
    try:
        yield made
    finally:
        made.release()
