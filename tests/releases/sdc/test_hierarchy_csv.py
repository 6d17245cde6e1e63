"""Hierarchies as files, in the form that ARX reads and writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.sdc.hierarchy import Hierarchy, HierarchyError
from api.releases.sdc.hierarchy_csv import HierarchyLineError, read, write

LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1).filter(
    lambda label: label not in {"*", "\ufeff"} and not label.startswith("\ufeff")
)


def test_a_file_of_arx_is_read() -> None:
    found = read("age", "\ufeff19;[10, 20[;*\r\n21;[20, 30[;*\r\n\r\n")
    assert found.levels == {"19": ("19", "[10, 20[", "*"), "21": ("21", "[20, 30[", "*")}


@given(st.dictionaries(LABELS, st.integers(0, 2), min_size=1))
def test_what_was_written_is_read_again(groups: dict[str, int]) -> None:
    hierarchy = Hierarchy.from_ancestors(
        "any", {value: [f"group \x7f{group}"] for value, group in groups.items()}
    )
    assert read("any", write(hierarchy)) == hierarchy


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a;x;*\nb;*\n", 2, "2 columns"),
        ("a;x;*\nb;x\n", 2, "2 columns"),
        ("a\n", 1, "must end with"),
        ("a;x;y\n", 1, "must end with"),
        ("a;*;*\n", 1, "nowhere else"),
        ("a;x;*\n\nb; ;*\n", 3, "empty"),
        ("a;x;*\nb;x;*\na;x;*\n", 3, "given before"),
        ("a;x;1;*\nb;x;2;*\n", 2, "two parents"),
        ("a;x;a;*\n", 1, "a cycle"),
        ('a;x;*\nb;"x;*\n', 2, "not CSV"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(HierarchyLineError, match=words) as found:
        read("any", text)
    assert found.value.line == line
    assert str(found.value).startswith(f"Line {line}: ")


@pytest.mark.parametrize("text", ["", "\n\n", "a;b;*\nb;b;*\nc;c;*\n"])
def test_what_only_the_whole_shows_is_refused(text: str) -> None:
    with pytest.raises(HierarchyError):
        read("any", text)
