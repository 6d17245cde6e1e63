"""Work that takes long does not fall silent, or another worker would take the release for its own."""

import time
from functools import partial
from typing import Any

import pytest

from api.core import clock
from api.core.ids import new_id
from api.releases import ahead, beating, claim
from api.releases.beating import now_and_then
from api.releases.gate import service
from api.releases.gate.fitting import Known
from api.releases.gate.held import Past
from api.releases.models import Release
from api.releases.verification.verify import verify_files
from tests.personas import Leader, World
from tests.releases.policy.people import a_policy, people, phase, phases
from tests.releases.test_pipeline import ask

LOCAL, CENTRAL = {"sector": "local", "country": "england"}, {"sector": "central", "country": "england"}
APART = phases((5, ["crisis"]), (1, ["recovery"]), (1, ["crisis"]), (5, ["recovery"]))


def beats() -> int:
    """Return how often a search for t beats that does not end at the first table."""
    heard: list[int] = []
    known = Known(people((6, LOCAL), (6, CENTRAL)), APART)
    asked: dict[str, Any] = {
        "number": 1,
        "tier": "safeguarded",
        "recipient": "Dr Ana",
        "purpose": "themes",
        "policy": {},
    }
    release = Release(**asked, study_id=new_id(), cutoff=clock.now(), seed="")
    alive = partial(now_and_then(heard.append), 0)
    passed = service.judged(a_policy(sensitive=[phase(t=0.2)]), known, Past(()), release, alive)
    assert passed.people.t_reached["phase"] == 0
    return len(heard)


def test_a_search_beats_now_and_then_and_not_for_each_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beating, "EVERY", 60)
    assert beats() == 0
    monkeypatch.setattr(beating, "EVERY", 0)
    assert beats() > 1


def test_a_release_beats_while_its_files_are_checked(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    begun: list[int] = []

    def slowly(*given: Any) -> Any:
        begun.append(len(heard))
        time.sleep(0.5)
        return verify_files(*given)

    monkeypatch.setattr(beating, "EVERY", 0)
    monkeypatch.setattr(ahead, "PATIENCE", 0.01)
    monkeypatch.setattr("api.releases.build.verify_files", slowly)
    monkeypatch.setattr(claim, "beat", lambda _engine, _release, read: heard.append(read))
    assert ask(world)["status"] == "published"
    assert len(heard) - begun[0] > 3, "it waits for the check, and says so"
    assert set(heard[begun[0] :]) == {len(leaders)}, "all of the entries were read"
