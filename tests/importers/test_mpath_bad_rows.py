"""Rows, cells and columns that cannot be imported: named, counted, and the rest kept."""

from pathlib import Path

import pytest

from tests.importers.files import CODEBOOK, beep, intake, two_people, write
from tests.importers.house import House


def test_a_failure_half_way_stores_nothing(house: House, tmp_path: Path) -> None:
    before = house.counts()

    def stumble(_: int) -> None:
        if len(stumbles) == 1:
            raise KeyboardInterrupt
        stumbles.append(1)

    stumbles: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        house.take(write(tmp_path, two_people()), advance=stumble)
    assert stumbles
    assert house.counts() == before


def test_rows_that_cannot_be_imported_are_named_and_the_others_kept(house: House, tmp_path: Path) -> None:
    good = beep("901", 0, {"mood_sliderNegPos": "70"})
    rows = [
        intake("901"),
        good,
        good,
        beep("901", 1, {"mood_sliderNegPos": "1"}, timeStampStart="noon"),
        beep("901", 2, {"mood_sliderNegPos": "1"}, timeZoneOffset=""),
        beep("901", 3, {"mood_sliderNegPos": "1"}, timeStampStop="1000000000"),
        beep("901", 4, {"mood_sliderNegPos": "1"}, questionListName=""),
        beep("901", 5, {"mood_sliderNegPos": "1"}, timeStampScheduled=""),
        beep("901", 6, scheduledBeepId="-1"),
        beep("902", 0, {"mood_sliderNegPos": "1"}),
        intake("903", consent_yesno="0"),
        beep("", 0, {"mood_sliderNegPos": "1"}),
    ]
    _, report = house.take(write(tmp_path, rows))
    assert report.accounted
    assert sum(map(len, report.refusals.values())) == 10
    assert report.refusals == {
        "the very same row stands in the file before": [4],
        "one of its times is not a time": [5],
        "its time zone offset is missing or impossible": [6],
        "it was finished before it was started": [7],
        "it names no questionnaire": [8],
        "it was planned, but its time is missing": [9],
        "it was neither planned nor answered": [10],
        "the file holds no consent of this person": [13, 11, 12],
    }
    assert house.counts()["entry"] == 2
    assert house.counts()["participant"] == 1


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ({"mood_sliderNegPos": "101"}, "mood_sliderNegPos", "not from 0 to 100"),
        ({"mood_sliderNegPos": "-1"}, "mood_sliderNegPos", "not from 0 to 100"),
        ({"mood_sliderNegPos": "7.5"}, "mood_sliderNegPos", "not a whole number"),
        ({"consent_yesno": "maybe"}, "consent_yesno", "neither 0 nor 1"),
        ({"note_open": '" "'}, "note_open", "a blank text"),
        ({"note_open": '"half \\ud83d"'}, "note_open", "bad characters"),
        ({"note_open": '"zero \\u0000"'}, "note_open", "bad characters"),
        ({"note_open": '"broken'}, "note_open", "not a list of quoted texts"),
        ({"note_open": '"' + "x" * 20_001 + '"'}, "note_open", "too long"),
        ({"place_multipleChoice_index": "1"}, "place_multipleChoice_index", "not a list of quoted texts"),
        (
            {"place_multipleChoice_index": "1,2", "place_multipleChoice_string": '"At home","Out"'},
            "place_multipleChoice_index",
            "several options where one may be chosen",
        ),
        (
            {"place_multipleChoice_index": "1", "place_multipleChoice_string": '"At home","Out"'},
            "place_multipleChoice_index",
            "as many numbers as texts are needed",
        ),
        ({"age_open": '"old"'}, "age_open", "not a whole number"),
    ],
)
def test_a_cell_that_is_no_answer_is_counted_and_its_row_kept(
    house: House, tmp_path: Path, cells: dict[str, str], column: str, why: str
) -> None:
    rows = [*two_people(), beep("901", 5, cells | {"thanks_basic": "1"})]
    _, report = house.take(write(tmp_path, rows))
    assert report.accounted
    assert report.lost == {(column, why): [8]}
    assert house.counts()["entry"] == 6


def test_columns_that_fit_nothing_are_named(house: House, tmp_path: Path) -> None:
    codebook = [*CODEBOOK, ("face_photo", "photo", "string")]
    rows = [*two_people(), beep("901", 5, {"face_photo": '"me.jpg"', "weather": "1"})]
    _, report = house.take(write(tmp_path, rows, codebook, columns=["weather"]))
    assert report.left_out["face_photo"] == ("no type of question here fits m-Path's photo", 1)
    assert report.left_out["weather"] == ("the codebook does not describe it", 1)
    assert report.left_out["thanks_basic"] == ("says only that a text was shown", 2)
    assert "me.jpg" not in house.everything()
