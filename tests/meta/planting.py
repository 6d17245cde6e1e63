"""Finds every table that holds something of a participant, and plants a row of Leo's in each."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    insert,
)
from sqlalchemy.orm import Session
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from api.core import clock, crypto, db
from api.core.config import Settings
from api.core.ids import new_id

Row = dict[str, Any]
ROOT = "participant"


def holders() -> list[Table]:
    """Return the tables that hold something of a participant: those that lead to one by keys or by a column's name."""
    found = {ROOT}
    tables = db.metadata().sorted_tables  # what is referred to comes first
    for table in tables:
        referred = {key.column.table.name for key in table.foreign_keys}
        if referred & found or "participant_id" in table.columns:
            found.add(table.name)
    return [table for table in tables if table.name in found - {ROOT}]


def canary(table: str) -> str:
    """Return the word that is planted in a table."""
    return f"canary-{table.replace('_', '-')}"


def plant(session: Session, settings: Settings, table: Table, known: dict[str, Row]) -> Row:
    """Add a row to a table, for the participant and the rows that are known; return it."""
    row = {column.name: _value(settings, table, column, known) for column in table.columns}
    session.execute(insert(table), row)
    return row


def _value(settings: Settings, table: Table, column: Column[Any], known: dict[str, Row]) -> Any:
    for key in column.foreign_keys:
        return known[key.column.table.name][key.column.name]
    name = column.name.removesuffix("_id")
    if column.name.endswith("_id") and name in known and not column.primary_key:
        return known[name]["id"]
    kind = column.type
    if isinstance(kind, db.WrappedKey):
        return crypto.new_wrapped_key(settings.master_keys)
    if isinstance(kind, db.EnumValue):
        return next(iter(kind.kind))
    return _plain(table.name, column, kind)


def _plain(table: str, column: Column[Any], kind: Any) -> Any:
    word = canary(table)
    if isinstance(kind, String | AutoString):
        # A hash is a secret's: it is held, but told to nobody.
        return new_id().hex if column.name.endswith("_hash") else word[: kind.length]
    made: list[tuple[type, Any]] = [
        (Uuid, new_id()),
        (JSON, {"word": word}),
        (LargeBinary, b'{"word": "' + word.encode() + b'"}'),
        (DateTime | UTCDateTime, clock.now()),  # type: ignore[list-item] # isinstance takes a union
        (Date, clock.now().date()),
        (Boolean, False),
        (Integer, 1),
        (Float, 1.0),
    ]
    found = [value for types, value in made if isinstance(kind, types)]
    assert found, f"{table}.{column.name}: say in tests/meta/planting.py what to plant in a {kind!r}"
    return found[0]
