"""A search that takes long does not fall silent, or another worker would take the release for its own."""

from typing import Any

import pytest

from api.core import clock
from api.core.ids import new_id
from api.releases.gate import service
from api.releases.gate.fitting import Known
from api.releases.gate.held import Past
from api.releases.models import Release
from tests.releases.policy.people import a_policy, people, phase, phases

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
    passed = service.judged(a_policy(sensitive=[phase(t=0.2)]), known, Past(()), release, heard.append)
    assert passed.people.t_reached["phase"] == 0
    return len(heard)


def test_a_search_beats_now_and_then_and_not_for_each_table(monkeypatch: pytest.MonkeyPatch) -> None:
    assert beats() == 0, "it takes no five seconds"
    monkeypatch.setattr(service, "EVERY", 0)
    assert beats() > 1
