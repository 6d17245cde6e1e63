"""Reports of releases that are small, empty, large or made under a lowered k."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.core import clock
from api.core.ids import new_id
from api.releases.gate.judging import Gate
from api.releases.gate.service import Passed
from api.releases.models import Release
from api.releases.people import attempt
from api.releases.policy import Policy, QuasiIdentifier
from api.releases.report import page, recipients
from api.releases.report.background import Background
from api.releases.report.measuring import measured
from api.releases.verification.verify import Verdict
from schemas.report import ReleaseReport, ReportTexts
from tests.personas import DECISION, Leader, World
from tests.releases.report.test_figures import report
from tests.releases.report.test_page import Page
from tests.releases.report.test_recipients import disclosure
from tests.releases.report.written_dates import written_dates
from tests.releases.test_pipeline import ask, table

REASON = "Three people lead this small place together, and all agreed in writing."


def counts(text: str) -> dict[str, list[int]]:
    """Return the numbers in each cell of how many people or texts there are."""
    tables = re.split(r"^## ", text, flags=re.MULTILINE)
    told = "".join(part for part in tables if part.startswith(("People\n", "Texts\n")))
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", told, re.MULTILINE)
    return {name: [int(one) for one in re.findall(r"\d+", value)] for name, value in rows}


def test_of_fewer_than_2k_everything_is_hidden(world: World) -> None:
    for _ in range(7):
        world.join()
    assert ask(world)["status"] == "published"
    found = report(world)
    assert (found["entries"], found["quasi_identifiers_shown"]) == (0, False)
    assert found["class_sizes"] == [{"people": 7, "classes": 1}]
    assert found["people"]["suppressed"] == found["people"]["exported"] == 7
    assert {one["loss"] for one in found["attributes"]} == {1.0}
    assert found["dates"]["singled_out"] == 0
    shown = world.olivia.get(f"{world.path}/releases/1/report.html").text
    assert "Fewer than 10 people are in the release" in Page(shown).words
    text = disclosure(world)
    assert min(one for numbers in counts(text).values() for one in numbers) >= 5
    assert "| People of whom everything is hidden | 5 to 9 |" in text


def test_a_lowered_k_is_printed_with_its_reason(world: World, leaders: list[Leader]) -> None:
    policy = {"quasi_identifiers": ["sector"], "k": 3, "k_reason": REASON, "dates": "week"}
    assert world.olivia.put(f"{world.path}/disclosure/safeguarded", policy).status_code == 200
    ask(world)
    assert report(world)["k_reason"] == REASON
    assert REASON in Page(world.olivia.get(f"{world.path}/releases/1/report.html").text).words
    assert f"The study's reason: {REASON}" in disclosure(world)


def test_l_and_t_are_those_of_the_written_answers(world: World, leaders: list[Leader]) -> None:
    for number, leader in enumerate(leaders):
        phase = ("crisis", "recovery", "thriving")[number % 3]
        assert leader.keeps(answers=DECISION | {"phase": phase}).status_code == 201
    sensitive = [{"key": "phase", "l": 2, "t": 0.9}]
    policy = {"quasi_identifiers": ["sector"], "k": 5, "dates": "week", "sensitive": sensitive}
    assert world.olivia.put(f"{world.path}/disclosure/safeguarded", policy).status_code == 200
    ask(world)
    sector = {row["participant"]: row["sector"] for row in table(world, "participants.csv")}
    gave: dict[str, set[str]] = defaultdict(set)
    for row in table(world, "entries.csv"):
        gave[row["participant"]].add(row["phase"])
    groups = {group: [gave[who] for who in sector if sector[who] == group] for group in set(sector.values())}
    whole = shares(list(gave.values()))
    far = [sum(abs(shares(one)[v] - whole[v]) for v in whole) / 2 for one in groups.values()]
    [found] = report(world)["sensitive"]
    assert found["l_reached"] == min(len(set().union(*one)) for one in groups.values())
    assert found["t_reached"] == pytest.approx(max(far))
    assert (found["l"], found["t"]) == (2, 0.9)
    assert "| `phase` | 2 or more | 0.9 or less |" in disclosure(world)


def shares(people: list[set[str]]) -> dict[str, float]:
    """Return the share of each answer, a person's one being spread over theirs."""
    values = {"crisis", "recovery", "thriving"}
    return {v: sum((v in mine) / len(mine) for mine in people) / len(people) for v in values}


def test_earlier_releases_are_listed_with_the_smallest_difference(
    world: World, leaders: list[Leader]
) -> None:
    ask(world)
    ask(world)
    [earlier] = report(world)["ledger"]["compared"]
    smallest = min(one["people"] for one in report(world)["class_sizes"])
    assert earlier == {"release": 1, "added": 0, "removed": 0, "shared": 16, "smallest": smallest}
    assert "compared with the earlier ones" in disclosure(world)
    assert "compared with the earlier ones" not in disclosure(world, "1")


SECTORS = {f"sector_{n}": [f"group_{n % 40}"] for n in range(400)}


def large(tmp_path: Path, people: int) -> tuple[Release, ReleaseReport]:
    """Measure a release of many people without a database."""
    identifier = QuasiIdentifier(key="sector", ancestors=SECTORS)
    policy = Policy(quasi_identifiers=[identifier], k=5, suppression_limit=0.05)
    sectors = [sector for sector in range(400) for _ in range(sector + 5)]  # each of another size
    everybody: dict[UUID, dict[str, Any]] = {
        UUID(int=n): {"sector": f"sector_{sectors[n]}"} for n in range(people)
    }
    found = attempt(policy, everybody)
    (tmp_path / "participants.csv").write_text(
        "participant\r\n" + "".join(f"p{n:06}\r\n" for n in range(people))
    )
    (tmp_path / "entries.csv").write_text(
        "entry,participant,study_week,time_of_day\r\n"
        + "".join(f"e{n},p{n:06},{n % 52},night\r\n" for n in range(people))
    )
    now = clock.now()
    release = Release(
        study_id=new_id(), number=1, tier="safeguarded", recipient="R", purpose="P", cutoff=now, seed="s",
        policy=policy.model_dump(mode="json"),
    )  # fmt: skip
    texts = ReportTexts(exported=0, reviewed=0, second=0, withheld=0, unreviewed=0, edited=0, redacted={})
    background = Background(everybody, people, people, None, 0, texts)
    verdict = Verdict((), found.class_sizes, {})
    dates = written_dates(policy.dates, release.number, tmp_path)
    figures = measured(release, Passed(found, Gate(), frozenset()), background, verdict, dates)
    released = {
        "study": "S", "number": 1, "tier": "safeguarded", "recipient": "R", "purpose": "P", "cutoff": now,
        "requested_at": now, "published_at": now, "operator": "O", "files": [],
    }  # fmt: skip
    return release, ReleaseReport.model_validate(figures.model_dump() | released)


def test_a_report_of_20_000_people_is_short(tmp_path: Path) -> None:
    release, found = large(tmp_path, 20_000)
    written = page.html(found)
    Page(written)
    assert len(found.class_sizes) > 100
    assert written.count("<rect") < 30
    assert len(written) < 40_000
    assert len(found.model_dump_json()) < 40_000
    assert "20,000" in written
    assert sum(one.people * one.classes for one in found.class_sizes) == 20_000
    assert "| People in this release | 20,000 to 49,999 |" in recipients.text(release, "S", found)
