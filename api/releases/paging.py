"""Reads the rows of a statement as columns, page by page.

They come from the driver itself: to make the library's rows of them costs as much again. What makes columns of a page
is left to whoever takes it, who may do it while the next page is read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from typing import Any

import polars as pl
from sqlalchemy import Select
from sqlmodel import Session

from api.core import plain
from api.core.bulk import driver_of

Schema = Mapping[str, pl.DataType]
Page = Callable[[], pl.DataFrame]
"""Makes the columns of some rows; it asks the database nothing."""

PAGE = 5_000
_ESCAPES = {
    "\\\\": "\\", "\\b": "\b", "\\f": "\f", "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\v": "\v",
}  # fmt: skip
"""What PostgreSQL's text puts a backslash before."""
_DAY, _INSTANT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S%.f"


def pages(session: Session, query: Select[*tuple[Any, ...]], schema: Schema) -> Iterator[Page]:
    """Yield the rows of a statement whose cells are texts, whole numbers, dates or instants.

    On PostgreSQL the session can be asked nothing else until the last page was taken.
    """
    dialect = session.get_bind().dialect
    statement = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    fetch, read = (_fetched, _of_rows) if plain.is_sqlite(session) else (_copied, _of_text)
    with driver_of(session) as driver:
        for raw in fetch(driver, statement):
            yield partial(_typed, read, raw, schema)


def _fetched(driver: Any, statement: str) -> Iterator[list[Any]]:
    with closing(driver.cursor()) as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(PAGE):
            yield rows


def _of_rows(rows: list[Any], schema: Schema) -> pl.DataFrame:
    columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
    return pl.DataFrame([_series(name, values, dtype) for (name, dtype), values in columns])


def _series(name: str, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    if name == "content":
        return pl.Series(name, values, pl.Binary).cast(pl.String)
    return pl.Series(name, values, pl.Int64 if dtype == pl.Int64 else pl.String)


def _copied(driver: Any, statement: str) -> Iterator[bytes]:
    """Yield pages of PostgreSQL's own text: a Python object of every cell takes three times as long.

    It is not its CSV, which doubles every quotation mark of an answer: to write and read those takes a third longer.

    It is one statement, and takes as long as what is made of its rows: the time-out of statements is not for it.
    """
    with driver.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT text)") as lines:
            rows = iter(lines)  # each is a row
            while page := b"".join(islice(rows, PAGE)):
                yield page


def _of_text(page: bytes, schema: Schema) -> pl.DataFrame:
    texts = pl.read_csv(
        page,
        has_header=False,
        schema=dict.fromkeys(schema, pl.String),
        separator="\t",
        quote_char=None,
        null_values="\\N",
        empty_string_is_null=False,
    )
    escaped = [one.name for one in texts if one.str.contains("\\", literal=True).any()]
    return texts.with_columns(pl.col(escaped).str.replace_many(_ESCAPES)) if escaped else texts


def _typed(read: Callable[[Any, Schema], pl.DataFrame], raw: Any, schema: Schema) -> pl.DataFrame:
    """Return each column as what it is; instants are in UTC."""
    page = read(raw, schema)
    given = page.schema
    return page.with_columns(_column(name, dtype, given[name]) for name, dtype in schema.items())


def _column(name: str, dtype: pl.DataType, given: pl.DataType) -> pl.Expr:
    text = pl.col(name)
    if dtype == pl.Date:
        return text.str.to_date(_DAY)
    if dtype == pl.Datetime:
        return text.str.strip_suffix("+00").str.to_datetime(_INSTANT, time_unit="us", time_zone="UTC")
    return text if dtype == given else text.cast(dtype)
