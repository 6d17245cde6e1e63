"""The operator keeps policies and hierarchies as files."""

import json
from pathlib import Path

from tests.commands import daybook
from tests.meta.bodies import SECTORS
from tests.meta.shape import nothing_stored
from tests.personas import DECISION, World
from tests.releases.policy.test_policies import SAFEGUARDED, events, put
from tests.releases.policy.test_requests import NAMED, ask, make


def test_a_policy_is_printed_changed_in_a_file_and_read_again(world: World, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    with nothing_stored(world.engine):
        status, said = daybook(world.settings, "release", "policy", world.study_id, "--tier", "open")
    assert (status, json.loads(said)["k"]) == (0, 10)
    file.write_text(json.dumps(SAFEGUARDED))
    status, said = daybook(world.settings, "release", "policy", world.study_id, "--from", file)
    assert (status, json.loads(said)) == (0, SAFEGUARDED)
    assert world.ana.get(f"{world.path}/disclosure/safeguarded").json() == SAFEGUARDED
    assert events(world, "disclosure.changed") == 1
    for wrong, pointer in ((SAFEGUARDED | {"k": 1}, "/k:"), (SAFEGUARDED | {"k": 4}, "/k_reason:")):
        file.write_text(json.dumps(wrong))
        status, said = daybook(world.settings, "release", "policy", world.study_id, "--from", file)
        assert (status, pointer in said) == (1, True), said


def test_a_hierarchy_is_printed_changed_in_a_file_and_read_again(world: World, tmp_path: Path) -> None:
    file = tmp_path / "sector.csv"
    file.write_text(SECTORS)
    status, said = daybook(world.settings, "release", "hierarchy", world.study_id, "sector", "--from", file)
    assert (status, said) == (0, SECTORS)
    assert daybook(world.settings, "release", "hierarchy", world.study_id, "sector") == (0, SECTORS)
    file.write_bytes(b"\xff;*\n")
    status, said = daybook(world.settings, "release", "hierarchy", world.study_id, "sector", "--from", file)
    assert (status, "no option of the question" in said) == (1, True), said
    assert daybook(world.settings, "release", "hierarchy", world.study_id, "no_such")[0] == 1


def test_the_manifest_prints_the_reason_for_a_low_k(world: World) -> None:
    reason = "Only six leaders of this kind exist, and all six have agreed to it."
    put(world, k=3, k_reason=reason, quasi_identifiers=["sector"], sensitive=[{"key": "phase"}])
    for number in range(6):
        leader = world.join()
        leader.keeps(answers=DECISION | {"phase": ("crisis", "recovery")[number % 2]})
    assert make(world, ask(world, **NAMED))["status"] == "published"
    manifest = world.ana.get(f"{world.path}/releases/1/manifest.json").json()
    assert (manifest["k_asked"], manifest["k_reason"]) == (3, reason)
    (sensitive,) = manifest["sensitive"]
    assert (sensitive["question"], sensitive["l_asked"], sensitive["l_reached"]) == ("phase", 2, 2)
