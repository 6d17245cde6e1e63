"""Files that are no m-Path export: a sentence, status 1, and nothing stored."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.cli.main import app
from scripts.cli.migrate import upgrade
from tests.importers.files import two_people, write

Files = tuple[Path, Path]


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8-sig")), "utf-8-sig")


def absent(files: Files) -> None:
    files[0].unlink()


def swapped(files: Files) -> None:
    files[0].write_text(files[1].read_text("utf-8-sig"), "utf-8-sig")


def not_text(files: Files) -> None:
    files[0].write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xfe")


def without_column(files: Files) -> None:
    rewrite(files[0], lambda text: text.replace("timeZoneOffset", "timeZone"))


def empty(files: Files) -> None:
    files[0].write_text("")


def only_a_header(files: Files) -> None:
    rewrite(files[0], lambda text: text.split("\n")[0] + "\n")


def too_many_cells(files: Files) -> None:
    rewrite(files[0], lambda text: text.rstrip("\n") + ";1;2;3\n")


def open_quote(files: Files) -> None:
    rewrite(files[0], lambda text: text.rstrip("\n") + '"never closed\n')


def column_twice(files: Files) -> None:
    rewrite(files[0], lambda text: text.replace("deltaUTC", "alias"))


def meta_without_column(files: Files) -> None:
    rewrite(files[1], lambda text: text.replace("typeAnswer", "type"))


def other_codebook(files: Files) -> None:
    rewrite(files[1], lambda text: text.split("\n")[0] + "\nsomething_open;Why?;open;string;0;0;0\n")


def no_consent_question(files: Files) -> None:
    rewrite(files[1], lambda text: "\n".join(line for line in text.split("\n") if "consent" not in line))


def commas(files: Files) -> None:
    write(files[0].parent, two_people(), separator=",")


DEFECTS = [
    (absent, "cannot be read"),
    (swapped, "is not m-Path's answers (--basic)"),
    (not_text, "is not UTF-8 text"),
    (without_column, "lacks what m-Path's answers (--basic) must have: timeZoneOffset."),
    (empty, "is not m-Path's answers (--basic)"),
    (only_a_header, "holds no rows"),
    (too_many_cells, "cells, but"),
    (open_quote, "line"),
    (column_twice, "names a column twice"),
    (meta_without_column, "lacks what m-Path's codebook (--meta) must have: typeAnswer."),
    (other_codebook, "describes none of the columns"),
    (no_consent_question, "asked for consent"),
    (commas, "is not separated by ';'"),
]


@pytest.fixture
def daybook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """The command itself, with a migrated SQLite file of its own."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DAYBOOK_DATABASE_URL", raising=False)
    upgrade()

    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "400"})
        return result.exit_code, result.output + result.stderr

    return call


@pytest.mark.parametrize(("spoil", "sentence"), DEFECTS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_spoilt_file_is_refused_in_a_sentence(
    tmp_path: Path, spoil: Callable[[Files], None], sentence: str
) -> None:
    from scripts.importers.mpath.instrument import mapping
    from scripts.importers.mpath.reading import ANSWERS, CODEBOOK, NotMpath, read

    files = write(tmp_path, two_people())
    spoil(files)
    with pytest.raises(NotMpath) as refused:
        mapping(read(files[0], ANSWERS), read(files[1], CODEBOOK), "en")
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_the_command_tells_the_sentence_and_ends_with_1(
    tmp_path: Path, daybook: Callable[..., tuple[int, str]]
) -> None:
    files = write(tmp_path, two_people(), separator=",")
    status, said = daybook("import", "mpath", "--basic", str(files[0]), "--meta", str(files[1]))
    assert status == 1
    assert "Nothing was imported. basic.csv is not separated by ';'" in " ".join(said.split())
    assert "Traceback" not in said


def test_the_command_imports_and_shows_its_numbers(
    tmp_path: Path, daybook: Callable[..., tuple[int, str]]
) -> None:
    files = write(tmp_path, two_people())
    order = ["import", "mpath", "--basic", str(files[0]), "--meta", str(files[1])]
    status, said = daybook(*order)
    assert (status, "--owner" in said) == (1, True)  # nobody is there to own it
    assert daybook("staff", "add", "o@example.org", "--name", "O")[0] == 0
    status, said = daybook(*order)
    assert status == 0, said
    for words in (
        "entries made",
        "missed prompts recorded",
        "never stored",
        "run it again with --sharing-agreed",
    ):
        assert words in said
    assert "woods" not in said
    assert "caf" not in said


@pytest.mark.parametrize(
    "option",
    [
        ("--time-zone", "Mars/Olympus"),
        ("--language", "EN!"),
        ("--title", "x" * 300),
        ("--owner", "nobody@example.org"),
        ("--study", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_an_option_that_names_nothing_is_refused_in_a_sentence(
    tmp_path: Path, daybook: Callable[..., tuple[int, str]], option: tuple[str, str]
) -> None:
    daybook("staff", "add", "o@example.org", "--name", "O")
    files = write(tmp_path, two_people())
    status, said = daybook("import", "mpath", "--basic", str(files[0]), "--meta", str(files[1]), *option)
    assert (status, "Traceback" in said) == (1, False)
    assert len(said.split()) > 4
