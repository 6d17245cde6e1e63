"""docs/security.md covers ASVS 5.0.0, levels 1 and 2, whole and once, and names only tests that exist."""

import ast
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from tests.meta.repository import ROOT

PAGE = ROOT / "docs" / "security.md"
# How many requirements of level 1 and 2 each section has. Within a section they are the first ones.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2   2.1:3 2.2:3 2.3:4 2.4:1   3.2:2 3.3:4 3.4:6 3.5:5 3.7:2   4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3   6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4   7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1   9.1:3 9.2:4   10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1   12.1:3 12.2:2 12.3:4   13.1:1 13.2:5 13.3:2 13.4:5
14.1:2 14.2:4 14.3:3   15.1:3 15.2:3 15.3:7   16.1:1 16.2:5 16.3:4 16.4:3 16.5:3   17.1:1 17.2:4 17.3:2
"""
REQUIREMENTS = [
    f"{section}.{number}"
    for section, count in re.findall(r"([\d.]+):(\d+)", SECTIONS)
    for number in range(1, int(count) + 1)
]
ROW = re.compile(r"^\| ([\d., -]+) \|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
SHOWN = re.compile(r"tests/\S+::|\]\(\S+\)|`scripts/check`|by reading")


def numbers(cell: str) -> list[str]:
    """Write out `1.2.3-1.2.5, 1.3.1`."""
    found = []
    for part in cell.split(", "):
        first, _, last = part.partition("-")
        section, _, start = first.rpartition(".")
        assert not last or last.rpartition(".")[0] == section, part
        end = last.rpartition(".")[2] or start
        found += [f"{section}.{number}" for number in range(int(start), int(end) + 1)]
    return found


def covered(page: str) -> Counter[str]:
    """Count how often each requirement has a row."""
    return Counter(number for cell, _ in ROW.findall(page) for number in numbers(cell))


@lru_cache
def functions(path: Path) -> frozenset[str]:
    """Name the functions of a file of tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_every_requirement_of_level_1_and_2_stands_there_once(page: str) -> None:
    assert len(REQUIREMENTS) == 253
    assert covered(page) == Counter(REQUIREMENTS)


def test_a_number_that_is_left_out_or_doubled_is_seen(page: str) -> None:
    assert covered(page.replace("| 8.4.1 |", "| 8.3.1 |")) - Counter(REQUIREMENTS) == {"8.3.1": 1}
    assert numbers("1.2.9-1.2.10, 1.3.1") == ["1.2.9", "1.2.10", "1.3.1"]


def test_every_test_that_is_named_exists(page: str) -> None:
    named = set(TEST.findall(page))
    assert len(named) > 60
    assert len(named) == len(set(re.findall(r"tests/\S+?::\w+", page)))
    wrong = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not (ROOT / path).exists() or name not in functions(ROOT / path)
    ]
    assert wrong == []


def test_what_is_met_says_what_shows_it(page: str) -> None:
    rows = [cells for _, line in ROW.findall(page) if len(cells := line.split(" | ")) == 3]
    assert len(rows) > 100
    assert [
        words for words, how, shown in rows if "**Not met.**" not in how and not SHOWN.search(shown)
    ] == []
