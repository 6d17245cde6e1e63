"""Olga at the command line: check, import, export and diff; and the commands of the page for researchers."""

import shlex
from pathlib import Path

import pytest

from api.instruments import shipped
from tests.commands import daybook
from tests.instruments.xlsform.books import asks, reads
from tests.meta.repository import ROOT
from tests.meta.test_docs import blocks
from tests.personas import World

FIRST = asks(["select_one moods", "mood", "How are you?"], ["text", "why", "Why?", "${mood} = 'tired'"])


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    file = tmp_path / "evening.xlsx"
    file.write_bytes(FIRST)
    return file


def test_check_says_what_an_author_should_know(world: World, evening: Path) -> None:
    code, said = daybook(world.settings, "instrument", "check", evening)
    assert code == 0
    assert "Sheet survey, row 2, column disclosure: No disclosure class" in " ".join(said.split())
    assert said.splitlines()[-1] == "evening can be taken: 2 questions, evening."


def test_check_names_every_place_and_fails(world: World, tmp_path: Path) -> None:
    file = tmp_path / "wrong.xlsx"
    file.write_bytes(asks(["geopoint", "place", "Where?"], ["text", "why", "=1+1"]))
    code, said = daybook(world.settings, "instrument", "check", file)
    assert code == 1
    said = " ".join(said.split())  # where a line is broken hangs on the terminal
    assert "/survey/2/type: Sheet survey, row 2, column A (type): Daybook asks for no positions" in said
    assert "/survey/3/label: Sheet survey, row 3, column C (label): This is a formula." in said


def test_import_shows_the_difference_and_publishes(world: World, evening: Path) -> None:
    study = world.study_id
    code, said = daybook(world.settings, "instrument", "import", evening, "--study", study, "--publish")
    assert (code, said.splitlines()[-1]) == (0, "evening version 1: published"), said
    assert "All 2 questions are new." in said
    evening.write_bytes(asks(["select_one moods or_other", "mood", "And you?"]))
    code, said = daybook(world.settings, "instrument", "import", evening, "--study", study)
    assert "left: asked no more" in said
    assert said.splitlines()[-1] == "evening version 2: draft"
    code, said = daybook(world.settings, "instrument", "import", evening, "--study", study, "--publish")
    assert code == 1
    said = " ".join(said.split())
    assert "'why' must stay in the list of questions" in said


def test_export_and_diff(world: World, tmp_path: Path, evening: Path) -> None:
    file, study = tmp_path / "diary.xlsx", world.study_id
    assert daybook(world.settings, "instrument", "export", "place_leadership_diary", 1, file)[0] == 0
    diary = next(one for one in shipped.definitions() if one.key == "place_leadership_diary")
    assert reads(file.read_bytes()).definition == diary
    words = ("export", "place_leadership_diary", 1, file, "--study", study)
    assert daybook(world.settings, "instrument", *words)[0] == 0
    code, said = daybook(
        world.settings, "instrument", "diff", "place_leadership_diary", 1, file, "--study", study
    )
    assert (code, "questions are identical" in said) == (0, True)
    code, said = daybook(world.settings, "instrument", "diff", "place_leadership_diary", 1, evening)
    assert "left: asked no more" in said
    assert daybook(world.settings, "instrument", "export", "nobody", 1, file)[0] == 1
    assert daybook(world.settings, "instrument", "diff", "nobody", 1, tmp_path / "no.xlsx")[0] == 1


def test_the_commands_of_the_page_work(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evening: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = "".join(blocks(ROOT / "docs" / "xlsform.md")).splitlines()
    assert len(lines) > 4
    for line in lines:
        program, *words = shlex.split(line.replace("$study", str(world.study_id)))
        assert program == "daybook"
        code, said = daybook(world.settings, *words)
        assert code == 0, (line, said)
