"""What the pages name exists: commands with their options, settings, metrics, routes."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from api.core.config import Settings
from api.core.metrics import Metrics
from scripts.cli.main import app
from tests.meta.repository import ROOT, pages, sources

OPERATIONS = ROOT / "docs" / "operations.md"
SETTING = re.compile(r"\bDAYBOOK_[A-Z_]+[A-Z]\b")
EVERY_PAGE = pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))


def code(text: str) -> str:
    """Return what a page shows as code, a line for each line of a block and for each piece between backticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *(" ".join(piece.split()) for piece in re.findall(r"`([^`]+)`", rest))])


def wrong_commands(text: str) -> list[str]:
    """Name each `daybook` command that does not exist, or has no such option."""
    found = re.findall(
        r"(?:^|(?<!-u)[\s(])(?:daybook|scripts\.cli\.main)( [a-z][^\n#|;)]*)", code(text), re.MULTILINE
    )
    return [f"daybook{words}" for words in found if not _exists(words.split())]


def wrong_settings(text: str) -> set[str]:
    """Name each setting that does not exist; a few are read by one command alone."""
    known = {f"DAYBOOK_{name.upper()}" for name in Settings.model_fields}
    for path in sources("scripts"):
        known.update(SETTING.findall(path.read_text(encoding="utf-8")))
    return set(SETTING.findall(text)) - known


def wrong_metrics(text: str) -> set[str]:
    """Name each metric that does not exist."""
    known = {
        sample
        for family in Metrics().registry.collect()
        for sample in (family.name, *(family.name + end for end in ("_total", "_bucket", "_count", "_sum")))
    }
    return set(re.findall(r"\bdaybook_[a-z_]+[a-z]\b", text)) - known


def _exists(words: list[str]) -> bool:
    command = get_command(app)
    while commands := getattr(command, "commands", None):
        if not words:
            return True  # a sentence about a group of commands
        if words[0] not in commands:
            return False
        command, words = commands[words[0]], words[1:]
    options = {"--help"}.union(*(one.opts + one.secondary_opts for one in command.params))
    return all(word.partition("=")[0] in options for word in words if word.startswith("-"))


@EVERY_PAGE
def test_a_page_names_only_commands_settings_and_metrics_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert wrong_commands(text) == []
    assert wrong_settings(text) == set()
    assert wrong_metrics(text) == set()


def test_names_that_do_not_exist_are_found() -> None:
    block, sentence = (
        "```sh\ndaybook migrate --now\n```\n",
        "Run `daybook study\nforget`, see `daybook_luck_total`",
    )
    text = f"{block}{sentence} and set `DAYBOOK_MAGIC`."
    assert wrong_commands(text) == ["daybook migrate --now", "daybook study forget"]
    assert wrong_settings(text) == {"DAYBOOK_MAGIC"}
    assert wrong_metrics(text) == {"daybook_luck_total"}


def test_the_operators_page_names_what_an_operator_needs() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    named = set(re.findall(r"daybook ([a-z]+)", code(text)))
    assert {"serve", "worker", "migrate", "staff", "token", "study"} <= named
    assert all(f"`{family.name}" in text for family in Metrics().registry.collect())


def test_alerts_watch_routes_that_exist() -> None:
    table = (ROOT / "tests" / "meta" / "routes.txt").read_text(encoding="utf-8")
    routes = re.findall(r"^[A-Z]+ (\S+):", table, re.MULTILINE)
    watched = re.findall(r"route=~?\"([^\"]+)\"", OPERATIONS.read_text(encoding="utf-8"))
    assert watched
    for pattern in "|".join(watched).split("|"):
        assert any(re.fullmatch(pattern, route) for route in routes), pattern
