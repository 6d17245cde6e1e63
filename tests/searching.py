"""Searches everything that an installation stores: every column of every table, and every file."""

from pathlib import Path

from sqlalchemy import Engine, MetaData, inspect, select

from api.core.config import Settings


def tables_with(engine: Engine, *words: str) -> dict[str, set[str]]:
    """Return the tables in which each word stands, whoever made them: ours, alembic's or the queue's."""
    found: dict[str, set[str]] = {word: set() for word in words}
    for schema in _schemas(engine):
        known = MetaData(schema=schema)
        known.reflect(engine)
        with engine.execution_options(reads_only=True).connect() as connection:
            for table in known.sorted_tables:
                for row in connection.execute(select(table)).all():
                    held = " ".join(map(_text, row))
                    for word in words:
                        if word in held or word.replace("-", "") in held:
                            found[word].add(table.name)
    return found


def files_with(settings: Settings, *words: str) -> dict[str, set[str]]:
    """Return the files under the data folder in which each word stands."""
    files = [path for path in Path(settings.data_dir).rglob("*") if path.is_file()]
    return {word: {path.name for path in files if word.encode() in path.read_bytes()} for word in words}


def _schemas(engine: Engine) -> list[str | None]:
    if engine.dialect.name == "sqlite":
        return [None]
    return [name for name in inspect(engine).get_schema_names() if name != "information_schema"]


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
