"""Hierarchies as files, as ARX reads and writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.sdc import hierarchy_csv
from api.releases.sdc.hierarchy import Hierarchy, HierarchyError
from api.releases.sdc.hierarchy_csv import HierarchyLineError, read, write
from tests.releases.sdc.test_lattice import AGE, SEVEN_HIERARCHIES, ZIP
from tests.releases.sdc.test_risk import DATA, needs_data

REGION = Hierarchy.from_ancestors("region", {"Leeds": ["North"], "York": ["North"], "Exeter": ["South"]})
TEXT = "Leeds;North;*\nYork;North;*\nExeter;South;*\n"
DISEASES = {
    "gastric ulcer": ["stomach disease", "digestive system disease"],
    "gastritis": ["stomach disease", "digestive system disease"],
    "flu": ["respiratory infection", "vascular lung disease"],
    "bronchitis": ["respiratory infection", "vascular lung disease"],
    "pneumonia": ["respiratory infection", "vascular lung disease"],
    "stomach cancer": ["stomach disease", "digestive system disease"],
}


def test_a_hierarchy_is_written_one_line_per_value() -> None:
    assert write(REGION) == TEXT


@pytest.mark.parametrize(
    "data",
    [
        TEXT,
        "\ufeff" + TEXT,
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.rstrip().encode(),
        TEXT.replace("\n", "\n\n").encode(),
        b'"Leeds";"North";"*"\n"York";North;*\nExeter;South;*',
        TEXT.replace("*", "*****").encode(),
        TEXT.replace("*", "the whole country").encode(),
    ],
)
def test_a_hierarchy_is_read_however_it_was_saved(data: str | bytes) -> None:
    assert read("region", data, ["Leeds", "Exeter", ""]) == REGION


def test_semicolons_and_quotes_are_quoted() -> None:
    odd = Hierarchy.from_ancestors("odd", {'a;"b"': ["x;y"], " c ": ["x;y"]})
    assert write(odd) == '"a;""b""";"x;y";*\n c ;"x;y";*\n'
    assert read("odd", write(odd)) == odd


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("Leeds,North,*\n", 1, "one column"),
        ("Leeds\n", 1, "one column"),
        ("a;*\nb;x;*\n", 2, "3 columns, line 1 has 2"),
        ("a;" * 20 + "*\n", 1, "21 columns"),
        ("a;x;*\nb;;*\n", 2, "column 2 is empty"),
        ("a;x;*\n\nb; ;*\n", 3, "column 2 is empty"),
        ("a;x;*\n;x;*\n", 2, "column 1 is empty"),
        ("a;x;*\n\nb;x;\n", 3, "column 3 is empty"),
        ("a;x\0;*\n", 1, "control character"),
        ('a;"x\ny";*\n', 2, "line break"),
        ("a;" + "x" * 201 + ";*\n", 1, "longer than 200"),
        ("a;*\nb;+\n", 2, "the last column differs from line 1"),
        ("a;x;*\nb;y;*\na;y;*\n", 3, "given before, on line 1"),
        ("a;*;*\n", 1, "below the top"),
        ("*;*\n", 1, "below the top"),
        ("a;b;a;*\n", 1, "a cycle"),
        ("a;x;n;*\nb;x;s;*\n", 2, "column 2 has two parents: another one on line 1"),
        ("a;b;*\nb;c;*\n", 1, "different values in column 1 and in column 2"),
        ('a;"x;*\n', 1, "that is not closed"),
        ('a;"x"y;*\n', 1, "that is not closed"),
    ],
)
def test_a_file_that_cannot_be_read_one_way_is_refused_by_its_line(
    text: str, line: int, sentence: str
) -> None:
    with pytest.raises(HierarchyLineError, match=sentence) as refusal:
        read("h", text.encode())
    assert refusal.value.line == line
    assert str(refusal.value).startswith(f"Line {line}: ")


@pytest.mark.parametrize("text", ["", "\n\r\n", b"", b"\xef\xbb\xbf\n"])
def test_a_file_without_values_is_refused(text: str | bytes) -> None:
    with pytest.raises(HierarchyError, match="lists no values"):
        read("h", text)


def test_a_value_without_a_line_is_missed() -> None:
    with pytest.raises(HierarchyError, match="lacks 2 of the values"):
        read("region", TEXT.encode(), ["Leeds", "Hull", "Bath"])


def test_other_encodings_and_huge_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HierarchyLineError, match="Line 2: this is not UTF-8"):
        read("h", b"a;*\n\xe9;*\n")
    with pytest.raises(HierarchyLineError, match="Line 1: this is not UTF-8"):
        read("h", TEXT.encode("utf-16"))
    with pytest.raises(HierarchyError, match="at most 5000000 bytes"):
        read("h", b"x" * (hierarchy_csv.MOST_BYTES + 1))
    monkeypatch.setattr(hierarchy_csv, "MOST_LINES", 2)
    with pytest.raises(HierarchyLineError, match="Line 3: this is one too many"):
        read("h", TEXT.encode())


def test_a_label_that_could_not_be_read_back_is_not_written() -> None:
    for label in ("a\nb", "\ufeffa", "x" * 201):
        with pytest.raises(HierarchyError, match="no hierarchy file can hold"):
            write(Hierarchy.flat("h", [label]))


def from_file(folder: str, file: str) -> Hierarchy:
    return read(file, (DATA / "anonymisation" / folder / f"{file}.csv").read_bytes())


@needs_data
def test_the_published_files_are_read() -> None:
    names = ("age", "gender", "zipcode")
    found = [from_file("seven_row", f"test_hierarchy_{name}").levels for name in names]
    assert found == [hierarchy.levels for hierarchy in SEVEN_HIERARCHIES]
    assert (len(AGE), len(ZIP)) == (100, 4)
    diseases = Hierarchy.from_ancestors("Disease", DISEASES)
    assert from_file("t_closeness", "test2_hierarchy_Disease").levels == diseases.levels
    ages = from_file("t_closeness", "test2_hierarchy_Age")
    assert [ages.generalise(age, 1) for age in ("29", "43", "30")] == ["[20,30[", ">=40", "[30,40["]
    places = from_file("t_closeness", "test2_hierarchy_ZIPCode")
    assert [places.generalise("47905", level) for level in range(6)] == [
        "47905",
        "4790*",
        "479**",
        "47***",
        "4****",
        "*",
    ]


LABEL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=6
).filter(lambda label: bool(label.strip()))


@given(st.sets(LABEL, min_size=1, max_size=8), st.lists(LABEL, max_size=3, unique=True), st.data())
def test_what_is_written_is_read_back(values: set[str], groups: list[str], data: st.DataObject) -> None:
    groups = [group for group in groups if group not in values]
    paths = {
        value: [data.draw(st.sampled_from(groups))] if groups else []
        for value in sorted(values - {"*"})
        if "\ufeff" not in value
    }
    if not paths or "*" in groups or any("\ufeff" in group for group in groups):
        return
    hierarchy = Hierarchy.from_ancestors("h", paths)
    assert read("h", write(hierarchy), paths) == hierarchy
    assert list(read("h", write(hierarchy)).levels) == list(hierarchy.levels)
