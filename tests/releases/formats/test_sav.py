"""What only SPSS files have: labels, measurement levels, and names as SPSS allows them."""

from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from api.releases.formats.sav import description, write_sav
from api.releases.spss import LONGEST_TEXT, cut, names_of
from api.releases.tables import Column, Kind, Table
from tests.releases.formats.tables import HARD_ROWS, LONG_NAME, TABLE, chunked


@pytest.fixture
def meta(tmp_path: Path) -> Any:
    [path] = write_sav(chunked(tmp_path, HARD_ROWS), tmp_path)
    return pyreadstat.read_sav(path, metadataonly=True, output_format="polars")[1]


def named(*names: str) -> list[str]:
    columns = tuple(Column(name, Kind.CODE, {"en": name}) for name in names)
    return list(names_of(Table("t", "t", (), columns)).values())


def test_variables_and_values_have_labels(meta: Any) -> None:
    labels = meta.column_names_to_labels
    assert labels["id"] == "pseudonym"
    assert labels["place"] == "Ble?"
    assert labels["note"] == ("What was said? " * 40)[:255].rstrip()
    assert meta.variable_value_labels["done"] == {0.0: "no", 1.0: "yes"}
    assert meta.variable_value_labels["with_2"] == {1.0: "one", -5.0: "minus five"}
    assert meta.variable_value_labels["share"] == {0.5: "half"}
    places = meta.variable_value_labels["place"]
    assert places["office"] == "At the office"
    assert places["a_much_longer_way_of_being_away"] == cut("Ärgerlich " * 30, 120).rstrip()
    assert meta.file_label == cut(TABLE.label, 64)
    assert meta.number_rows == len(HARD_ROWS)


def test_measurement_levels_follow_the_kinds(meta: Any) -> None:
    levels = meta.variable_measure
    ordinal = names_of(TABLE)[LONG_NAME]
    assert {levels[name] for name in ("id", "note", "done")} == {"nominal"}
    assert (levels["with_2"], levels["share"], levels[ordinal]) == ("scale", "scale", "ordinal")


def test_names_are_as_spss_allows_them() -> None:
    assert named("all", "With", "by_2", "by") == ["all_2", "With_2", "by_2", "by_3"]
    assert named("a", "A", "a_2") == ["a", "A_2", "a_2_2"]
    assert named("1st", "naïve q", "_x") == ["v1st", "na_ve_q", "v_x"]
    one, two = named("x" * 64 + "a", "x" * 64 + "b")
    assert (one, two) == ("x" * 64, "x" * 62 + "_2")


def test_texts_longer_than_spss_takes_end_at_a_whole_letter() -> None:
    assert cut("aé", 2) == "a"
    assert cut("é" * 20_000, LONGEST_TEXT) == "é" * (LONGEST_TEXT // 2)


def test_pieces_do_not_show_in_the_file(tmp_path: Path) -> None:
    written = []
    for at_once in (1, 3, 100):
        folder = tmp_path / str(at_once)
        folder.mkdir()
        [path] = write_sav(chunked(folder, HARD_ROWS, at_once=at_once), folder)
        written.append(path.read_bytes())
    assert written[0] == written[1] == written[2]


def test_the_pieces_together_are_what_pyreadstat_writes_at_once(tmp_path: Path) -> None:
    rows = [row for row in HARD_ROWS if len(str(row[1]).encode()) <= LONGEST_TEXT]
    [path] = write_sav(chunked(tmp_path, rows), tmp_path)
    whole = pl.DataFrame(rows, schema=TABLE.schema, orient="row").rename(names_of(TABLE))
    pyreadstat.write_sav(whole, tmp_path / "whole.sav", row_compress=True, **description(TABLE))
    ours, at_once = path.read_bytes(), (tmp_path / "whole.sav").read_bytes()
    assert ours[-8:] == b"\xfc" + bytes(7), "our end of the rows stands alone"
    assert len(ours) - 8 == len(at_once)
    differing = [
        (at, one) for at, (one, other) in enumerate(zip(ours, at_once, strict=False)) if one != other
    ]
    assert [one for at, one in differing if at not in range(92, 109)] == [0], "and theirs in the last row"


def test_no_file_tells_when_it_was_written(tmp_path: Path) -> None:
    [path] = write_sav(chunked(tmp_path, HARD_ROWS), tmp_path)
    assert path.read_bytes()[92:109] == b"01 Jan 7000:00:00"
