"""Reads the rows of a statement as columns, page by page.

They come from the driver itself: to make the library's rows of them costs as much again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import polars as pl
from sqlalchemy import Select
from sqlmodel import Session

from api.core import plain
from api.core.bulk import driver_of

PAGE = 5_000
_DAY, _INSTANT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S%.f"


def pages(
    session: Session, query: Select[*tuple[Any, ...]], schema: Mapping[str, pl.DataType]
) -> Iterator[pl.DataFrame]:
    """Yield the rows of a statement whose cells are texts, whole numbers, dates or instants.

    On PostgreSQL the session can be asked nothing else until the last page was taken.
    """
    dialect = session.get_bind().dialect
    statement = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    read = _fetched if plain.is_sqlite(session) else _copied
    with driver_of(session) as driver:
        for page in read(driver, statement, schema):
            given = page.schema
            yield page.with_columns(_typed(name, dtype, given[name]) for name, dtype in schema.items())


def _fetched(driver: Any, statement: str, schema: Mapping[str, pl.DataType]) -> Iterator[pl.DataFrame]:
    with closing(driver.cursor()) as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(PAGE):
            columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
            yield pl.DataFrame([_series(name, values, dtype) for (name, dtype), values in columns])


def _series(name: str, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    if name == "content":
        return pl.Series(name, values, pl.Binary).cast(pl.String)
    return pl.Series(name, values, pl.Int64 if dtype == pl.Int64 else pl.String)


def _copied(driver: Any, statement: str, schema: Mapping[str, pl.DataType]) -> Iterator[pl.DataFrame]:
    """Yield pages of PostgreSQL's own CSV: a Python object of every cell takes three times as long.

    It is one statement, and takes as long as what is made of its rows: the time-out of statements is not for it.
    """
    texts = dict.fromkeys(schema, pl.String)
    with driver.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as lines:
            rows = iter(lines)  # each is a row
            while page := b"".join(islice(rows, PAGE)):
                yield pl.read_csv(page, has_header=False, schema=texts)


def _typed(name: str, dtype: pl.DataType, given: pl.DataType) -> pl.Expr:
    """Return a column of text as what it is; instants are in UTC."""
    text = pl.col(name)
    if dtype == pl.Date:
        return text.str.to_date(_DAY)
    if dtype == pl.Datetime:
        return text.str.strip_suffix("+00").str.to_datetime(_INSTANT, time_unit="us", time_zone="UTC")
    return text if dtype == given else text.cast(dtype)
