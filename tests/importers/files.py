"""m-Path files for tests: where the real ones are, and small ones written by hand."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

FIXED = [
    *("connectionId", "legacyCode", "code", "alias", "initials", "accountCode", "scheduledBeepId"),
    *("sentBeepId", "reminderForOriginalSentBeepId", "questionListName", "questionListLabel"),
    *("fromProtocolName", "timeStampScheduled", "timeStampSent", "timeStampStart", "timeStampStop"),
    *("originalTimeStampSent", "timeZoneOffset", "deltaUTC"),
]
META = ["columnName", "fullQuestion", "typeQuestion", "typeAnswer"]
META += ["fullQuestion_mixed", "typeQuestion_mixed", "typeAnswer_mixed"]
MORNING = 1_713_513_600  # 2024-04-19 08:00 by the participant's own clock

Cells = dict[str, str]
Described = tuple[str, str, str]
CODEBOOK: list[Described] = [
    ("consent_yesno", "yesno", "int"),
    ("gender_multipleChoice_index", "multipleChoice", "int"),
    ("gender_multipleChoice_string", "multipleChoice", "string"),
    ("gender_multipleChoice_likert", "multipleChoice", "int"),
    ("age_open", "open", "string"),
    ("mood_sliderNegPos", "sliderNegPos", "int"),
    ("place_multipleChoice_index", "multipleChoice", "int"),
    ("place_multipleChoice_string", "multipleChoice", "string"),
    ("note_open", "open", "string"),
    ("thanks_basic", "basic", "basic"),
]


def real_folder() -> Path:
    """The real study; where it is absent a test skips with its reason, but never in CI."""
    folder = Path(os.environ.get("DAYBOOK_DATA") or Path(__file__).parents[3] / "shared" / "data")
    if not folder.is_dir() and "CI" not in os.environ:
        pytest.skip("the published data sets are not on this machine")
    return folder / "mpath"


def plain_rows(path: Path) -> list[dict[str, str | None]]:
    """Read a file with nothing but the standard library."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [dict(row) for row in csv.DictReader(file, delimiter=";")]


def choice(name: str, index: str, wording: str) -> Cells:
    """The cells of one choice."""
    return {f"{name}_multipleChoice_index": index, f"{name}_multipleChoice_string": wording}


def intake(who: str, gender: tuple[str, str] = ("1", '"Female"'), age: str = '"34"', **more: str) -> Cells:
    """Consent and intake: a row that the participant started."""
    row = {"connectionId": who, "alias": f"Alias{who}", "scheduledBeepId": "-1", "sentBeepId": f"1{who}"}
    row |= {"questionListName": "Consent and intake", "timeStampScheduled": "0", "timeZoneOffset": "7200"}
    row |= {"timeStampSent": str(MORNING), "timeStampStart": str(MORNING), "timeStampStop": str(MORNING + 60)}
    return (
        row | {"consent_yesno": "1", "age_open": age, "thanks_basic": "1"} | choice("gender", *gender) | more
    )


def beep(who: str, number: int, answers: Cells | None = None, **more: str) -> Cells:
    """A planned prompt, an hour after the one before; without answers it was missed."""
    at = MORNING + 3600 * (number + 1)
    row = {"connectionId": who, "scheduledBeepId": f"2{who}{number}", "sentBeepId": f"3{who}{number}"}
    row |= {"questionListName": "main_questionnaire", "fromProtocolName": "small", "timeZoneOffset": "7200"}
    row |= {"timeStampScheduled": str(at + number), "timeStampSent": str(at + 60)}
    if answers is not None:
        row |= {"timeStampStart": str(at + 120), "timeStampStop": str(at + 180)} | answers
    return row | more


def two_people() -> list[Cells]:
    """Two people: an intake each, three answered prompts, one missed."""
    home = choice("place", "1", '"At home"')
    return [
        intake("901"),
        intake("902", ("2", '"Male"'), '"41"'),
        beep("901", 0, {"mood_sliderNegPos": "70", "note_open": '"A caf\\u00e9"'} | home),
        beep("901", 1, {"mood_sliderNegPos": "0"} | choice("place", "2", '"woods"')),
        beep("902", 0, {"mood_sliderNegPos": "55"} | home),
        beep("902", 1),
    ]


def write(
    folder: Path,
    rows: Sequence[Mapping[str, str]],
    codebook: Sequence[Described] = tuple(CODEBOOK),
    *,
    columns: Sequence[str] = (),
    separator: str = ";",
) -> tuple[Path, Path]:
    """Write both files and return their paths."""
    named = [*FIXED, *(name for name, *_ in codebook), *columns]
    basic, meta = folder / "basic.csv", folder / "meta.csv"
    basic.write_text(
        _csv(named, [[row.get(name, "") for name in named] for row in rows], separator), "utf-8-sig"
    )
    meaning = [[name, f"<p>{name}?</p>", kind, answer, "0", "0", "0"] for name, kind, answer in codebook]
    meta.write_text(_csv(META, meaning, separator), "utf-8-sig")
    return basic, meta


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]], separator: str) -> str:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return made.getvalue()
