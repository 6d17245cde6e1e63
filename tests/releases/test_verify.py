import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from api.core.cells import guard
from api.releases.verification.verify import Expected, verify_files

PEOPLE = [[f"p{i}", "north" if i < 5 else "south", "chief"] for i in range(10)]
ENTRIES = [[f"e{i}", f"p{i % 10}", "3", "a quiet day"] for i in range(30)]
FORBIDDEN = [
    "Ann Lee",
    "Ann Lee-Jones",
    "Li",
    "Okonkwo-Smith",
    "participant-0017",
    "participant-0018",
    "CANARY-é",
    " ",
]
QUASI = ["region", "role"]
ID = "0197f3c2-7a10-7c3e-9d55-0123456789ab"


def write(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def release(tmp_path: Path) -> Path:
    write(tmp_path / "participants.csv", ["participant", "region", "role"], PEOPLE)
    write(tmp_path / "entries.csv", ["entry", "participant", "mood", "note"], ENTRIES)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    return tmp_path


def findings(files: Path | dict[str, Path], quasi: list[str], k: int, forbidden: list[str]) -> list[str]:
    return list(verify_files(files, Expected(quasi, k, forbidden)).findings)


def found(folder: Path, k: int = 5) -> list[str]:
    return findings(folder, QUASI, k, FORBIDDEN)


def with_cell(folder: Path, cell: str) -> list[str]:
    rows = [*ENTRIES, ["e99", "p1", "3", cell]]
    write(folder / "entries.csv", ["entry", "participant", "mood", "note"], rows)
    return found(folder)


def test_a_good_release_has_no_findings(release: Path) -> None:
    assert found(release) == []
    named = {path.name: path for path in release.iterdir()}
    assert findings(named, QUASI, 5, FORBIDDEN) == []


def test_a_class_below_k_is_found(release: Path) -> None:
    assert found(release, 6) == ["participants.csv: a class of 5 participants is below k = 6."] * 2


def test_k_counts_people_and_missing_values_are_a_category(release: Path) -> None:
    rows = [*PEOPLE, ["p10", "", "chief"], ["p10", "", "chief"]]
    write(release / "participants.csv", ["participant", "region", "role"], rows)
    assert found(release) == [
        "participants.csv record 13: a participant without a pseudonym, or there already.",
        "participants.csv: a class of 1 participants is below k = 5.",
    ]


def test_without_quasi_identifiers_everybody_is_one_class(release: Path) -> None:
    assert findings(release, [], 10, []) == []
    assert findings(release, [], 11, []) == ["participants.csv: a class of 10 participants is below k = 11."]


def test_every_entry_belongs_to_one_participant_and_stands_once(release: Path) -> None:
    rows = [*ENTRIES, ["e30", "p77", "", ""], ["e30", "p1", "", ""], ["", "p1", "", ""]]
    write(release / "entries.csv", ["entry", "participant", "mood", "note"], rows)
    assert sorted(found(release)) == [
        "entries.csv record 32: a participant who is not in participants.csv.",
        "entries.csv record 33: an entry without an id, or there already.",
        "entries.csv record 34: an entry without an id, or there already.",
    ]


def test_a_repeated_quasi_identifier_says_the_same(release: Path) -> None:
    write(release / "prompts.csv", ["participant", "region"], [["p1", "north"], ["p2", "Leeds"]])
    assert found(release) == ["prompts.csv record 3: a quasi-identifier that differs from participants.csv."]


@pytest.mark.parametrize(
    "cell", ["=1+1", "  +x", "-x", "@a", "\tx", "\nx", "\0x", "＝x", "\u3000=x", "-1-1", "+5"]
)
def test_a_cell_that_could_run_is_found(release: Path, cell: str) -> None:
    assert with_cell(release, cell) == [
        "entries.csv record 32 column 4: a cell that a spreadsheet could run as a formula."
    ]
    assert with_cell(release, guard(cell)) == []


@pytest.mark.parametrize("cell", ["-5", "-0.25", "1e-07", "-1.5E+3", "'=x", "a=b"])
def test_numbers_and_plain_text_are_fine(release: Path, cell: str) -> None:
    assert with_cell(release, cell) == []


def test_headers_are_looked_at_too(release: Path) -> None:
    write(release / "codebook.csv", ["key", "=label"], [])
    write(release / "prompts.csv", ["key", "of ann lee"], [])
    assert found(release) == [
        "codebook.csv record 1 column 2: a cell that a spreadsheet could run as a formula.",
        "prompts.csv record 1 column 2: a forbidden string.",
    ]


def test_the_studys_own_wording_may_hold_what_is_also_somebodys_name(release: Path) -> None:
    write(release / "codebook.csv", ["key", "label"], [["will", "Ann Lee is an example of a name."]])
    assert found(release) == []


@pytest.mark.parametrize(
    "cell",
    [
        "met ANN LEE again",
        "by Ann \n Lee",
        "Li said",
        "“Li”",
        "okonkwo-smiths",
        "xparticipant-0018x",
        "canary-É",
        "ＡＮＮ　ＬＥＥ",
    ],
)
def test_a_forbidden_string_is_found_and_not_repeated(release: Path, cell: str) -> None:
    assert with_cell(release, cell) == ["entries.csv record 32 column 4: a forbidden string."]


@pytest.mark.parametrize("cell", ["a lively liaison", "Lin", "participant-001", "okonkwo", "ann elee"])
def test_a_short_name_inside_a_word_is_not_a_finding(release: Path, cell: str) -> None:
    assert with_cell(release, cell) == []


def test_addresses_and_identifiers_are_found_without_being_listed(release: Path) -> None:
    kinds = {"write to a.b@place.test, please": "an e-mail address", f"see {ID.upper()}": "a UUID"}
    kinds[ID.replace("-", "")] = "a UUID"
    for cell, kind in kinds.items():
        assert with_cell(release, cell) == [f"entries.csv record 32 column 4: {kind}."]
    assert with_cell(release, "a" * 64) == []  # a SHA-256 is no UUID
    assert with_cell(release, "6 @ 5 o'clock") == []


def test_many_findings_of_one_kind_are_counted(release: Path) -> None:
    write(release / "entries.csv", ["entry", "participant"], [[f"e{i}", "gone"] for i in range(50)])
    lines = found(release)
    assert len(lines) == 21
    assert lines[-1] == "entries.csv: a participant who is not in participants.csv: 30 more of these."


def test_files_and_columns_must_be_there(release: Path) -> None:
    write(release / "entries.csv", ["entry", "mood"], [])
    write(release / "participants.csv", ["participant", "region"], PEOPLE)
    assert found(release) == [
        "entries.csv record 1: the column participant is missing.",
        "participants.csv record 1: the column role is missing.",
        "participants.csv: there are no participants.",
    ]
    (release / "entries.csv").unlink()
    assert found(release) == ["entries.csv is missing."]


def test_a_broken_file_is_a_finding_not_a_crash(release: Path) -> None:
    (release / "a.csv").write_bytes(b"")
    (release / "b.csv").write_bytes(b"x,x\r\n1,2\r\n")
    (release / "c.csv").write_bytes(b"x\r\n\xff\r\n")
    (release / "d.csv").write_bytes(b'x\r\n"a"b\r\n')
    (release / "e.csv").write_bytes(b"x,y\r\n1\r\n")
    (release / "f.csv").mkdir()
    assert found(release) == [
        "a.csv record 1: the header is empty or names a column twice.",
        "b.csv record 1: the header is empty or names a column twice.",
        "c.csv: cannot be read as UTF-8 CSV (UnicodeDecodeError).",
        "d.csv: cannot be read as UTF-8 CSV (ComputeError).",
        "e.csv record 2: more or fewer cells than the header.",
        "f.csv: cannot be read as UTF-8 CSV (IsADirectoryError).",
    ]


def test_thousands_of_forbidden_strings_are_found(release: Path) -> None:
    many = [f"participant-{i:05}" for i in range(5000)] + [f"name{i}@place.test" for i in range(5000)]
    with_cell(release, "it was participant-04321")
    assert findings(release, QUASI, 5, many) == ["entries.csv record 32 column 4: a forbidden string."]


def test_an_entry_that_another_table_names_must_be_there(release: Path) -> None:
    write(release / "options.csv", ["entry", "item"], [["e1", "1"], ["e1", "2"], ["e77", "1"]])
    write(release / "prompts.csv", ["prompt", "participant", "entry"], [["q1", "p1", ""], ["q2", "p2", "e2"]])
    assert found(release) == ["options.csv record 4: an entry that is not in entries.csv."]


def test_a_record_that_is_too_short_or_too_long_is_found_wherever_quotes_stand(release: Path) -> None:
    rows = 'a,b\r\n"x,y",""\r\n"two\nlines, ""and"" more",1\r\n"only, one"\r\n1,2,3\r\n'
    (release / "z.csv").write_bytes(rows.encode() + b"1,2\r\n" * 400_000 + b"1")
    assert found(release) == [
        f"z.csv record {number}: more or fewer cells than the header." for number in (4, 5, 400_006)
    ]


def test_distinct_values_of_a_sensitive_answer_are_recounted_per_class(release: Path) -> None:
    rows = [[f"e{i}", f"p{i % 10}", "high" if i % 10 < 5 else ("low", "high")[i % 2], ""] for i in range(30)]
    write(release / "entries.csv", ["entry", "participant", "mood", "note"], rows)
    verdict = verify_files(release, Expected(QUASI, 5, (), {"mood": ({"mood": False}, 2)}))
    assert verdict.findings == ("entries.csv: a class with 1 values of mood is below l = 2.",)
    assert (verdict.k, verdict.class_sizes, verdict.distinct_l) == (5, (5, 5), {"mood": 1})


def test_options_of_a_sensitive_question_are_its_values(release: Path) -> None:
    header = ["entry", "participant", "why__cost", "why__risk"]
    write(
        release / "entries.csv",
        header,
        [["e1", "p1", "1", "0"], ["e2", "p2", "0", "1"], ["e3", "p7", "", ""]],
    )
    expected = Expected(QUASI, 5, (), {"why": ({"why__cost": True, "why__risk": True}, 2)})
    assert verify_files(release, expected).distinct_l == {"why": 2}


def test_a_sensitive_question_of_two_instruments_is_counted_over_both(release: Path) -> None:
    header = ["entry", "participant", "day__mood", "week__mood"]
    write(release / "entries.csv", header, [["e1", "p1", "high", ""], ["e2", "p2", "", "low"]])
    expected = Expected(QUASI, 5, (), {"mood": ({"day__mood": False, "week__mood": False}, 2)})
    assert verify_files(release, expected).distinct_l == {"mood": 2}
