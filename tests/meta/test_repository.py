"""Rules about the repository itself."""

import ast
import re
import subprocess
import sys

import pytest

from tests.meta.repository import CODE, ROOT, sources

TOP = {
    "api",
    "migrations",
    "schemas",
    "scripts",
    "tests",
    "docs",
    "alembic.ini",
    "pyproject.toml",
    "Dockerfile",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "requirements.lock",
}
LOCKS = ("requirements.lock", ".ci/requirements-dev.lock")
ENTRY_POINTS = sorted(
    str(path.relative_to(ROOT))
    for path in (*(ROOT / "scripts").iterdir(), ROOT / ".ci" / "run")
    if path.is_file() and not path.suffix
)


def test_the_top_level_is_what_was_agreed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    top = {name.split("/")[0] for name in listed}
    assert {name for name in top if not name.startswith(".")} == TOP
    assert ".ci" in top
    assert not any(name.endswith("uv.lock") for name in listed)


def test_no_file_is_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources(*CODE)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
        and "versions" not in path.parts  # a migration is generated and never grows
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources("api", "schemas", "scripts")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


def test_every_package_says_what_it_is() -> None:
    packages = [
        path for path in sources("api", "schemas", "scripts", "migrations") if path.name == "__init__.py"
    ]
    assert len(packages) > 10
    assert [str(path) for path in packages if not ast.get_docstring(ast.parse(path.read_bytes()))] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in sources("api", "schemas", "scripts", "tests")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_tables_are_reached_through_their_own_feature() -> None:
    """Only releases and insights read others' tables; `Study` is what every handler is handed."""
    found = {
        (path.relative_to(ROOT / "api").parts[0], feature, names)
        for path in sources("api")
        for feature, names in re.findall(
            r"^from api\.(\w+)\.models import (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert len(found) > 10
    foreign = {one for one in found if one[0] not in {one[1], "releases", "insights"}}
    assert {one for one in foreign if one[1:] != ("studies", "Study")} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place_and_hashes_everything(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|index-url|find-links|trusted-host|file:| @ ", text)
    hashed = re.findall(r"^\S+==[^\n]*\\\n +--hash=sha256:", text, re.MULTILINE)
    assert len(pins(name)) == len(hashed) > 40


def test_the_development_lock_holds_the_runtime_lock() -> None:
    assert set(pins(LOCKS[0])) <= set(pins(LOCKS[1]))


def test_the_entry_points_are_found() -> None:
    assert {"scripts/demo", "scripts/test", "scripts/check", "scripts/serve", ".ci/run"} <= {*ENTRY_POINTS}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_an_entry_point_is_short_and_runs(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & 0o111, "not executable"
    assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_imports_keep_to_the_layers() -> None:
    linter = "from importlinter.cli import lint_imports_command as check; check()"
    ran = subprocess.run(
        [sys.executable, "-c", linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert ", 0 broken" in ran.stdout


def pins(name: str) -> list[str]:
    """Return the packages of a lock with their versions and the Pythons they are for."""
    return re.findall(r"^(\S+==[^\n]*?) *\\$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
