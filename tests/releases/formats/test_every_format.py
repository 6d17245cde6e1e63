"""Every format in the register writes what is hard to write, and another program reads the same values."""

import pkgutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases import formats
from api.releases.download import TYPES
from api.releases.formats import LINES, WHOLE, Lines, Whole
from api.releases.tables import Column, Kind, Table
from tests.releases.formats.tables import HARD_ROWS, READERS, TABLE, WRITERS, Row, chunked, expected

EVERY = pytest.mark.parametrize("name", WRITERS)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
SHORT = Table(
    "short",
    "a few columns",
    ("id",),
    (
        Column("id", Kind.CODE, {"en": "id"}),
        Column("said", Kind.TEXT, {"en": "said"}),
        Column("count", Kind.INTEGER, {"en": "count"}),
        Column("share", Kind.NUMBER, {"en": "share"}),
        Column("flag", Kind.FLAG, {"en": "flag"}),
    ),
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.sampled_from(["a", "@b", "c" * 300]),
        st.none() | WORDS,
        st.none() | st.integers(-(2**53), 2**53),
        st.none() | st.floats(-1e9, 1e9, allow_subnormal=False),
        st.none() | st.integers(0, 1),
    ),
    max_size=8,
)


def test_every_file_of_the_folder_is_in_the_register() -> None:
    files = {module.name for module in pkgutil.iter_modules(formats.__path__)}
    registered: list[Lines | Whole] = [*LINES.values(), *WHOLE]
    modules = {getattr(one, "__module__", getattr(one, "__name__", "")) for one in registered}
    assert {name.rpartition(".")[2] for name in modules} == files == set(READERS) == set(WRITERS)


def read_again(name: str, folder: Path, rows: list[Row], table: Table = TABLE) -> list[Row]:
    [path] = WRITERS[name](chunked(folder, rows, table), folder)
    assert path.suffix in TYPES
    assert {one.name for one in folder.iterdir()} == {"chunks", path.name}, "nothing is left behind"
    return READERS[name](path, table)


@EVERY
def test_what_is_hard_to_write_is_read_again(name: str, tmp_path: Path) -> None:
    read = read_again(name, tmp_path, HARD_ROWS)
    for got, wanted in zip(read, expected(name, HARD_ROWS), strict=True):
        assert got == wanted


@EVERY
def test_a_table_without_rows_has_its_columns(name: str, tmp_path: Path) -> None:
    assert read_again(name, tmp_path, []) == []


@EVERY
def test_columns_without_any_value_are_empty(name: str, tmp_path: Path) -> None:
    rows: list[Row] = [(None,) * len(TABLE.columns)] * 4
    assert read_again(name, tmp_path, rows) == expected(name, rows)


@EVERY
@given(rows=ROWS, at_once=st.integers(1, 8))
def test_any_rows_are_read_again_and_written_the_same_a_second_time(
    name: str, rows: list[Row], at_once: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folders = [tmp_path_factory.mktemp("table") for _ in range(2)]
    files = [WRITERS[name](chunked(folder, rows, SHORT, at_once), folder) for folder in folders]
    assert same_bytes(files)
    assert READERS[name](files[0][0], SHORT) == expected(name, rows, SHORT)


def same_bytes(files: list[list[Path]]) -> bool:
    first, second = ([path.read_bytes() for path in found] for found in files)
    return first == second
