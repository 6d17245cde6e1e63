"""Where the least lossy table breaks t, the search goes on to the least lossy one that holds it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.releases.sdc import lattice
from api.releases.sdc.closeness import t_closeness
from api.releases.sdc.hierarchy import Hierarchy
from api.releases.sdc.lattice import solve
from api.releases.sdc.safety import Sensitive
from tests.releases.sdc.plain import Row, plain_solve
from tests.releases.sdc.test_recoding import Case, cases

# Two towns in each of two regions: the towns differ in their answers, the regions do not.
TOWNS = Hierarchy.from_ancestors("town", {"a": ["north"], "b": ["north"], "c": ["south"], "d": ["south"]})
PEOPLE: list[Row] = [(town,) for town in "abcd" for _ in range(4)]
ANSWERS = [frozenset({answer}) for answer in "yyynnnnyyyynnnny"]


def phase(t: float | None) -> Sensitive:
    return Sensitive("phase", ANSWERS, 2, t)


def test_a_higher_node_is_taken_where_the_least_lossy_breaks_t() -> None:
    without = solve(PEOPLE, [TOWNS], 4, 0.0, [phase(None)])
    assert (without.node, t_closeness(without.rows, ANSWERS)) == ((0,), 0.25)
    assert solve(PEOPLE, [TOWNS], 4, 0.0, [phase(0.25)]) == without
    held = solve(PEOPLE, [TOWNS], 4, 0.0, [phase(0.24)])
    assert (held.node, held.class_sizes, t_closeness(held.rows, ANSWERS)) == ((1,), (8, 8), 0)
    assert held.loss == pytest.approx({"town": 1 / 3})


def test_of_two_attributes_the_one_is_generalised_that_costs_less() -> None:
    roles = Hierarchy.flat("role", "xy")
    rows: list[Row] = [(town, role) for town, role in zip("ab" * 8, "x" * 8 + "y" * 8, strict=True)]
    by_town = [frozenset({answer}) for answer in "yn" * 7 + "yy"]
    found = solve(rows, [TOWNS, roles], 4, 0.0, [Sensitive("phase", by_town, 1, 0.2)])
    assert found.node == (1, 0)
    by_role = [frozenset({answer}) for answer in "y" * 8 + "n" * 8]
    assert solve(rows, [TOWNS, roles], 4, 0.0, [Sensitive("phase", by_role, 1, 0.2)]).node == (0, 1)


def test_where_nothing_else_holds_t_everybody_is_one_class() -> None:
    answers = [frozenset({town}) for (town,) in PEOPLE]
    found = solve(PEOPLE, [TOWNS], 4, 0.0, [Sensitive("phase", answers, 1, 0.1)])
    assert (found.node, found.class_sizes, found.suppressed) == ((2,), (16,), 16)


def test_a_search_says_of_each_table_that_it_goes_on() -> None:
    answers = [frozenset({town}) for (town,) in PEOPLE]
    said: list[bool] = []
    solve(PEOPLE, [TOWNS], 4, 0.0, [Sensitive("phase", answers, 1, 0.1)], lambda: said.append(True))
    assert len(said) == 3


def test_the_order_of_answers_is_heeded() -> None:
    near, far = (frozenset({"1"}), frozenset({"2"})), (frozenset({"1"}), frozenset({"3"}))
    for pair, node in ((near, 0), (far, 1)):
        answers = [pair[town in "bd"] for (town,) in PEOPLE]
        one = Sensitive("scale", answers, 1, 0.3, ["1", "2", "3"])
        assert solve(PEOPLE, [TOWNS], 4, 0.0, [one]).node == (node,)


def test_t_is_that_of_the_finished_table_and_not_of_the_classes_that_the_node_leaves() -> None:
    """Those of node 0 hold t; its remainder, two people of each of two towns, is recoded as `north` and does not."""
    towns = Hierarchy.from_ancestors(
        "town", {"a": ["north"], "b": ["north"], "c": ["south"], "d": ["south"], "e": ["south"]}
    )
    rows: list[Row] = [(town,) for town in "aabb" + "c" * 10 + "d" * 10]
    answers = [frozenset({one}) for one in "y" * 4 + "yn" * 10]
    one = Sensitive("phase", answers, 1, 0.3)
    assert solve(rows, [towns], 4, 0.2, [Sensitive("phase", answers, 1)]).node == (0,)
    assert solve(rows, [towns], 4, 0.2, [one]).node == (2,)


def test_no_t_is_measured_where_none_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(lattice, "Distances")
    monkeypatch.delattr(lattice, "ranked")
    assert solve(PEOPLE, [TOWNS], 4, 0.0, [phase(None)]).node == (0,)
    with pytest.raises(NameError):
        solve(PEOPLE, [TOWNS], 4, 0.0, [phase(0.9)])


@st.composite
def close_cases(draw: st.DrawFn) -> tuple[Case, list[Sensitive]]:
    case = draw(cases())
    sets = st.sampled_from([frozenset(x) for x in ("a", "b", "c", "ab", "")])
    sensitive = []
    for name in draw(st.sampled_from(["x", "xy"])):
        mine = draw(st.lists(sets, min_size=len(case[0]), max_size=len(case[0])))
        t = draw(st.sampled_from([None, 0.05, 0.2, 0.25, 0.4, 0.5, 1.0]))
        least = min(draw(st.integers(1, 2)), max(len(frozenset[str]().union(*mine)), 1))
        sensitive.append(Sensitive(name, mine, least, t, draw(st.sampled_from([None, "abc"]))))
    return case, sensitive


@settings(deadline=None)
@given(close_cases())
def test_the_search_for_t_finds_what_a_plain_search_finds(given_case: tuple[Case, list[Sensitive]]) -> None:
    case, sensitive = given_case
    solution = solve(*case, sensitive)
    assert (solution.node, list(solution.rows)) == plain_solve(*case, sensitive)
    assert solution.k_reached >= case[2]
    for one in sensitive:
        assert one.t is None or t_closeness(solution.rows, one.values, one.order) <= one.t
