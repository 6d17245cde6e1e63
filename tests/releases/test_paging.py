"""Rows read as columns, as either database's driver gives them best."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine, Select, String, Text, cast, literal_column, select, text, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from api.core import db, plain
from api.releases import paging
from api.releases.paging import pages
from api.studies.models import Study
from tests.personas import World

SCHEMA = {
    "id": pl.String(),
    "title": pl.String(),
    "starts_on": pl.Date(),
    "created_at": pl.Datetime("us", "UTC"),
    "one": pl.Int64(),
    "empty": pl.String(),
    "nothing": pl.String(),
}
ODD = "A \"quoted\", torn\nand = 'odd' title \\N 100 %, \t\r\n\b\f\v \\n \\\\ \\"
WHOLE_SECOND = datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC)


def test_odd_texts_instants_and_empty_cells_arrive_as_they_are(world: World) -> None:
    with db.transaction(world.engine) as session:
        study = session.get_one(Study, world.study_id)
        study.title, study.starts_on, study.created_at = ODD, date(2026, 2, 28), WHOLE_SECOND
    with db.reading(world.engine) as session:
        query: Select[*tuple[Any, ...]] = select(
            plain.hex_of(session, col(Study.id)),
            col(Study.title),
            type_coerce(col(Study.starts_on), String()),
            type_coerce(col(Study.created_at), String()),
            literal_column("7"),
            literal_column("''"),
            cast(None, Text),
        ).where(col(Study.id) == world.study_id)
        (page,) = pages(session, query, SCHEMA)
    frame = page()
    assert frame.schema == SCHEMA
    assert frame.rows() == [(world.study_id.hex, ODD, date(2026, 2, 28), WHOLE_SECOND, 7, "", None)]


def test_many_rows_come_page_by_page_and_in_full(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 4)
    numbers = text(
        "WITH RECURSIVE n(one) AS (SELECT 1 UNION ALL SELECT one + 1 FROM n WHERE one < 10) SELECT one FROM n"
    )
    query: Select[*tuple[Any, ...]] = select(numbers.columns(one=Text()).subquery().c.one)
    with db.reading(engine) as session:
        found = [page() for page in pages(session, query, {"one": pl.Int64()})]
    assert [page.height for page in found] == [4, 4, 2]
    assert pl.concat(found)["one"].to_list() == list(range(1, 11))


def test_what_the_driver_refuses_is_raised_as_the_library_would(engine: Engine) -> None:
    with db.reading(engine) as session, pytest.raises(DBAPIError):
        list(pages(session, select(literal_column("nowhere")), {"one": pl.String()}))


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)  # SQLite has no time-out of statements
def test_reading_long_is_no_reason_to_be_cut_off(engine: Engine) -> None:
    slow: Select[*tuple[Any, ...]] = select(literal_column("pg_sleep(0.2)::text"))
    with Session(engine) as session:
        session.execute(text("SET LOCAL statement_timeout = 50"))
        (page,) = pages(session, slow, {"one": pl.String()})
    assert page().height == 1
