"""Whatever people and hierarchies there are, k holds in the file that a researcher reads."""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings

from api.releases.sdc.lattice import solve
from api.releases.staging import Chunks
from api.releases.tables import Column, Kind, Table
from tests.releases.formats.tables import WRITERS
from tests.releases.sdc.test_recoding import Case, cases


def written(folder: Path, names: list[str], rows: list[tuple[str, ...]]) -> Path:
    """Write one row per person under a pseudonym, as a release does."""
    columns = [Column(name, Kind.CODE, {"en": name}) for name in ("participant", *names)]
    chunks = Chunks(folder / "chunks", Table("participants", "people", ("participant",), tuple(columns)))
    people = [(f"person{number}", *row) for number, row in enumerate(rows)]
    chunks.add(pl.DataFrame(people, schema=chunks.table.schema, orient="row"))
    [path] = WRITERS["csv"](chunks, folder)
    return path


def smallest_class(path: Path) -> int:
    """Read the file as anybody may, and count who share every word."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    return min(Counter(tuple(row[1:]) for row in rows).values())


@settings(deadline=None)
@given(case=cases())
def test_the_written_file_has_k_people_in_every_class(
    case: Case, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, hierarchies, k, _ = case
    shown = solve(*case).rows
    path = written(tmp_path_factory.mktemp("k"), [one.name for one in hierarchies], list(shown))
    assert smallest_class(path) >= k


def test_people_as_they_are_do_not_have_k(tmp_path: Path) -> None:
    path = written(tmp_path, ["sector"], [("council",), ("council",), ("police",)])
    assert smallest_class(path) == 1
