"""Rows of SPSS files: ours are, byte for byte, what ReadStat writes."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyreadstat
from hypothesis import given
from hypothesis import strategies as st

from api.releases.formats.sav import description, write_sav
from api.releases.spss import names_of
from api.releases.tables import Column, Kind, Table
from tests.releases.formats.tables import Row, chunked

LENGTHS = (0, 1, 7, 8, 9, 251, 252, 253, 254, 255, 256, 257, 503, 504, 505, 510, 511, 760, 1021)
TEXTS = st.none() | st.sampled_from([letter * length for letter in "xé " for length in LENGTHS])
NUMBERS = st.none() | st.sampled_from([-100, -99, -1, 0, 1, 151, 152, 2**31 - 1, -(2**31)])
SHARES = st.none() | st.sampled_from([-100.0, -99.0, -0.0, 0.5, 151.0, 151.5, 152.0, 1e300, -1e-300])
VALUES = {
    Kind.TEXT: TEXTS,
    Kind.INTEGER: NUMBERS,
    Kind.NUMBER: SHARES,
    Kind.FLAG: st.sampled_from([None, 0, 1]),
}


@st.composite
def filled(draw: st.DrawFn) -> tuple[Table, list[Row]]:
    kinds = [Kind.TEXT, *draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=20))]
    columns = tuple(Column(f"c{number}", kind, {"en": "a column"}) for number, kind in enumerate(kinds))
    rows = draw(st.lists(st.tuples(*(VALUES[kind] for kind in kinds)), min_size=1, max_size=6))
    return Table("t", "a table", ("c0",), columns), rows


def both(table: Table, rows: Sequence[Row], folder: Path) -> tuple[bytes, bytes]:
    """Return what we write, without our end, and what ReadStat writes, without its time and its end."""
    [path] = write_sav(chunked(folder, rows, table), folder)
    frame = pl.DataFrame(rows, schema=table.schema, orient="row").rename(names_of(table))
    pyreadstat.write_sav(frame, folder / "theirs.sav", row_compress=True, **description(table))
    ours, theirs = path.read_bytes(), bytearray((folder / "theirs.sav").read_bytes())
    assert ours[-8:] == b"\xfc" + bytes(7), "our end of the rows stands alone"
    theirs[92:109] = ours[92:109]
    differing = [at for at, (one, other) in enumerate(zip(ours[:-8], theirs, strict=True)) if one != other]
    assert [theirs[at] for at in differing] == [252], "theirs ends within the last row"
    theirs[differing[0]] = 0
    return ours[:-8], bytes(theirs)


@given(filled())
def test_rows_are_those_of_readstat(made: tuple[Table, list[Row]]) -> None:
    with TemporaryDirectory() as name:
        ours, theirs = both(*made, Path(name))
        assert ours == theirs


def test_a_table_may_have_texts_only(tmp_path: Path) -> None:
    table = Table("t", "a table", ("a",), tuple(Column(name, Kind.CODE, {"en": name}) for name in "abcdefgh"))
    ours, theirs = both(table, [("x",) * 8, (None,) * 8], tmp_path)
    assert ours == theirs
