"""What recipients read: counts in bands, no group by itself, nobody's name, and what they must not do."""

import io
import re
import zipfile

import pytest

from api.releases.report.bands import at_most, band
from tests.personas import DECISION, Leader, World
from tests.releases.test_pipeline import ask, table


@pytest.mark.parametrize("k", [3, 5, 7, 9, 10, 42, 100])
def test_a_band_tells_no_number_below_k_and_holds_its_count(k: int) -> None:
    for count in range(3_000):
        written = band(count, k)
        if count < k:
            assert written == f"fewer than {k}, or none"
            continue
        low, high = (int(one.replace(",", "")) for one in written.split(" to "))
        assert k <= low <= count <= high
        assert high - low + 1 >= min(k, 5)


def test_shares_are_rounded_up() -> None:
    assert [at_most(share) for share in (0.0, 0.01, 0.05, 1 / 6, 0.2, 0.99, 1.0)] == [
        "at most 0 %", "at most 5 %", "at most 5 %", "at most 20 %", "at most 20 %", "at most 100 %", "at most 100 %",
    ]  # fmt: skip


def disclosure(world: World, number: str = "latest") -> str:
    """Read DISCLOSURE.md as Ana."""
    answer = world.ana.get(f"{world.path}/releases/{number}/DISCLOSURE.md")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_it_is_among_the_files_and_names_nobody(world: World, leaders: list[Leader]) -> None:
    ask(world, purpose="themes | <script>alert(1)</script> *all*")
    text = disclosure(world)
    bundle = zipfile.ZipFile(io.BytesIO(world.ana.get(f"{world.path}/releases/1/bundle.zip").content))
    assert bundle.read("DISCLOSURE.md").decode() == text
    assert "DISCLOSURE.md" in bundle.read("SHA256SUMS").decode()
    assert r"themes \| \<script\>alert\(1\)\</script\> \*all\*" in text
    assert "Olivia" not in text
    whole = text + world.olivia.get(f"{world.path}/releases/1/report").text
    assert DECISION["headline"] not in whole
    for row in table(world, "participants.csv"):
        assert row["participant"] not in whole
    assert not any(str(leader.participant_id) in whole for leader in leaders)
    assert "must not do" in text


def test_its_counts_are_bands(world: World, leaders: list[Leader]) -> None:
    ask(world)
    text = disclosure(world)
    counted = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE))
    assert counted["People in this release"] == "10 to 19"
    assert counted["People of whom everything is hidden"] == "fewer than 5, or none"
    assert "of the last release" not in text


def test_a_lone_withdrawal_is_not_told_from_none(world: World, leaders: list[Leader]) -> None:
    ask(world)
    ask(world)
    nobody = disclosure(world)
    leaders[0].post("/v1/me/withdrawal", {"scope": "out_of_releases"})
    ask(world, recipient="Somebody else")
    one = disclosure(world)
    line = "| People of the last release who share no more | fewer than 5, or none |"
    assert line in nobody
    assert line in one
    found = world.olivia.get(f"{world.path}/releases/latest/report").json()["people"]
    assert (found["last_release"], found["withdrawn"]) == (2, 1)
