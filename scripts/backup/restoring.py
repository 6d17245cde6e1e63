"""Restores a backup: verified to its end, staged beside the target, made ready there, then switched at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

import api.routers  # noqa: F401 - loads every feature, so that a ledger reaches them all
from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import OPERATOR
from api.auth import staff_sessions
from api.core import db, ledger, rewrapping
from api.core.config import Settings
from api.core.ledger import Ledger, LedgerBroken, Line
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
    manifest: facts.Manifest
    files: int = 0
    lost_keys: int = 0
    redone: Counter[str] = field(default_factory=Counter)


def restore(
    settings: Settings, source: Path, passphrase: str, *, replace: bool = False, with_ledger: bool = True
) -> Restored:
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
            reader.rewind()
            found = members(reader)
            manifest = _manifest(found)
            lines = _lines(settings, manifest.ledger) if with_ledger else []
            return _restore(settings, target, found, Restored(header, manifest), lines)


def _restore(
    settings: Settings,
    target: Target,
    found: Iterator[tuple[str, Member]],
    restored: Restored,
    lines: list[Line],
) -> Restored:
    name, database = next(found)
    if name != "database":
        raise NotDone("The backup does not begin with its database.")
    staged = target.stage(database)
    engine = db.make_engine(staged)
    try:
        _make_ready(engine.execution_options(**{ledger.OPTION: None}), settings, restored, lines)
    finally:
        engine.dispose()
    with _files(Storage(settings.storage), found, restored.manifest.files) as restored.files:
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


def _lines(settings: Settings, mark: str) -> list[Line]:
    try:
        return list(Ledger(settings).lines(mark))
    except LedgerBroken as broken:
        raise NotDone(
            f"{broken} Without it, people who withdrew since the backup would be back. Put it where DAYBOOK_LEDGER "
            "says; if it is lost for good, say --without-ledger and withdraw them again by hand."
        ) from None


def _make_ready(engine: Engine, settings: Settings, restored: Restored, lines: list[Line]) -> None:
    """Check what was staged, bring it to this version, try the keys, and do again what happened since the backup."""
    with db.reading(engine) as session:
        tables = restored.manifest.tables
        if facts.counts(session, tables) != tables:
            raise NotDone(
                "The restored database does not hold what the backup counted. The target is as it was."
            )
    with engine.connect() as connection:
        migrate.upgrade(connection)
    with db.transaction(engine) as session:
        restored.lost_keys = _try_keys(session, settings)
        try:
            restored.redone = ledger.redo(session, lines)
        except LedgerBroken as broken:
            raise NotDone(str(broken)) from None
        staff_sessions.end_everybody(session)  # some may have been ended since: they sign in again
        audit.record(session, Event.BACKUP_RESTORED, OPERATOR, count=restored.redone.total())


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
