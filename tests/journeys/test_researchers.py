"""What docs/researchers.md tells Ana to type works as it stands there."""

import ast
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from api.core.config import Settings
from tests.journeys.server import Forker, Server
from tests.meta.repository import ROOT
from tests.personas import PROFILE, World
from tests.releases.conftest import SECTORS
from tests.releases.test_pipeline import ask

PAGE = (ROOT / "docs" / "researchers.md").read_text(encoding="utf-8")
NOT_OURS = {"pandas", "duckdb"}
"""What the page shows but the project does not install; its last section says that this was tried by hand."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def imported(block: str) -> set[str]:
    """Name the packages that a block imports."""
    nodes = list(ast.walk(ast.parse(block)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {
        name.split(".")[0] for name in plain | {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom)}
    }


def runs(command: list[str], folder: Path, world: World, url: str) -> str:
    environment = os.environ | {
        "URL": url,
        "STUDY": str(world.study_id),
        "TOKEN": world.ana.token,
        "NO_PROXY": "*",
    }
    ran = subprocess.run(
        command, check=False, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, f"{command[-1]}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


@pytest.fixture
def released(settings: Settings, forker: Forker, engine: Engine) -> Any:
    """A real server with a release of sixteen leaders."""
    with (
        Server(settings, forker.launch) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        world = World(client, engine, settings)  # type: ignore[arg-type] # asks by the same methods as a TestClient
        for number in range(16):
            assert world.join(PROFILE | {"sector": SECTORS[number % 4]}).keeps().status_code == 201
        assert ask(world)["status"] == "published"
        yield world, server.url


def test_the_page_s_commands_work_as_they_stand(released: tuple[World, str], tmp_path: Path) -> None:
    world, url = released
    [download] = blocks("sh")
    (by_curl := tmp_path / "curl").mkdir()
    runs(["bash", "-euo", "pipefail", "-c", download], by_curl, world, url)
    (by_python := tmp_path / "python").mkdir()
    told = [
        runs([sys.executable, "-W", "error", "-c", block], by_python, world, url)
        for block in blocks("python")
        if not imported(block) & NOT_OURS
    ]
    assert len(told) == 4
    assert re.search(r"\d+ to \d+", told[1]), "the labels of the codebook"
    assert "part of the day" in told[3]
    assert {path.name for path in (by_curl / "release").iterdir()} == {
        path.name for path in (by_python / "release").iterdir()
    }


def test_only_what_is_named_is_not_run() -> None:
    needed = {name for block in blocks("python") for name in imported(block)}
    assert needed > NOT_OURS
    assert {name for name in needed if find_spec(name) is None} <= NOT_OURS
    tried = PAGE.split("## What was tried")[1].lower()
    assert all(name in tried for name in (*NOT_OURS, "haven", "pspp", "excel"))
