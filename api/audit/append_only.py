"""Refuses to change or delete rows of the audit, however the code asks for it, save in words of raw SQL."""

from typing import Any

from sqlalchemy import Connection, Delete, Engine, Table, Update, event

SEALING = {"writes_seals": True}
"""The execution options with which the sealer alone writes a seal's number into what is there."""
_guarded: set[str] = set()


class AppendOnly(Exception):
    """An attempt to change or delete what may only be added to."""


def guard(*tables: str) -> None:
    """Let rows of these tables only be added."""
    _guarded.update(tables)


@event.listens_for(Engine, "before_execute")
def _refuse_changes(
    _connection: Connection, statement: object, _many: Any, _params: Any, options: dict[str, Any]
) -> None:
    allowed = options.get("writes_seals") or options.get("rewraps")
    if not isinstance(statement, Update | Delete) or allowed:
        return
    if isinstance(statement.table, Table) and statement.table.name in _guarded:
        raise AppendOnly(f"Rows of {statement.table.name} are never changed or deleted.")
