"""Who may hold which release decides which are compared."""

import pytest

from api.core import clock
from api.core.ids import new_id
from api.releases.gate.held import audiences, folded
from api.releases.models import Release
from tests.personas import World
from tests.releases.gate.house import gate, join, leave, publish, refuse

STUDY = new_id()


def release(number: int, recipient: str, tier: str = "safeguarded") -> Release:
    return Release(
        study_id=STUDY,
        number=number,
        recipient=recipient,
        tier=tier,
        purpose="",
        policy={},
        cutoff=clock.now(),
        seed="",
    )


def test_a_safeguarded_release_is_judged_for_its_recipient_and_an_open_one_for_everybody() -> None:
    ana, ben, again = release(1, "Ana"), release(2, "Ben"), release(3, " ana ")
    everybody = release(4, "the world", "open")
    earlier = [ana, ben, again, everybody]
    assert audiences(release(5, "ANA"), earlier) == [[everybody, ana, again]]
    assert audiences(release(5, "Cleo"), earlier) == [[everybody]]
    assert audiences(release(5, "an archive", "open"), earlier) == [
        [everybody],
        [everybody, ana, again],
        [everybody, ben],
    ]


@pytest.mark.parametrize("written", ["dr ana", "DR  ANA", " Dr\u00a0Ana ", "\uff24\uff52 Ana", "Dr\tAna"])
def test_a_name_is_one_name_however_it_is_written(written: str) -> None:
    assert folded(written) == folded("Dr Ana")
    assert folded("Dr Anna") != folded("Dr Ana")


def test_releases_to_different_recipients_are_not_compared(world: World) -> None:
    leo, *_ = join(world, local_gov=7, third_sector=6)
    publish(world)
    leave(world, leo)
    publish(world, recipient="Dr Ben")
    assert gate(world, 2).compared == ()
    refuse(world, recipient="dr  ANA", purpose="something else")


def test_an_open_release_is_compared_with_all(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=12)
    publish(world)
    publish(world, recipient="Dr Ben")
    publish(world, tier="open")
    assert [one.earlier for one in gate(world, 3).compared] == [1, 2]
    leave(world, leo)
    why = refuse(world, tier="open")
    for number in (1, 2, 3):
        assert f"One person of release {number} is not in this one." in why


def test_a_safeguarded_release_is_compared_with_open_ones_and_may_be_finer(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=12)
    publish(world, tier="open", quasi_identifiers=[])
    publish(world)
    leave(world, leo)
    assert "One person of release 1 is not in this one." in refuse(world, recipient="Dr Ben")


def test_an_open_release_is_finer_than_no_other(world: World) -> None:
    join(world, local_gov=12, third_sector=12)
    publish(world, quasi_identifiers=[])
    assert "24 people would be described more finely than in release 1." in refuse(world, tier="open")


def test_each_person_has_the_k_that_they_were_promised(world: World) -> None:
    """Classes of six were Ana's k; that is no reason against an open release, in which they are not told apart."""
    join(world, local_gov=6, third_sector=6)
    publish(world)
    publish(world, tier="open")
    join(world, local_gov=6)
    publish(world)
    assert "6 people are in this one and not in release 2." in refuse(world, tier="open")
    join(world, local_gov=10)
    publish(world, tier="open", quasi_identifiers=[])
