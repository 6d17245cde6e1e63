"""Ana holds a release; people join and leave; she asks for the next one."""

from collections import Counter

import pytest

from api.releases.sdc.differences import Difference
from schemas.participant import WithdrawalScope
from tests.personas import World
from tests.releases.gate.house import ask, gate, join, leave, move, publish, refuse, shown
from tests.releases.test_pipeline import table


@pytest.mark.parametrize("scope", [WithdrawalScope.OUT_OF_RELEASES, WithdrawalScope.ERASE])
def test_a_lone_withdrawal_is_not_shown(world: World, scope: WithdrawalScope) -> None:
    leo, *_ = join(world, local_gov=6, third_sector=6)
    publish(world)
    leave(world, leo, scope=scope)
    why = refuse(world)
    assert why.startswith("Beside an earlier release, this one would single people out.")
    assert "One person of release 1 is not in this one." in why
    assert "Fewer than 5 people" in why
    assert str(leo) not in why
    assert "local_gov" not in why


def test_what_has_not_changed_is_given_again_and_the_account_is_kept(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    publish(world)
    assert gate(world, 1).compared == ()
    publish(world)
    assert gate(world, 2).compared == (Difference(1, 0, 0, 12, 0, 0, 6),)
    assert set(shown(world, 1).values()) == {("local_gov",), ("third_sector",)}


def test_five_who_join_together_are_shown_and_four_are_not(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    publish(world)
    join(world, local_gov=4)
    assert "4 people are in this one and not in release 1." in refuse(world)
    join(world, local_gov=1)
    publish(world)
    assert gate(world, 3).compared == (Difference(1, 5, 0, 12, 5, 0, 6),)


def test_five_who_leave_together_are_not_told_apart(world: World) -> None:
    people = join(world, local_gov=11, third_sector=6)
    publish(world)
    leave(world, *people[:5])
    publish(world)
    assert gate(world, 2).compared == (Difference(1, 0, 5, 12, 0, 5, 6),)


def test_joiners_of_several_sectors_pass_in_a_coarser_release_and_the_refusal_says_so(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    publish(world)
    join(world, local_gov=3, third_sector=2)
    assert "It could be made without `sector`" in refuse(world)
    publish(world, quasi_identifiers=[])


def test_one_who_changes_sector_is_told_apart_by_both_releases(world: World) -> None:
    leo, *_ = join(world, local_gov=7, third_sector=6)
    publish(world)
    move(world, "third_sector", [leo])
    assert "One person is described in release 1 and in this one so that" in refuse(world)


def test_nobody_is_told_of_more_finely_than_before(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    publish(world, quasi_identifiers=[])
    why = refuse(world)
    assert "12 people would be described more finely than in release 1." in why
    assert "without `sector`" in why
    publish(world, fit_earlier=True)
    assert set(shown(world, 3).values()) == {("*",)}
    assert gate(world, 3).coarser == 12


def test_a_release_in_which_nothing_is_told_shows_a_lone_withdrawal_too(world: World) -> None:
    leo, *_ = join(world, local_gov=9)
    publish(world)
    assert set(shown(world, 1).values()) == {("*",)}
    leave(world, leo)
    assert "One person of release 1" in refuse(world)


def test_dates_are_not_told_more_finely_than_before(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    publish(world)
    path = f"{world.path}/disclosure/safeguarded"
    policy = world.olivia.get(path).json()
    world.olivia.put(path, policy | {"dates": "week_and_weekday"})
    assert "Dates would be told more finely than in release 1" in refuse(world, fit_earlier=True)
    publish(world, recipient="Dr Ben")


def test_fitted_to_the_earlier_release_it_leaves_out_as_many_as_it_takes(world: World) -> None:
    leo, *_ = join(world, local_gov=10, third_sector=6)
    publish(world)
    leave(world, leo)
    join(world, third_sector=2)
    assert "`fit_earlier`, leaving 6 of 17 people out" in refuse(world)
    publish(world, fit_earlier=True)
    assert Counter(shown(world, 3).values()) == {("local_gov",): 5, ("third_sector",): 6}
    assert len(table(world, "participants.csv", "3")) == 11
    account = gate(world, 3)
    assert (account.left_out, account.coarser) == (6, 0)
    assert account.compared == (Difference(1, 0, 5, 11, 0, 5, 5),)


def test_who_was_left_out_does_not_come_back_alone(world: World) -> None:
    """Four people and Leo left together; did the four come back, Leo would stand alone."""
    leo, *_ = join(world, local_gov=10, third_sector=6)
    publish(world)
    leave(world, leo)
    publish(world, fit_earlier=True)
    assert "4 people are in this one and not in release 2." in refuse(world)
    publish(world, fit_earlier=True)
    assert shown(world, 4) == shown(world, 2)


def test_where_nobody_would_be_left_it_is_refused(world: World) -> None:
    leo, *_ = join(world, local_gov=9)
    publish(world)
    leave(world, leo)
    assert "Neither a coarser release nor one without some people would pass" in refuse(
        world, fit_earlier=True
    )


def test_the_entries_of_who_is_left_out_stay_too(world: World) -> None:
    profile = {"country": "england", "role_tier": "senior_official", "leader_status": "current"}
    leaders = [world.join(profile | {"sector": "local_gov"}) for _ in range(10)]
    for one in leaders:
        one.keeps()
    publish(world)
    leaders[0].post("/v1/me/withdrawal", {"scope": "out_of_releases"})
    assert ask(world)["status"] == "refused"
    publish(world, fit_earlier=True)
    assert len(table(world, "entries.csv", "3")) == 5
    assert {row["participant"] for row in table(world, "entries.csv", "3")} == {
        row["participant"] for row in table(world, "participants.csv", "3")
    }
