"""Participants whose attributes changed over time."""

from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.sdc.hierarchy import Hierarchy, HierarchyError
from api.releases.sdc.lattice import solve
from api.releases.sdc.multiset import described, joined
from tests.releases.sdc.test_differences import REGION, SECTOR

Row = tuple[str, ...]
BOTH = [SECTOR, REGION]


def test_a_history_is_one_row_whatever_its_order() -> None:
    old, new = ("council", "Leeds"), ("university", "Exeter")
    rows, found = described([[old, new], [new, old], [old, old], [old, new, old]], BOTH)
    assert rows == [
        ("council + university", "Leeds + Exeter"),
        ("council + university", "Leeds + Exeter"),
        ("council", "Leeds"),
        ("council + council + university", "Leeds + Leeds + Exeter"),
    ]
    assert [found[1].generalise("Leeds + Exeter", level) for level in range(3)] == [
        "Leeds + Exeter",
        "North + South",
        "*",
    ]


def test_who_had_what_together_is_kept_apart() -> None:
    one, other = (
        [("council", "Leeds"), ("university", "York")],
        [("council", "York"), ("university", "Leeds")],
    )
    rows, _ = described([one, other], BOTH)
    assert rows[0] != rows[1]


def test_a_move_within_the_north_is_no_change_there() -> None:
    rows, found = described([[("Leeds",), ("York",)], [("Leeds",)]], [REGION])
    assert [found[0].generalise(row[0], 1) for row in rows] == ["North", "North"]


def test_two_moves_between_north_and_south_are_alike_there() -> None:
    rows, found = described([[("Exeter",), ("Leeds",)], [("York",), ("Exeter",)]], [REGION])
    assert {found[0].generalise(row[0], 1) for row in rows} == {"North + South"}


def test_an_answer_that_came_later_is_a_change() -> None:
    rows, found = described([[("",), ("Leeds",)]], [REGION])
    assert rows == [("(no answer) + Leeds",)]
    assert found[0].generalise(rows[0][0], 1) == "(no answer) + North"


def test_the_lattice_takes_histories_as_rows() -> None:
    stayed, moved = [("Leeds",)], [("Leeds",), ("York",)]
    rows, found = described([stayed] * 5 + [moved], [REGION])
    solution = solve(rows, found, 5, 0.0)
    assert solution.node == (1,)
    assert set(solution.rows) == {("North",)}
    assert solve(*described([stayed] * 5 + [moved] * 5, [REGION]), 5, 0.0).class_sizes == (5, 5)


def test_values_that_read_like_joint_ones_are_kept_apart_or_refused() -> None:
    assert joined(["a + b", "c"]) == "a \\+ b + c" != joined(["a", "b + c"])
    odd = Hierarchy.flat("odd", ["a", "b", "a + b", "(no answer)"])
    for history in ([("a",), ("b",)], [("(no answer)",), ("a",)]):
        with pytest.raises(HierarchyError, match="reads like a joint one"):
            described([history], [odd])


def test_impossible_histories_are_refused() -> None:
    for history in ([], [("council",)]):
        with pytest.raises(ValueError, match="at least one tuple of 2 values"):
            described([history], BOTH)
    with pytest.raises(HierarchyError, match="does not know"):
        described([[("Hull",)]], [REGION])


TUPLES = st.tuples(st.sampled_from([*SECTOR.levels, ""]), st.sampled_from([*REGION.levels, ""]))
HISTORIES = st.lists(st.lists(TUPLES, min_size=1, max_size=4), min_size=1, max_size=6)


def multiset(history: list[tuple[str, str]]) -> Counter[Row]:
    return Counter(row for row, _ in groupby(history))


@given(HISTORIES)
def test_rows_are_equal_exactly_if_the_multisets_are(histories: list[list[tuple[str, str]]]) -> None:
    rows, found = described(histories, BOTH)
    for i, one in enumerate(histories):
        for j, other in enumerate(histories):
            assert (rows[i] == rows[j]) == (multiset(one) == multiset(other))
    for h, cells in zip(found, zip(*rows, strict=True), strict=True):
        assert all(h.contains(cell) for cell in cells)
