"""Re-wraps data keys under a new master key, a batch at a time, while the service runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, bindparam, select, update
from sqlmodel import Session

from api.core import crypto, db
from api.core.crypto import KeyDestroyed, MasterKeys

BATCH = 200


@dataclass
class Wrapping:
    """Under which master key some data keys are wrapped: the current one, an old one, or none that we have."""

    current: int = 0
    old: int = 0
    lost: int = 0
    last: Any = None
    changes: list[dict[str, Any]] = field(default_factory=list)


def columns() -> Iterator[Column[bytes]]:
    """Yield every column that holds wrapped keys."""
    for table in db.metadata().sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, db.WrappedKey))


def survey(session: Session, keys: MasterKeys, column: Column[bytes]) -> Wrapping:
    """Count a column's data keys by the master key that opens them."""
    (row_id,) = column.table.primary_key.columns
    query = select(row_id, column).where(column.is_not(None)).execution_options(yield_per=BATCH)
    found = _judge(keys, session.execute(query))
    found.changes.clear()
    return found


def rewrap_batch(session: Session, keys: MasterKeys, column: Column[bytes], after: Any = None) -> Wrapping:
    """Wrap a batch of data keys under the current master key; `last` is where the next begins, None at the end."""
    (row_id,) = column.table.primary_key.columns
    query = select(row_id, column).where(column.is_not(None)).order_by(row_id).limit(BATCH)
    rows = session.execute(query if after is None else query.where(row_id > after)).all()
    found = _judge(keys, rows)
    if found.changes:
        # A key that was destroyed or re-wrapped meanwhile is not the one that was seen: it stays as it is.
        session.connection().execute(
            update(column.table)
            .where(row_id == bindparam("row"), column == bindparam("seen"))
            .values({column: bindparam("made")}),
            found.changes,
            execution_options={"rewraps": True},  # also where rows are otherwise never changed
        )
    found.last = rows[-1][0] if len(rows) == BATCH else None
    return found


def _judge(keys: MasterKeys, rows: Iterable[Any]) -> Wrapping:
    found = Wrapping()
    for row_id, wrapped in rows:
        try:
            made = crypto.rewrap(keys, wrapped)
        except KeyDestroyed:
            found.lost += 1
            continue
        if made == wrapped:
            found.current += 1
        else:
            found.old += 1
            found.changes.append({"row": row_id, "seen": wrapped, "made": made})
    return found
