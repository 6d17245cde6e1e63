import pytest

from api.releases.sdc.hierarchy import MISSING, SUPPRESSED, Hierarchy, HierarchyError

REGIONS = {
    "Leeds": ["Yorkshire", "North"],
    "York": ["Yorkshire", "North"],
    "Hull": ["Humber", "North"],
    "Exeter": ["Devon", "South"],
}


def test_a_value_becomes_coarser_up_to_the_star() -> None:
    region = Hierarchy.from_ancestors("region", REGIONS)
    assert region.height == 3
    assert [region.generalise("Leeds", level) for level in range(4)] == ["Leeds", "Yorkshire", "North", "*"]


def test_leaves_under_a_label_are_counted() -> None:
    region = Hierarchy.from_ancestors("region", REGIONS)
    assert region.leaves_under("Leeds", 0) == 1
    assert region.leaves_under("Yorkshire", 1) == 2
    assert region.leaves_under("North", 2) == 3
    assert region.leaves_under(SUPPRESSED, 3) == 4


def test_a_missing_answer_is_its_own_category_below_the_top() -> None:
    region = Hierarchy.from_ancestors("region", REGIONS)
    assert [region.generalise(MISSING, level) for level in range(4)] == ["", "", "", "*"]
    assert region.leaves_under(MISSING, 2) == 1
    assert region.contains(MISSING)


def test_a_flat_hierarchy_has_two_levels() -> None:
    role = Hierarchy.flat("role", ["chief", "chair"])
    assert role.height == 1
    assert role.generalise("chair", 1) == SUPPRESSED
    assert role.contains("chief")
    assert not role.contains("clerk")


def test_a_label_may_repeat_while_it_names_the_same_values() -> None:
    place = Hierarchy.from_ancestors("place", {"abroad": ["abroad"], "Leeds": ["UK"], "Hull": ["UK"]})
    assert place.leaves_under("abroad", 1) == 1


def test_equal_hierarchies_are_equal_and_hash() -> None:
    one, two = Hierarchy.flat("role", ["a"]), Hierarchy.flat("role", ["a"])
    assert one == two
    assert hash(one) == hash(two)
    assert one != Hierarchy.flat("role", ["b"])


@pytest.mark.parametrize(
    ("ancestors", "sentence"),
    [
        ({}, "lists no values"),
        ({"a": ["x"], "b": []}, "as many levels"),
        ({"a": ["x", "north"], "b": ["x", "south"]}, "two parents"),
        ({"a": ["b", "a"]}, "a cycle"),
        ({"North": ["England"], "a": ["North"]}, "names different values"),
        ({"a": ["b"], "b": ["c"]}, "names different values"),
        ({"a": [""]}, "empty label"),
        ({"a": ["*"]}, "below the top"),
        ({"": ["x"]}, "empty label"),
        ({"*": ["x"]}, "below the top"),
    ],
)
def test_a_hierarchy_that_cannot_be_read_one_way_is_refused(
    ancestors: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(HierarchyError, match=sentence):
        Hierarchy.from_ancestors("h", ancestors)


@pytest.mark.parametrize("path", [("a",), ("b", "*"), ("a", "x")])
def test_a_path_runs_from_the_value_to_the_star(path: tuple[str, ...]) -> None:
    with pytest.raises(HierarchyError, match="must run from itself"):
        Hierarchy("h", {"a": path})


def test_unknown_values_and_levels_are_refused() -> None:
    role = Hierarchy.flat("role", ["chief"])
    with pytest.raises(HierarchyError, match="does not know"):
        role.generalise("clerk", 0)
    with pytest.raises(HierarchyError, match="levels 0 to 1"):
        role.generalise("chief", 2)
    with pytest.raises(HierarchyError, match="has no 'clerk' at level 0"):
        role.leaves_under("clerk", 0)
    with pytest.raises(HierarchyError, match="levels 0 to 1"):
        role.leaves_under("chief", -1)
