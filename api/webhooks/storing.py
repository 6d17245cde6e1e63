"""Writes what arrived, if its source is still what it was: on PostgreSQL in one statement, however much it is.

That statement has one text whatever the number of rows, so that it is prepared once; they travel as arrays.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.dialects import sqlite

from api.webhooks.models import WebhookDelivery, WebhookSource
from schemas.inbox import SourceStatus

_DELIVERY: Table = WebhookDelivery.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
_SOURCE: Table = WebhookSource.__table__  # type: ignore[attr-defined] # as above
_KNOWN = select(_SOURCE.c.id, _SOURCE.c.version, _SOURCE.c.status).where(
    _SOURCE.c.id.in_(bindparam("ids", expanding=True))
)
# What is stored already stays as it is: a second post of the same bytes is stored, and that is all that counts.
_INSERT = (
    sqlite.insert(_DELIVERY).on_conflict_do_nothing().returning(_DELIVERY.c.id)
)  # so it is one statement
_ARRAYS = {
    "id": "uuid[]",
    "source_id": "uuid[]",
    "content_type": "text[]",
    "headers": "text[]",
    "raw": "bytea[]",
    "raw_sha256": "text[]",
    "size": "integer[]",
    "auth_result": "text[]",
    "dedupe_key": "text[]",
    "status": "text[]",
    "reason": "text[]",
    "settled_at": "timestamptz[]",
}
"""The columns in which the posts of a batch differ; in those that follow they are alike."""
_ALIKE = {
    "received_at": "timestamptz",
    "next_attempt_at": "timestamptz",
    "attempts": "integer",
    "findings": "json",
}


def _binary(name: str, kind: str) -> str:
    """Write a place for a value: as text, an array of bodies costs ten times as much as all else."""
    return f"CAST(%({name})b AS {kind})"


_AT_ONCE = f"""
WITH
known AS (SELECT id, version, status FROM webhook_source WHERE id = ANY({_binary("sources", "uuid[]")})),
given AS (
    SELECT * FROM unnest({", ".join(_binary(*one) for one in _ARRAYS.items())}, {_binary("version", "integer[]")})
    AS given ({", ".join(_ARRAYS)}, version)
),
stored AS (
    INSERT INTO webhook_delivery ({", ".join([*_ARRAYS, *_ALIKE])})
    SELECT
        {", ".join(f"given.{name}{'::json' if name == 'headers' else ''}" for name in _ARRAYS)},
        {", ".join(_binary(*one) for one in _ALIKE.items())}
    FROM given JOIN known ON known.id = given.source_id
    WHERE known.version = given.version AND known.status <> 'paused'
    ON CONFLICT DO NOTHING
)
SELECT id, version, status FROM known
"""  # noqa: S608 - every name in it is written above


class Known(NamedTuple):
    """What of a source decides whether a post of it is stored."""

    version: int
    status: SourceStatus

    def takes(self, version: int) -> bool:
        """Say whether a post that was judged by a version is stored."""
        return self.version == version and self.status is not SourceStatus.PAUSED


class Row(NamedTuple):
    """A post to be stored, and the version of its source by which it was judged."""

    version: int
    columns: dict[str, Any]


def known(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Known]:
    """Return what sources are now."""
    rows = connection.execute(_KNOWN, {"ids": [*set(ids)]})
    return {row.id: Known(row.version, row.status) for row in rows}


def store(connection: Connection, rows: Sequence[Row]) -> dict[UUID, Known]:
    """Store the posts whose source takes them; return the sources by which that was decided."""
    if connection.dialect.name == "postgresql":
        return _store_at_once(connection, rows)
    found = known(connection, (row.columns["source_id"] for row in rows))
    taken = [row for row in rows if (one := found.get(row.columns["source_id"])) and one.takes(row.version)]
    if taken:
        connection.execute(_INSERT, [row.columns for row in taken])
    return found


def _store_at_once(connection: Connection, rows: Sequence[Row]) -> dict[UUID, Known]:
    columns = [row.columns | {"headers": json.dumps(row.columns["headers"])} for row in rows]
    given: dict[str, Any] = {name: [one[name] for one in columns] for name in _ARRAYS}
    given |= {name: columns[0][name] for name in _ALIKE}
    given |= {"version": [row.version for row in rows], "sources": [*set(given["source_id"])]}
    given |= {"status": [one.value for one in given["status"]], "findings": json.dumps(given["findings"])}
    found = connection.exec_driver_sql(_AT_ONCE, given)
    return {row.id: Known(row.version, SourceStatus(row.status)) for row in found}
