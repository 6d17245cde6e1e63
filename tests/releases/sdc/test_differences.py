"""The ledger gate against an attacker who holds several releases."""

import json
from itertools import chain, combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from api.releases.sdc.differences import Difference, Published, atoms, difference, find
from api.releases.sdc.hierarchy import Hierarchy, HierarchyError
from tests.releases.sdc.test_risk import DATA, needs_data

REGION = Hierarchy.from_ancestors("region", {"Leeds": ["North"], "York": ["North"], "Exeter": ["South"]})
SECTOR = Hierarchy.flat("sector", ["council", "university"])
EVERYBODY = Hierarchy.flat("all", ["x"])


def release(number: int, **classes: int | range) -> Published:
    """Publish people by region: release(1, Leeds=5) shows the first five; ranges say which people."""
    shown = {}
    for label, who in classes.items():
        for one in range(who) if isinstance(who, int) else who:
            shown[f"p{one:02}"] = (label,)
    return Published(number, (REGION,), shown)


def kinds(new: Published, *earlier: Published, k: int = 5) -> list[tuple[str, tuple[int, ...], int]]:
    return [(found.kind, found.earlier, found.size) for found in find(new, earlier, k)]


# --- one earlier release


def test_the_same_people_described_the_same_way_are_given_again() -> None:
    one, two = release(1, Leeds=6, Exeter=range(6, 20)), release(2, Leeds=6, Exeter=range(6, 20))
    assert find(two, [one], 5) == []
    assert difference(two, one) == Difference(1, 0, 0, 20, 0, 0, 6)


def test_a_first_release_is_compared_with_nothing() -> None:
    assert find(release(1, Leeds=2), [], 5) == []


def test_a_lone_withdrawal_gives_one_person_away() -> None:
    found = find(release(2, Leeds=range(1, 6)), [release(1, Leeds=6)], 5)
    assert [(f.kind, f.size, f.participants) for f in found] == [("removed", 1, frozenset({"p00"}))]
    assert found[0].classes == (("Leeds",), None)


def test_five_people_who_leave_one_class_together_give_nobody_away() -> None:
    assert find(release(2, Leeds=range(5, 10)), [release(1, Leeds=10)], 5) == []
    five_of_two_classes = release(2, Leeds=range(3, 8), York=range(12, 17))
    assert kinds(five_of_two_classes, release(1, Leeds=8, York=range(10, 17))) == [
        ("removed", (1,), 3),
        ("removed", (1,), 2),
    ]


def test_joiners_come_in_fives_to_a_class() -> None:
    assert kinds(release(2, Leeds=9), release(1, Leeds=5)) == [("added", (1,), 4)]
    assert kinds(release(2, Leeds=10), release(1, Leeds=5)) == []
    assert kinds(release(2, Leeds=5, York=range(5, 9)), release(1, Leeds=5)) == [("added", (1,), 4)]


def test_a_coarser_description_hides_no_withdrawal() -> None:
    one = release(1, Leeds=6, York=range(6, 12))
    assert kinds(release(2, North=12), one) == []
    assert kinds(release(2, North=range(1, 12)), one) == [("removed", (1,), 1)]


def test_a_class_of_one_release_that_crosses_a_class_of_another_is_found() -> None:
    both = (REGION, SECTOR)
    one = Published(1, both, {f"p{i:02}": ("Leeds" if i < 6 else "Exeter", "*") for i in range(12)})
    two = Published(2, both, {f"p{i:02}": ("*", "council" if i < 7 else "university") for i in range(12)})
    assert ("shared", (1,), 1) in kinds(two, one)


def test_a_changed_region_shows_in_the_intersection() -> None:
    one = release(1, Leeds=6, Exeter=range(6, 12))
    two = release(2, Leeds=5, Exeter=range(5, 12))
    assert kinds(two, one) == [("shared", (1,), 1)]


@needs_data
def test_the_worked_example_of_a_withdrawal_fails() -> None:
    asked = json.loads((DATA / "anonymisation/derived.json").read_text())["differencing_withdrawal"]
    first = release(1, Leeds=asked["release1_class_size"])
    second = release(2, Leeds=range(1, 1 + asked["release2_class_size"]))
    found = find(second, [first], asked["k"])
    assert [f.size for f in found] == [asked["difference_class_size"]]
    assert difference(second, first).smallest_removed == 1


# --- never finer


def test_nobody_is_described_more_finely_than_before() -> None:
    assert kinds(release(2, Leeds=6, York=range(6, 12)), release(1, North=12)) == [
        ("finer", (1,), 6),
        ("finer", (1,), 6),
    ]
    assert kinds(release(2, North=12), release(1, **{"*": 12})) == [("finer", (1,), 12)]
    assert kinds(release(2, **{"": 12}), release(1, **{"*": 12})) == [("finer", (1,), 12)]


def test_a_new_description_at_the_same_level_is_not_finer_but_at_a_lower_one_is() -> None:
    assert kinds(release(2, Exeter=6), release(1, Leeds=6)) == []
    assert kinds(release(2, Leeds=6), release(1, **{"": 6})) == []
    assert kinds(release(2, Exeter=6), release(1, North=6)) == [("finer", (1,), 6)]


def test_a_quasi_identifier_that_was_not_told_before_is_finer_and_one_dropped_is_not() -> None:
    one = Published(1, (REGION,), {f"p{i}": ("Leeds",) for i in range(5)})
    two = Published(2, (SECTOR, REGION), {f"p{i}": ("council", "Leeds") for i in range(5)})
    assert kinds(two, one) == [("finer", (1,), 5)]
    three = Published(3, (SECTOR, REGION), {f"p{i}": ("*", "Leeds") for i in range(5)})
    assert kinds(three, one) == []
    assert kinds(Published(3, (REGION,), one.shown), Published(2, two.hierarchies, two.shown)) == []


def test_regions_cut_another_way_tell_more_where_they_only_overlap() -> None:
    other = Hierarchy.from_ancestors("region", {"York": ["East"], "Hull": ["East"], "Leeds": ["West"]})
    two = Published(2, (other,), dict.fromkeys(release(1, North=6).shown, ("East",)))
    assert kinds(two, release(1, North=6)) == [("finer", (1,), 6)]


def test_a_description_that_no_hierarchy_knows_is_refused() -> None:
    with pytest.raises(HierarchyError, match="has no 'Atlantis'"):
        find(release(2, Atlantis=6), [release(1, Leeds=6)], 5)
    with pytest.raises(ValueError, match="has 1 quasi-identifiers"):
        Published(1, (REGION,), {"p": ("Leeds", "council")})


# --- several earlier releases


def test_two_by_two_is_not_enough() -> None:
    """One person stands in all three releases; every other in exactly two of them."""
    ab, ac, bc, everywhere = range(1, 6), range(6, 11), range(11, 16), 0
    one = release(1, Leeds=range(11))
    two = release(2, Leeds=[everywhere, *ab, *bc])  # type: ignore[arg-type] # any people will do
    three = release(3, Leeds=[everywhere, *ac, *bc])  # type: ignore[arg-type] # any people will do
    assert find(two, [one], 5) == find(three, [one], 5) == find(three, [two], 5) == []
    assert [(f.kind, f.earlier, f.participants) for f in find(three, [two, one], 5)] == [
        ("joint", (1, 2), frozenset({"p00"}))
    ]


def test_people_whom_the_earlier_releases_gave_away_are_told_as_that() -> None:
    one, two = release(1, Leeds=11), release(2, Leeds=10)
    assert kinds(release(3, Leeds=10), one, two) == [("before", (1, 2), 1)]
    assert kinds(release(3, Leeds=10), two) == []


PEOPLE = [f"p{i:02}" for i in range(24)]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Published], int]:
    """Draw 2 to 5 releases over blocks of people who join, leave and change together, with a few strays."""
    k = draw(st.integers(2, 4))
    size = st.sampled_from([k, k + 1, k + 2, 1])
    blocks: list[list[str]] = []
    left = list(PEOPLE)
    while left and len(blocks) < 5:
        take = min(draw(size), len(left))
        blocks.append(left[:take])
        left = left[take:]
    label = st.sampled_from([None, "Leeds", "York", "North", "South", "*"])
    releases = []
    for number in range(1, draw(st.integers(2, 5)) + 1):
        shown: dict[str, tuple[str, ...]] = {}
        for block in blocks:
            if told := draw(label):
                shown |= dict.fromkeys(block, (told,))
        releases.append(Published(number, (REGION,), shown))
    return releases, k


def subsets(releases: list[Published]) -> list[tuple[Published, ...]]:
    return list(chain.from_iterable(combinations(releases, n) for n in range(1, len(releases) + 1)))


def computable(releases: tuple[Published, ...]) -> set[frozenset[str]]:
    """Return every set of people that unions, intersections and differences of classes can make."""
    classes: set[frozenset[str]] = set()
    for one in releases:
        for told in set(one.shown.values()):
            classes.add(frozenset(who for who, label in one.shown.items() if label == told))
    found = set(classes)
    fresh = set(classes)
    while fresh:
        made = {new for a in fresh for b in found for new in (a & b, a - b, b - a, a | b)} - found
        found |= made
        fresh = made
        assume(len(found) < 1500)
    return found - {frozenset()}


@settings(deadline=None, max_examples=150)
@given(histories())
def test_what_passes_gives_no_group_below_k_to_any_holder_of_any_of_the_releases(
    history: tuple[list[Published], int],
) -> None:
    releases, k = history
    *earlier, new = releases
    passes = not [found for found in find(new, earlier, k) if found.kind != "finer"]
    if passes:
        for held in subsets(releases):
            assert min(map(len, computable(held)), default=k) >= k
    else:
        assert min(map(len, computable(tuple(releases)))) < k


@given(histories())
def test_findings_name_small_groups_and_every_small_group_is_named(
    history: tuple[list[Published], int],
) -> None:
    releases, k = history
    *earlier, new = releases
    found = find(new, earlier, k)
    small = [who for who in atoms(releases).values() if len(who) < k]
    named = {one for finding in found if finding.kind != "finer" for one in finding.participants}
    assert named == {one for who in small for one in who}
    assert all(finding.size < k for finding in found if finding.kind != "finer")
    assert found == find(new, earlier[::-1], k)
