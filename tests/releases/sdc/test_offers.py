"""What is offered instead of a release that the ledger gate refuses."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from api.releases.sdc.differences import Published, find
from api.releases.sdc.offers import coarser, left_for_later
from tests.releases.sdc.test_differences import REGION, SECTOR, histories, release


def without(new: Published, out: frozenset[str]) -> Published:
    left = {who: told for who, told in new.shown.items() if who not in out}
    return Published(new.number, new.hierarchies, left)


def test_a_lone_withdrawal_is_covered_by_four_others_of_the_class() -> None:
    new, old = release(2, Leeds=range(1, 12)), release(1, Leeds=12)
    out = left_for_later(new, [old], 5)
    assert out == frozenset({"p08", "p09", "p10", "p11"})
    assert find(without(new, out), [old], 5) == []


def test_a_class_too_small_to_spare_four_is_left_out_whole() -> None:
    new = release(2, Leeds=range(1, 6), Exeter=range(6, 20))
    out = left_for_later(new, [release(1, Leeds=6, Exeter=range(6, 20))], 5)
    assert out == frozenset(f"p0{i}" for i in range(1, 6))


def test_joiners_wait_until_they_are_five_and_five_come_in() -> None:
    assert left_for_later(release(2, Leeds=8), [release(1, Leeds=5)], 5) == frozenset({"p05", "p06", "p07"})
    assert left_for_later(release(2, Leeds=10), [release(1, Leeds=5)], 5) == frozenset()


def test_what_was_given_away_already_cannot_be_mended() -> None:
    assert left_for_later(release(3, Leeds=10), [release(1, Leeds=11), release(2, Leeds=10)], 5) is None


def test_a_finer_description_is_raised_to_the_earlier_one() -> None:
    new, old = release(2, Leeds=6, York=range(6, 12), Exeter=range(12, 20)), release(1, North=12)
    assert set(coarser(new, [old]).shown.values()) == {("North",), ("Exeter",)}
    assert coarser(new, [release(1, **{"*": 12})]).shown["p00"] == ("*",)
    assert coarser(release(2, **{"": 6}), [release(1, **{"*": 6})]).shown["p00"] == ("*",)
    assert coarser(new, []) == new
    more = Published(2, (SECTOR, REGION), {"p00": ("council", "Leeds")})
    assert coarser(more, [old]).shown == {"p00": ("*", "North")}


@settings(deadline=None)
@given(histories())
def test_what_is_offered_passes_or_the_past_has_failed_already(history: tuple[list[Published], int]) -> None:
    *earlier, new = history[0]
    k = history[1]
    raised = coarser(new, earlier)
    assert not any(found.kind == "finer" for found in find(raised, earlier, k))
    out = left_for_later(raised, earlier, k)
    if out is None:
        assert any(found.kind == "before" for found in find(new, earlier, k))
    else:
        assert out <= set(new.shown)
        assert find(without(raised, out), earlier, k) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from("LYS-"), max_size=9), st.lists(st.sampled_from("LYS-"), max_size=9))
def test_nobody_is_left_out_needlessly(old: list[str], new: list[str]) -> None:
    names = {"L": "Leeds", "Y": "York", "S": "South"}
    one, two = (
        Published(n, (REGION,), {f"p{i}": (names[x],) for i, x in enumerate(told) if x != "-"})
        for n, told in ((1, old), (2, new))
    )
    out = left_for_later(two, [one], 2)
    if out is not None:
        for fewer in combinations(two.shown, max(len(out) - 1, 0)):
            left = find(without(two, frozenset(fewer)), [one], 2)
            assert not out or any(found.kind != "finer" for found in left)
