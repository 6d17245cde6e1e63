"""Files that are wrong, broken or hostile: each is refused with a sentence, quickly, and nothing is stored."""

import time
import zipfile
from io import BytesIO

import openpyxl
import pytest

from api.instruments.xlsform.workbook import LARGEST_FILE, MOST_ROWS
from tests.instruments.xlsform.books import Table, asks, book, places, reads, refusals, saved

SHEET = "xl/worksheets/sheet1.xml"
SOUND = asks(["text", "why", "Why?"])


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one of its parts changed."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        assert part in before.namelist()
        for name in before.namelist():
            data = before.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new, 1)
            after.writestr(name, data)
    return file.getvalue()


def bomb(size: int) -> bytes:
    file = BytesIO(SOUND)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(size))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_workbook"),
        (b"list_name,name\nab,a\n", "no_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old_format"),
        (SOUND[: len(SOUND) // 2], "no_workbook"),
        (bytes(LARGEST_FILE + 1), "too_large"),
        (bomb(50_000_000), "too_large_unpacked"),
        (changed(SOUND, "xl/workbook.xml", b"<sheets>", b"<shots>"), "damaged"),
        (changed(SOUND, SHEET, b"<sheetData>", b"<sheetData><row>"), "damaged"),
        (book([["type"]]), "no_survey"),
    ],
    ids=["empty", "text", "xls", "half", "large", "bomb", "no sheets", "broken xml", "no rows"],
)
def test_a_file_that_is_no_workbook(content: bytes, code: str) -> None:
    started = time.process_time()
    assert places(content, "evening") == [("/", code)]
    assert time.process_time() - started < 5


def test_an_entity_is_never_followed(tmp_path: object) -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>\n<worksheet'
    hostile = changed(SOUND, SHEET, b"<worksheet", entity)
    assert places(hostile) == [("/", "entities")]


def test_entities_that_multiply_are_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n<styleSheet'
    hostile = changed(SOUND, "xl/styles.xml", b"<styleSheet", laughs)
    assert places(hostile) == [("/", "entities")]


def test_ten_thousand_rows() -> None:
    content = asks(*[["text", f"q{number}", "Why?"] for number in range(10_000)])
    assert places(content) == [(f"/survey/{MOST_ROWS + 1}", "too_many_rows")]


def test_one_cell_a_million_rows_below() -> None:
    made = openpyxl.load_workbook(BytesIO(SOUND))
    made["survey"]["A1000000"] = "text"
    assert places(saved(made)) == [(f"/survey/{MOST_ROWS + 1}", "too_many_rows")]


def test_a_cell_in_the_last_column() -> None:
    made = openpyxl.load_workbook(BytesIO(SOUND))
    made["survey"]["XFD2"] = "x"
    assert places(saved(made)) == [("/survey/2", "too_many_columns")]


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        '=HYPERLINK("http://example.org")',
        "=cmd|' /C calc'!A0",
        "=" + "REPT(" * 60 + '"x"' + ",9)" * 60,
    ],
)
def test_a_formula_is_refused_and_never_worked_out(formula: str) -> None:
    errors = refusals(asks(["text", "why", formula]))
    assert [(one.pointer, one.code) for one in errors] == [("/survey/2/label", "formula")]
    assert errors[0].message == (
        "Sheet survey, row 2, column C (label): This is a formula. Write its value instead: nothing is worked out."
    )


def test_a_thousand_formulas_are_told_as_a_hundred() -> None:
    errors = refusals(asks(*[["text", f"q{number}", "=A1&A1"] for number in range(1_000)]))
    assert len(errors) == 100


def test_merged_cells() -> None:
    made = openpyxl.load_workbook(BytesIO(asks(["text", "a", "A"], ["text", "b", "B"])))
    made["survey"].merge_cells("C2:C3")
    assert places(saved(made))[0] == ("/survey/2/C", "merged")


def test_numbers_and_texts_are_the_same() -> None:
    choices: Table = [["list_name", "name", "label"], ["ab", 1, 1.0], ["ab", "2", True]]
    survey: Table = [
        ["type", "name", "label", "relevant"],
        ["select_one ab", "q", 12.5],
        ["text", "r", "R", "${q} = 2"],
    ]
    question = reads(book(survey, choices)).definition.questions[0].model_dump(mode="json")
    assert question["label"] == {"en": "12.5"}
    assert [(one["value"], one["label"]["en"]) for one in question["options"]] == [("1", "1"), ("2", "TRUE")]


def test_a_long_cell() -> None:
    assert places(asks(["text", "a", "x" * 30_000])) == [("/survey/2/label", "too_long")]


def test_a_choice_twice_and_a_choice_without_a_list() -> None:
    choices: Table = [
        ["list_name", "name", "label"],
        ["ab", "a", "A"],
        ["ab", "a", "Again"],
        [None, "b", "B"],
    ]
    content = book([["type", "name", "label"], ["select_one ab", "q", "Q?"]], choices)
    assert places(content) == [("/choices/3/name", "choice_twice"), ("/choices/4/list_name", "missing")]


def test_more_questions_than_an_instrument_can_have() -> None:
    errors = refusals(asks(*[["text", f"q{number}", "Why?"] for number in range(501)]))
    assert len(errors) >= 1


def test_no_form_id_and_no_name() -> None:
    content = book([["type", "name", "label"], ["text", "a", "A"]], settings=[])
    assert places(content) == [("/settings/2/form_id", "missing")]
