from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.releases.sdc import rollup
from api.releases.sdc.attribute import Attribute
from api.releases.sdc.hierarchy import MISSING, SUPPRESSED, Hierarchy
from api.releases.sdc.lattice import Solution, Unreachable, solve
from api.releases.sdc.recoding import search
from api.releases.sdc.safety import Rule, Sensitive, bits_of, rule_of
from tests.releases.sdc.plain import Row, at, cell_loss, nodes, plain_solve

Case = tuple[list[Row], list[Hierarchy], int, float]


def test_the_search_refuses_people_who_cannot_be_one_class() -> None:
    attribute = Attribute.of(Hierarchy.flat("letter", "ab"))
    table = rollup.Table([attribute], [np.zeros(2, np.int64)], bits_of(2, []), (0,), 1)
    with pytest.raises(ValueError, match="cannot make a class of 3"):
        search(table, Rule(3))


@pytest.mark.parametrize(
    ("people", "out"),
    [
        ([2, 5, 5], [True, True, False]),
        ([9, 1, 6, 6], [False, True, True, False]),
        ([4, 5, 1], [True, False, True]),
        ([5, 6], [False, False]),
        ([2, 1], [True, True]),
    ],
)
def test_a_small_remainder_takes_the_first_smallest_safe_class(people: list[int], out: list[bool]) -> None:
    found = Rule(5).remainder(
        np.array(people), bits_of(len(people), []), lambda candidates: int(candidates[0])
    )
    assert found.tolist() == out


def test_a_remainder_that_lacks_values_takes_a_class_that_has_them() -> None:
    values = [frozenset(x) for x in ("a", "", "ab", "a", "abc")]
    sensitive = [Sensitive("illness", values, 2)]
    rule, bits = rule_of(2, sensitive), bits_of(5, sensitive)
    people = np.array([9, 2, 4, 3, 5])
    assert rule.safe(people, bits).tolist() == [False, True, True, False, True]
    found = rule.remainder(people, bits, lambda candidates: int(candidates[0]))
    assert found.tolist() == [True, False, True, True, False]
    only = rule.remainder(people[[0, 1]], bits[:, [0, 1]], lambda candidates: int(candidates[0]))
    assert only.tolist() == [True, True]


def test_many_values_take_several_words() -> None:
    sensitive = Sensitive("word", [frozenset(str(i) for i in range(n)) for n in (0, 1, 64, 130)], 100)
    bits = bits_of(4, [sensitive])
    assert bits.shape == (3, 4)
    assert rule_of(1, [sensitive]).safe(np.ones(4, np.int64), bits).tolist() == [True, False, False, True]


def test_grouping_renumbers_instead_of_overflowing(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [np.array([2, 0, 2, 1, 0]), np.array([1, 1, 1, 0, 0])] * 2
    first, inverse = rollup.group(columns, 5)
    order = rollup.sorted_order(columns[0], 3, columns[1], 2)
    monkeypatch.setattr(rollup, "_LARGEST", 4)
    again = rollup.group(columns, 5)
    assert first.tolist() == again[0].tolist() == [4, 1, 3, 0]
    assert inverse.tolist() == again[1].tolist() == [3, 1, 3, 2, 0]
    assert rollup.sorted_order(columns[0], 3, columns[1], 2).tolist() == order.tolist()


# --- any table: against a slow and plain search, and by properties


@st.composite
def hierarchy(draw: st.DrawFn, name: str) -> Hierarchy:
    values = [f"{name}{i}" for i in range(draw(st.integers(1, 5)))]
    paths: dict[str, list[str]] = {value: [value] for value in values}
    for level in range(1, draw(st.integers(1, 3))):
        groups = {label: draw(st.integers(0, 2)) for label in sorted({p[-1] for p in paths.values()})}
        alone = Counter(groups.values())
        for path in paths.values():
            g = groups[path[-1]]
            path.append(path[-1] if alone[g] == 1 else f"{name}{level}.{g}")
    return Hierarchy.from_ancestors(name, {value: path[1:] for value, path in paths.items()})


@st.composite
def cases(draw: st.DrawFn) -> Case:
    found = [draw(hierarchy(name)) for name in "pqr"[: draw(st.integers(1, 3))]]
    row = st.tuples(*(st.sampled_from([*h.levels, MISSING]) for h in found))
    k = draw(st.integers(1, 4))
    rows = draw(st.lists(row, min_size=k, max_size=24))
    return rows, found, k, draw(st.sampled_from([0.0, 0.05, 0.25, 0.5, 1.0]))


@st.composite
def diverse_cases(draw: st.DrawFn) -> tuple[Case, list[Sensitive]]:
    case = draw(cases())
    values = st.sampled_from([frozenset(x) for x in ("a", "b", "c", "ab", "")])
    sensitive = []
    for name in draw(st.sampled_from(["", "x", "xy"])):
        mine = draw(st.lists(values, min_size=len(case[0]), max_size=len(case[0])))
        sensitive.append(Sensitive(name, mine, draw(st.integers(1, 3))))
    return case, sensitive


@settings(deadline=None)
@given(diverse_cases())
def test_the_search_for_l_finds_what_a_plain_search_finds(given_case: tuple[Case, list[Sensitive]]) -> None:
    case, sensitive = given_case
    failing = [one for one in sensitive if 0 < one.distinct < one.l]
    if failing:
        with pytest.raises(Unreachable) as refusal:
            solve(*case, sensitive)
        found = refusal.value
        assert (found.sensitive, found.l, found.best_l) == (
            failing[0].name,
            failing[0].l,
            failing[0].distinct,
        )
        return
    solution = solve(*case, sensitive)
    assert (solution.node, list(solution.rows)) == plain_solve(*case, sensitive)
    for one in sensitive:
        classes: dict[Row, set[str]] = {}
        for row, mine in zip(solution.rows, one.values, strict=True):
            classes.setdefault(row, set()).update(mine)
        fewest = min((len(union) for union in classes.values() if union), default=0)
        assert solution.l_reached[one.name] == fewest
        assert fewest == 0 or fewest >= one.l


@settings(deadline=None)
@given(cases(), st.sampled_from([1, 8, 200, 5000]))
def test_large_numbers_change_nothing(case: Case, largest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollup, "_LARGEST", largest)
        small = solve(*case)
    assert small == solve(*case)


@settings(deadline=None)
@given(cases())
def test_the_search_finds_what_a_plain_search_finds(
    case: Case,
) -> None:
    solution = solve(*case)
    assert (solution.node, list(solution.rows)) == plain_solve(*case)


@given(cases())
def test_every_class_has_k_people_and_every_cell_is_a_generalisation(
    case: Case,
) -> None:
    rows, found, k, _ = case
    solution = solve(*case)
    sizes = Counter(solution.rows)
    assert min(sizes.values()) == solution.k_reached >= k
    assert solution.class_sizes == tuple(sorted(sizes.values()))
    assert len(solution.rows) == len(rows)
    for row, shown in zip(rows, solution.rows, strict=True):
        for h, value, cell, level in zip(found, row, shown, solution.node, strict=True):
            assert cell in {h.generalise(value, x) for x in range(level, h.height + 1)}


@given(cases())
def test_the_account_agrees_with_the_table(case: Case) -> None:
    rows, found, _, limit = case
    solution = solve(*case)
    top = solution.node == tuple(h.height for h in found)
    stars = [row for row in solution.rows if set(row) == {SUPPRESSED}]
    plain = at(rows, found, solution.node)
    moved = [row for row, base in zip(solution.rows, plain, strict=True) if row != base and row not in stars]
    assert solution.suppressed == len(stars)
    assert top or solution.suppressed <= limit * len(rows) + 1e-9
    # a recoded person may be written as before, where a coarser level has the same label
    assert len(moved) <= solution.recoded <= len(rows) - len(stars)
    starred = [(a, b) for x, y in zip(plain, solution.rows, strict=True) for a, b in zip(x, y, strict=True)]
    assert solution.cells_suppressed == sum(a != SUPPRESSED == b for a, b in starred)
    for j, h in enumerate(found):
        assert solution.loss[h.name] == pytest.approx(float(mean_loss(h, rows, solution, j)))


def mean_loss(h: Hierarchy, rows: list[Row], solution: Solution, j: int) -> Fraction:
    total = Fraction(0)
    for row, shown in zip(rows, solution.rows, strict=True):
        level = next(x for x in range(h.height + 1) if h.generalise(row[j], x) == shown[j])
        total += cell_loss(h, row[j], level)
    return total / len(rows)


@settings(deadline=None)
@given(cases(), st.data())
def test_the_order_of_participants_changes_nothing(case: Case, data: st.DataObject) -> None:
    rows, found, k, limit = case
    assert solve(rows, found, k, limit) == solve(rows, found, k, limit)
    order = data.draw(st.permutations(range(len(rows))))
    solution, shuffled = solve(rows, found, k, limit), solve([rows[i] for i in order], found, k, limit)
    assert [solution.rows[i] for i in order] == list(shuffled.rows)
    assert replace(shuffled, rows=()) == replace(solution, rows=())


@settings(deadline=None)
@given(cases())
def test_a_coarser_node_never_has_smaller_classes(
    case: Case,
) -> None:
    rows, found, _, _ = case
    start = (0,) * len(found)
    for node in nodes(found, start):
        fine = Counter(at(rows, found, node))
        for j, h in enumerate(found):
            if node[j] < h.height:
                coarse = Counter(at(rows, found, (*node[:j], node[j] + 1, *node[j + 1 :])))
                assert min(coarse.values()) >= min(fine.values())
                assert len(coarse) <= len(fine)


@settings(deadline=None)
@given(cases(), st.data())
def test_the_walk_visits_every_node_once_with_its_classes(case: Case, data: st.DataObject) -> None:
    rows, found, _, _ = case
    attributes = [Attribute.of(h) for h in found]
    columns = [np.array([a.labels[0].index(row[j]) for row in rows]) for j, a in enumerate(attributes)]
    start = (0,) * len(found)
    table = rollup.Table(
        attributes, columns, bits_of(len(rows), []), start, data.draw(st.sampled_from([0, len(rows)]))
    )
    seen = {classes.node: classes for classes in table.walk(lambda people: False)}
    assert sorted(seen) == nodes(found, start)
    for node, classes in seen.items():
        shown = at(rows, found, node)
        assert Counter(classes.people.tolist()) == Counter(Counter(shown).values())
        assert table.lost_by_all(node) == table.lost(node, classes.rows, classes.people)
        whole = sum(cell_loss(h, v, x) for row in rows for h, v, x in zip(found, row, node, strict=True))
        assert Fraction(table.lost_by_all(node), table.scale) == whole
