"""Runs migrations on SQLite and PostgreSQL, one process at a time."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import api.tables  # noqa: F401 - registers every table
from api.core import db
from api.core.config import load_settings

LOCK = 0x0DA7B00C


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our column types as plain SQLAlchemy, so that a migration needs no import of ours."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, db.EnumValue):
        return "sa.String(length=40)"
    if kind == "type" and isinstance(item, db.WrappedKey):
        return "sa.LargeBinary()"
    return False


def migrate(connection: Connection) -> None:
    """Bring one database up or down."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        # A second process waits for the first; after that no migration may wait long for a table in use.
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=not postgres,
        render_item=render_item,
        compare_type=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name in {None, "public"},
    )
    with context.begin_transaction():
        context.run_migrations()
    if postgres:
        connection.commit()
        connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
        connection.commit()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = db.make_engine(load_settings())
    with engine.connect() as opened:
        migrate(opened)
    engine.dispose()
