"""schemathesis with several identities finds nobody who gets what is another's, on both databases."""

from pathlib import Path

from api.core.config import Settings
from tests.journeys import ownerless_server
from tests.journeys.intruding import ACCESS_CHECKS, as_intruder, as_peers, two_tenants
from tests.journeys.server import Forker, Server

PHONE, STAFF = "participantToken", "staffToken"


def test_no_identity_gets_what_is_anothers(settings: Settings, forker: Forker, tmp_path: Path) -> None:
    with two_tenants(settings) as (ours, theirs), Server(settings, forker.launch) as server:
        leaders = {"leo": ours.leo.leader, "lena": ours.lena.leader, "another": theirs.lena.leader}
        staff = {"ours": ours.olivia, "theirs": theirs.olivia}
        runs = [
            as_intruder(server.url, ours.leo.leader.headers, PHONE, theirs),
            as_intruder(server.url, ours.olivia.headers, STAFF, theirs),
            as_intruder(server.url, ours.sina.headers, STAFF, theirs),
            as_peers(server.url, tmp_path, {name: one.token for name, one in leaders.items()}, PHONE),
            as_peers(server.url, tmp_path, {name: one.token for name, one in staff.items()}, STAFF),
        ]
    for found in runs:
        assert (found.errors, found.failures) == ([], [])
        assert len(found.statuses) > 10
        assert found.requests > 30
    for found in runs[3:]:
        assert all(found.checks[name] > 30 for name in ACCESS_CHECKS)
        assert sum(401 in statuses for statuses in found.statuses.values()) > 10, "asked without credentials"


def test_a_check_of_an_owner_that_is_missing_is_found(settings: Settings, forker: Forker) -> None:
    broken = ownerless_server.__name__
    with two_tenants(settings) as (ours, theirs), Server(settings, forker.launch, broken) as server:
        found = as_intruder(server.url, ours.leo.leader.headers, PHONE, theirs)
    assert {said.split(":")[0] for said in found.failures} == {"GET /v1/entries/{entry_id}"}
    assert any("for another's ['entry_id']" in said for said in found.failures)
