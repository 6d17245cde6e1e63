import csv
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from api.releases.sdc import lattice
from api.releases.sdc.hierarchy import MISSING, SUPPRESSED, Hierarchy, HierarchyError
from api.releases.sdc.lattice import Unreachable, solve
from api.releases.sdc.risk import k_anonymity, prosecutor
from api.releases.sdc.safety import Sensitive
from tests.releases.sdc.plain import Row, at, nodes

DATA = Path(os.environ.get("DAYBOOK_DATA") or Path(__file__).parents[3].parent / "shared/data")
needs_data = pytest.mark.skipif(
    not DATA.is_dir() and "CI" not in os.environ, reason="the published data sets are not on this machine"
)

ZIP = {z: [z[:n] + "*" * (5 - n) for n in (4, 3, 2, 1)] for z in ("81667", "81675", "81925", "81931")}
AGE = {str(age): ["<50" if age < 50 else ">=50"] for age in range(1, 101)}
SEVEN: list[Row] = [
    ("34", "male", "81667"),
    ("45", "female", "81675"),
    ("66", "male", "81925"),
    ("70", "female", "81931"),
    ("34", "female", "81931"),
    ("70", "male", "81931"),
    ("45", "male", "81931"),
]
SEVEN_HIERARCHIES = [
    Hierarchy.from_ancestors("age", AGE),
    Hierarchy.flat("gender", ["male", "female"]),
    Hierarchy.from_ancestors("zipcode", ZIP),
]


# --- the published example


def test_the_seven_row_example_has_its_two_minimal_nodes() -> None:
    safe = [
        n for n in nodes(SEVEN_HIERARCHIES, (0, 0, 0)) if k_anonymity(at(SEVEN, SEVEN_HIERARCHIES, n)) >= 2
    ]
    minimal = [
        n for n in safe if not any(m != n and all(a <= b for a, b in zip(m, n, strict=True)) for m in safe)
    ]
    assert minimal == [(1, 1, 2), (2, 0, 3)]
    sizes = [Counter(at(SEVEN, SEVEN_HIERARCHIES, n)).values() for n in minimal]
    assert [prosecutor(people, 2).average for people in sizes] == [3 / 7, 2 / 7]


def test_the_seven_row_optimum_has_the_published_risks() -> None:
    solution = solve(SEVEN, SEVEN_HIERARCHIES, 2, 0.0)
    assert solution.node == (1, 1, 2)
    assert solution.class_sizes == (2, 2, 3)
    assert (solution.k_reached, solution.suppressed, solution.recoded, solution.cells_suppressed) == (
        2,
        0,
        0,
        0,
    )
    risk = prosecutor(solution.class_sizes, 2)
    assert (risk.highest, risk.average) == (1 / 2, 3 / 7)
    ages = (4 * 48 + 3 * 50) / (7 * 99)
    assert solution.loss == pytest.approx({"age": ages, "gender": 1.0, "zipcode": 1 / 3})


@needs_data
def test_the_seven_row_files_say_the_same() -> None:
    def read(name: str) -> list[list[str]]:
        with (DATA / "anonymisation/seven_row" / name).open(encoding="utf-8") as file:
            return list(csv.reader(file, delimiter=";"))

    header, *rows = read("test.csv")
    found = [
        Hierarchy.from_ancestors(name, {path[0]: path[1:-1] for path in read(f"test_hierarchy_{name}.csv")})
        for name in header
    ]
    assert found == SEVEN_HIERARCHIES
    assert solve([tuple(row) for row in rows], found, 2, 0.0) == solve(SEVEN, SEVEN_HIERARCHIES, 2, 0.0)


# --- small tables, worked by hand

AB = Hierarchy.flat("letter", "abcdefgh")
TOWNS = Hierarchy.from_ancestors("town", {t: ["N" if t < "5" else "S"] for t in "12345678"})


def test_a_table_that_is_safe_already_stays_as_it_is() -> None:
    rows = [("a",)] * 5 + [("b",)] * 6
    solution = solve(rows, [AB], 5)
    assert solution.rows == tuple(rows)
    assert solution.node == (0,)
    assert solution.loss == {"letter": 0.0}
    assert solution.class_sizes == (5, 6)


def test_one_person_below_k_is_not_suppressed_but_everybody_generalised() -> None:
    solution = solve([("1",)] * 9 + [("2",)] * 10 + [("8",)], [TOWNS], 5)
    assert solution.node == (2,)
    assert set(solution.rows) == {(SUPPRESSED,)}
    assert solution.suppressed == 20
    assert solution.cells_suppressed == 0  # the node itself puts every star


def test_a_remainder_of_k_people_is_written_as_stars() -> None:
    rows = [("a",)] * 60 + [("b",)] * 35 + [(x,) for x in "cdefg"]
    solution = solve(rows, [AB], 5)
    assert solution.node == (0,)
    assert solution.rows[-5:] == ((SUPPRESSED,),) * 5
    assert (solution.suppressed, solution.recoded, solution.cells_suppressed) == (5, 0, 5)
    assert solution.loss == pytest.approx({"letter": 0.05})
    assert solution.class_sizes == (5, 35, 60)


def test_a_remainder_below_k_takes_the_smallest_class_with_it() -> None:
    rows = [("a",)] * 100 + [("b",)] * 5 + [("c",)] * 2
    assert solve(rows, [AB], 5, 0.05).node == (1,)  # 7 of 107 people are above 5 %
    solution = solve(rows, [AB], 5, 0.07)
    assert solution.node == (0,)
    assert solution.class_sizes == (7, 100)


def test_the_remainder_is_recoded_in_groups_before_it_is_suppressed() -> None:
    rows = [("a", "1")] * 95 + [("b", "5"), ("b", "6"), ("b", "7"), ("b", "8"), ("b", "8")]
    solution = solve(rows, [AB, TOWNS], 5)
    assert solution.node == (0, 0)
    assert solution.rows[95:] == (("b", "S"),) * 5
    assert (solution.suppressed, solution.recoded, solution.cells_suppressed) == (0, 5, 0)
    assert solution.loss == pytest.approx({"letter": 0.0, "town": 0.05 * 3 / 7})


def test_a_missing_answer_matches_only_another_missing_answer() -> None:
    solution = solve([("1",)] * 6 + [(MISSING,)] * 5, [TOWNS], 5)
    assert solution.node == (0,)
    assert solution.rows[-1] == (MISSING,)
    assert solution.loss == {"town": 0.0}
    assert solve([("1",)] * 6 + [(MISSING,)] * 4, [TOWNS], 5).node == (2,)


def test_ties_go_to_the_lexicographically_first_node() -> None:
    two = [Hierarchy.flat("x", "ab"), Hierarchy.flat("y", "ab")]
    assert solve([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], two, 2, 0.0).node == (0, 1)


def test_without_attributes_everybody_is_one_class() -> None:
    solution = solve([()] * 7, [], 5)
    assert solution.class_sizes == (7,)
    assert solution.suppressed == 0
    assert solution.loss == {}


def test_an_attribute_of_one_value_loses_everything_only_as_a_star() -> None:
    one = Hierarchy.flat("only", ["x"])
    assert solve([("x",)] * 3, [one], 3).loss == {"only": 0.0}
    assert solve([("x",)] * 2 + [("",)], [one], 3).loss == {"only": 1.0}


@pytest.mark.parametrize("people", [0, 1, 4])
def test_k_is_never_lowered(people: int) -> None:
    with pytest.raises(Unreachable, match="cannot be reached") as refusal:
        solve([("a",)] * people, [AB], 5)
    assert (refusal.value.k, refusal.value.participants, refusal.value.best_k) == (5, people, people)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(HierarchyError, match="does not know the value 'z'"):
        solve([("z",)], [AB], 1)
    with pytest.raises(ValueError, match="at least 1"):
        solve([("a",)], [AB], 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        solve([("a",)], [AB], 1, 1.5)
    with pytest.raises(ValueError, match="same name"):
        solve([("a", "a")], [AB, AB], 1)
    with pytest.raises(ValueError, match="needs 1 values"):
        solve([("a", "a")], [AB], 1)


def test_a_table_below_k_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    account = lattice._account
    monkeypatch.setattr(lattice, "_account", lambda *given: replace(account(*given), k_reached=1))
    with pytest.raises(AssertionError, match="a class of 1"):
        solve([("a",)] * 5, [AB], 5)


# --- sensitive values


def test_a_class_needs_l_different_values_or_none() -> None:
    rows = [("1",)] * 5 + [("2",)] * 5 + [("8",)] * 5
    values = [frozenset({"ill"})] * 5 + [frozenset({"well"})] * 5 + [frozenset()] * 5
    assert solve(rows, [TOWNS], 5, 0.0).node == (0,)
    solution = solve(rows, [TOWNS], 5, 0.0, [Sensitive("health", values, 2)])
    assert solution.node == (1,)
    assert solution.l_reached == {"health": 2}
    assert solve(rows, [TOWNS], 5, 0.0, [Sensitive("health", [frozenset()] * 15, 2)]).node == (0,)


def test_l_is_never_lowered() -> None:
    sensitive = Sensitive("health", [frozenset({"ill"})] * 4 + [frozenset({"well"})], 3)
    with pytest.raises(Unreachable, match="l = 3 cannot be reached for 'health'") as refusal:
        solve([("a",)] * 5, [AB], 5, 0.0, [sensitive])
    assert (refusal.value.sensitive, refusal.value.l, refusal.value.best_l) == ("health", 3, 2)
    with pytest.raises(Unreachable, match="k = 6") as other:
        solve([("a",)] * 5, [AB], 6, 0.0, [sensitive])
    assert other.value.sensitive is None
    with pytest.raises(Unreachable, match="l = 3"):
        solve([()] * 5, [], 5, 0.0, [sensitive])


def test_impossible_sensitive_values_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Sensitive("health", [], 0)
    with pytest.raises(ValueError, match="set of values"):
        solve([("a",)], [AB], 1, 0.0, [Sensitive("health", [], 1)])
    with pytest.raises(ValueError, match="same name"):
        solve([("a",)], [AB], 1, 0.0, [Sensitive("health", [frozenset()], 1)] * 2)


def test_a_table_below_l_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [frozenset({"ill"})] * 4 + [frozenset({"well"})]
    account = lattice._account
    monkeypatch.setattr(lattice, "_account", lambda *given: replace(account(*given), l_reached={"health": 1}))
    with pytest.raises(AssertionError, match="too few values of 'health'"):
        solve([("a",)] * 5, [AB], 5, 0.0, [Sensitive("health", values, 2)])
