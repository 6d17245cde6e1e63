import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.cells import csv_line, guard, guarded_header, number_cell, text_cell


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


def test_text_cells_are_guarded_and_nothing_is_empty() -> None:
    assert text_cell("-5") == "'-5"
    assert text_cell("") == text_cell(None) == ""


def test_headers_are_guarded_and_never_empty() -> None:
    assert guarded_header("@role") == "'@role"
    assert guarded_header("role") == "role"
    with pytest.raises(ValueError, match="needs a name"):
        guarded_header(" ")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-5, "-5"),
        (0, "0"),
        (-0.5, "-0.5"),
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        (Decimal("-1E+3"), "-1000"),
        (None, ""),
    ],
)
def test_numbers_are_never_guarded(value: float | Decimal | None, cell: str) -> None:
    assert number_cell(value) == cell


@pytest.mark.parametrize(
    "value", [True, "5", "=1", float("nan"), float("inf"), Decimal("NaN"), Decimal("-Inf")]
)
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="A number cell cannot hold"):
        number_cell(value)


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["a", "b"], "a,b\r\n"),
        (["a,b", 'say "x"', ""], '"a,b","say ""x""",\r\n'),
        (["two\nlines", "\r"], '"two\nlines","\r"\r\n'),
        ([""], '""\r\n'),
        (["", ""], ",\r\n"),
    ],
)
def test_lines_are_rfc_4180(cells: list[str], line: str) -> None:
    assert csv_line(cells) == line


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=3, max_size=3)))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    text = "".join(csv_line(row) for row in rows)
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == rows
