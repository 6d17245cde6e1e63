"""The seconds between two instants, which each database works out in its own way."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class seconds_between(GenericFunction[float]):  # noqa: N801 - a function of SQL
    """Seconds from the first instant to the second, to the millisecond."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    begin, end = (compiler.process(one, **kwargs) for one in element.clauses)
    return f"round((julianday({end}) - julianday({begin})) * 86400.0, 3)"


@compiles(seconds_between, "postgresql")
def _seconds_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    begin, end = (compiler.process(one, **kwargs) for one in element.clauses)
    return f"round(extract(epoch FROM ({end}) - ({begin}))::numeric, 3)::double precision"
