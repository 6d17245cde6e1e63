"""Eve writes formulas wherever a study takes text, and opens the CSV files in a spreadsheet."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from api.releases import build
from api.releases.formats import csv
from api.releases.verification.verify import Expected, Verdict, verify_files
from tests.attacks.attacker import STARTERS, Held, would_run
from tests.attacks.instrument import definition, question
from tests.attacks.scene import Scene
from tests.meta.shape import refused
from tests.personas import World
from tests.releases.review.desk import Desk

STORED = sorted(STARTERS - {"\0"})
BEGINNINGS = [*STORED, " =", " \u3000 \uff0b"]
FORMULAS = [f"{start}cmd|' /C calc'!A0" for start in BEGINNINGS]
HIERARCHY = """local_gov;=1+1;*
central_gov;=1+1;*
regional_or_combined_authority;=1+1;*
university_he;\uff20SUM(A1);*
third_sector;\uff20SUM(A1);*
other_public_partner;\uff20SUM(A1);*
"""


def formula_study(world: World) -> Scene:
    """Write each formula as a plain text and in a repeat, and clear it; name a question and people by formulas."""
    desk, scene = Desk(world), Scene(world)
    labelled = question("scale", "asked", "open", min=1, max=5) | {"label": {"en": "-2+3+cmd|' /C calc'!A0"}}
    scene.publish(definition(extra=(labelled,)))
    path = f"{world.path}/hierarchies/sector"
    uploaded = world.olivia.put(path, content=HIERARCHY, headers={"Content-Type": "text/csv"})
    assert uploaded.status_code == 200, uploaded.text
    for sector in ("local_gov", "local_gov", "central_gov", "central_gov", "local_gov"):
        scene.settle(1, sector=sector)
    for sector in ("university_he", "university_he", "third_sector", "third_sector", "university_he"):
        scene.settle(1, sector=sector)
    for number, text in enumerate(FORMULAS):
        answers = {"short_text_text": text, "long_text_text": text, "items": [{"in_long_text_text": text}]}
        scene.keeps(scene.leaders[number % 10], answers)
    nul = scene.leaders[0].keeps(answers={"short_text_text": "\0=1"}, instrument="attacked", kind="moment")
    refused(nul, 422, "invalid")
    desk.catch_up()
    cleared = 0
    while waiting := desk.queue(limit=100)["texts"]:
        for text in waiting:
            desk.decided(text, spans=[])
            cleared += 1
    assert cleared == 3 * len(FORMULAS)
    return scene


def runnable(held: Held) -> Counter[str]:
    """Count what a spreadsheet would run in each CSV file."""
    return Counter(name for name, cell in held.cells() if name.endswith(".csv") and would_run(cell))


def unheard(files: Path, expected: Expected, seen: Callable[[pl.DataFrame], None]) -> Verdict:
    """Verify a release's files, and keep what was found to oneself."""
    return replace(verify_files(files, expected, seen), findings=())


def test_a_spreadsheet_runs_nothing_and_would_without_the_guard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = formula_study(world)
    held = scene.given()
    assert runnable(held) == {}
    shown = [row["long_text_text"].removeprefix("'") for row in held.table("entries")]
    assert sorted(shown) == sorted(FORMULAS)  # the texts are there, all of them,
    assert {row["sector"] for row in held.table("participants")} == {"'=1+1", "'\uff20SUM(A1)"}

    monkeypatch.setattr(csv, "guarded", pl.col)
    assert "a cell that a spreadsheet could run" in scene.refused()  # the written files are looked at again,
    monkeypatch.setattr(build, "verify_files", unheard)  # it finds, and nobody looks
    ran = runnable(scene.given())
    many = len(FORMULAS)
    assert ran == {
        "entries.csv": 2 * many,
        "items.csv": many,
        "answers_long.csv": 3 * many,
        "participants.csv": 11,
        "codebook.csv": 1,
    }


@pytest.mark.parametrize(
    "cell", ["=1", "-1+1", "+A1", "@x", "\t=1", "\r", "\uff1d1", " =1", "\u3000+x", "--1", "-"]
)
def test_the_attackers_eyes_see_a_formula(cell: str) -> None:
    assert would_run(cell)


@pytest.mark.parametrize("cell", ["", "-1", "-1.5e3", "+4", "a=1", "'=1", "1-1", "5 to 8"])
def test_the_attackers_eyes_see_no_formula(cell: str) -> None:
    assert not would_run(cell)
