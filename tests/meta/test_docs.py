"""The documentation is tested: generated pages, links, and the commands that the README names."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import docs
from tests.meta.repository import ROOT, pages

README = ROOT / "README.md"
OTHER_COMMANDS = {"daybook", "export", "curl"}


def blocks(path: Path = README) -> list[str]:
    """Return what stands in a page's sh blocks."""
    return re.findall(r"^```sh\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands() -> Iterator[list[str]]:
    """Walk the README's commands, word by word; those inside $(...) stand alone."""
    for line in "".join(blocks()).splitlines():
        inner = re.fullmatch(r"\w+=\$\((.*)\)", line)
        yield shlex.split(inner[1] if inner else line)


@pytest.mark.parametrize("name", docs.PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (docs.FOLDER / name).read_text(encoding="utf-8") == docs.PAGES[name]()


def test_every_problem_has_a_slug_of_its_own() -> None:
    slugs = re.findall(r"^\| `([a-z-]+)` \|", docs.problems(), re.MULTILINE)
    assert len(slugs) > 20
    assert len(set(slugs)) == len(slugs)


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 120


def test_the_readme_names_the_two_commands_first() -> None:
    assert blocks()[:2] == ["scripts/demo\n", "scripts/test\n"]


def test_the_readme_names_only_commands_that_exist() -> None:
    found = list(commands())
    assert len(found) > 8
    for name, *_ in found:
        if name.startswith("scripts/"):
            assert os.access(ROOT / name, os.X_OK), name
        else:
            assert name in OTHER_COMMANDS, name


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("https://", "#")):
            assert (page.parent / target.split("#")[0]).exists(), target


def test_the_readme_s_own_study_can_be_set_up(tmp_path: Path) -> None:
    """Run the README's commands for real use, as they stand."""
    block = next(one for one in blocks() if "daybook staff add" in one)
    launcher = tmp_path / ".venv" / "bin" / "daybook"
    launcher.parent.mkdir(parents=True)
    launcher.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m scripts.cli.main "$@"\n')
    launcher.chmod(0o755)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block + 'echo "study=$study token=$token"; ls codes | wc -l'],
        cwd=tmp_path,
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"study=[0-9a-f-]{36} token=dbp_\S{43}\n24\n", ran.stdout), ran.stdout


def test_the_demonstration_prints_a_curl_that_prints_rows(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    with subprocess.Popen(
        [ROOT / "scripts" / "demo", "--port", str(free)],
        env=_environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        shown = next(line for line in running.stdout if line.startswith("curl "))
        pulled = subprocess.run(shlex.split(shown), capture_output=True, text=True, check=True).stdout
        running.send_signal(signal.SIGINT)
        assert running.stdout.read().endswith("Stopped. What was stored is kept for the next start.\n")
    assert running.returncode == 0
    header, *rows = pulled.splitlines()
    assert header.startswith("entry,participant,")
    assert len(rows) > 150
    assert "Synthetic text" not in pulled


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of somebody who has set nothing but a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_")}
    return kept | {"DAYBOOK_DATA_DIR": str(folder / "var")}
