import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.cells import guard, guarded_header
from api.releases.staging import Chunks
from api.releases.tables import Column, Kind, Table
from tests.releases.formats.tables import WRITERS


@pytest.mark.parametrize("sign", list("=+-@\t\r\n\0＝＋－＠"))
@pytest.mark.parametrize("spaces", ["", " ", "   ", "\u3000"])
def test_text_that_could_run_gets_an_apostrophe(sign: str, spaces: str) -> None:
    assert guard(f"{spaces}{sign}cmd|'/c calc'!A0") == f"'{spaces}{sign}cmd|'/c calc'!A0"
    assert guard(spaces + sign) == f"'{spaces}{sign}"


@pytest.mark.parametrize("text", ["", " ", "a=b", "'=1", "1-2", "well - yes", "me@place.test", "a\nb", "é"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guard(text) == text


@given(st.text())
def test_guarding_only_prefixes_and_once(text: str) -> None:
    assert guard(text) in {text, "'" + text}
    assert guard(guard(text)) == guard(text)


def test_headers_are_guarded_and_never_empty() -> None:
    assert guarded_header("@role") == "'@role"
    assert guarded_header("role") == "role"
    with pytest.raises(ValueError, match="needs a name"):
        guarded_header(" ")


KINDS = {"text": Kind.TEXT, "code": Kind.CODE, "whole": Kind.INTEGER, "real": Kind.NUMBER, "flag": Kind.FLAG}
TABLE = Table(
    "sample", "a sample", ("text",), tuple(Column(name, kind, {"en": name}) for name, kind in KINDS.items())
)
ROWS = st.tuples(
    st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    st.none() | st.sampled_from(["a", "@b", " =c"]),
    st.none() | st.integers(-(2**53), 2**53),
    st.none() | st.decimals(-1000, 1000, places=6).map(float),
    st.none() | st.integers(0, 1),
)


def written(folder: Path, rows: list[tuple[object, ...]]) -> str:
    chunks = Chunks(folder / "chunks", TABLE)
    chunks.add(pl.DataFrame(rows, schema=TABLE.schema, orient="row"))
    [path] = WRITERS["csv"](chunks, folder)
    return path.read_bytes().decode()


@given(rows=st.lists(ROWS, max_size=6))
def test_a_table_is_read_again_as_it_was_guarded(
    rows: list[tuple[object, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = written(tmp_path_factory.mktemp("csv"), rows)
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert read[0] == list(KINDS)
    assert [row[:2] for row in read[1:]] == [[guard(str(c or "")) for c in row[:2]] for row in rows]
    numbers = [[float(cell) if cell else None for cell in row[2:]] for row in read[1:]]
    assert numbers == [list(row[2:]) for row in rows]


def test_lines_end_as_rfc_4180_wants_and_numbers_are_never_guarded(tmp_path: Path) -> None:
    text = written(tmp_path, [("a,b", "@x", -5, -0.000001, 1), ('say "no"', None, None, None, 0)])
    assert text == 'text,code,whole,real,flag\r\n"a,b",\'@x,-5,-0.000001,1\r\n"say ""no""",,,,0\r\n'


def test_a_table_without_rows_has_its_header(tmp_path: Path) -> None:
    [path] = WRITERS["csv"](Chunks(tmp_path / "chunks", TABLE), tmp_path)
    assert path.read_text() == "text,code,whole,real,flag\n"
