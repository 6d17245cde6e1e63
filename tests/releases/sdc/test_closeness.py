"""l-diversity and t-closeness of the published tables."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.sdc.closeness import (
    equal_distance,
    fewest_values,
    ordered_distance,
    shares,
    t_closeness,
)

# Li, Li, Venkatasubramanian 2007, the table of salaries (in thousands): (ZIP code, age) at 476**, 2* and so on
AGES = ["2*", "2*", "2*", ">=40", ">=40", ">=40", "3*", "3*", "3*"]
SALARIES = ["3", "4", "5", "6", "11", "8", "7", "9", "10"]
ORDER = ["3", "4", "5", "6", "7", "8", "9", "10", "11"]
ROWS = [(age,) for age in AGES]
SETS = [frozenset({salary}) for salary in SALARIES]


def of(*values: str) -> dict[str, Fraction]:
    return shares([frozenset({value}) for value in values])


def test_the_published_distances_of_salaries() -> None:
    whole = shares(SETS)
    assert ordered_distance(of("3", "4", "5"), whole, ORDER) == Fraction("0.375")
    assert round(float(ordered_distance(of("6", "8", "11"), whole, ORDER)), 4) == 0.1667
    assert t_closeness(ROWS, SETS, ORDER) == 0.375
    assert t_closeness(ROWS, SETS) == 2 / 3


def test_equal_distance_is_half_the_sum_of_differences() -> None:
    assert equal_distance(of("a", "b"), of("a", "a", "b", "c")) == Fraction(1, 4)
    assert equal_distance(of("a"), of("b")) == 1
    assert ordered_distance(of("a"), of("c"), ["a", "b", "c"]) == 1
    assert ordered_distance(of("a"), of("b"), ["a", "b", "c"]) == Fraction(1, 2)
    assert ordered_distance(of("a"), of("a"), ["a"]) == 0


def test_a_participant_of_two_values_counts_half_for_each_and_one_of_none_not_at_all() -> None:
    assert shares([frozenset("ab"), frozenset("a"), frozenset()]) == {
        "a": Fraction(3, 4),
        "b": Fraction(1, 4),
    }
    assert t_closeness([("x",), ("y",), ("y",)], [frozenset("a"), frozenset("a"), frozenset()]) == 0
    assert t_closeness([("x",)], [frozenset()]) == 0
    assert t_closeness([], []) == 0
    assert fewest_values([("x",), ("x",), ("y",)], [frozenset("a"), frozenset("b"), frozenset()]) == 2


def test_an_order_that_lacks_or_repeats_a_value_is_refused() -> None:
    for order in (["a"], ["a", "b", "b"]):
        with pytest.raises(ValueError, match="every value once"):
            ordered_distance(of("a"), of("b"), order)


VALUES = st.lists(st.sampled_from("abcd"), min_size=1, max_size=8)


@given(VALUES, VALUES)
def test_distances_are_distances(one: list[str], other: list[str]) -> None:
    p, q = of(*one), of(*other)
    for far in (equal_distance(p, q), ordered_distance(p, q, "abcd")):
        assert 0 <= far <= 1
        assert (far == 0) == (p == q)
    assert equal_distance(p, q) == equal_distance(q, p)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("abc")), max_size=12))
def test_merging_classes_never_raises_t_nor_lowers_l(people: list[tuple[str, str]]) -> None:
    values = [frozenset({value}) for _, value in people]
    fine, coarse = [(row,) for row, _ in people], [("z" if row == "y" else row,) for row, _ in people]
    assert t_closeness(coarse, values) <= t_closeness(fine, values)
    assert t_closeness(coarse, values, "abc") <= t_closeness(fine, values, "abc")
    assert fewest_values(coarse, values) >= fewest_values(fine, values)
