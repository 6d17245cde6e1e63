"""Nothing but the pipeline, and the restoring of a backup, can write a release file."""

import ast
from collections.abc import Iterator

import pytest

from tests.meta.repository import ROOT, sources

MAKERS = ("build", "claim", "files", "formats", "growing", "making", "staging", "tabulate")
"""The modules of the pipeline that make files."""
INSIDE = ("api/releases/", "scripts/benchmarks/")
"""The pipeline, and what measures it over data of its own."""
WRITES = {"publish", "save", "remove"}
ALLOWED = {
    "api/core/storage.py": {"fsspec"},  # the store itself
    "api/core/config.py": {"where the store is", "the store's folder"},
    "api/routers.py": {"api.releases.build"},  # registers the job
    "scripts/backup/restoring.py": {"Storage.save", "Storage.remove"},  # puts back what was published
}


def test_no_other_module_reaches_what_writes_release_files() -> None:
    found = {}
    for path in sources("api", "scripts", "schemas"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(INSIDE) and (doors := set(doors_of(path.read_text()))):
            found[name] = doors
    assert found == ALLOWED


@pytest.mark.parametrize(
    ("planted", "door"),
    [
        ("from api.core.storage import Storage\nStorage(url).publish(folder, name)", "Storage.publish"),
        ("from api.core import storage as s\nstore = s.Storage(url)\nstore.save(name, file)", "Storage.save"),
        ("import api.core.storage\nput = api.core.storage.Storage.remove", "Storage.remove"),
        ("import fsspec.core", "fsspec"),
        ("from fsspec.implementations.local import LocalFileSystem", "fsspec"),
        ("from api.releases.formats import csv", "api.releases.formats"),
        ("from api.releases.growing import Growing", "api.releases.growing"),
        ("from api.releases import claim", "api.releases.claim"),
        ("import api.releases.making as m", "api.releases.making"),
        ("importlib.import_module('api.releases.build')", "api.releases.build"),
        ("open(settings.data_dir / 'releases' / name, 'w')", "the store's folder"),
        ("Path(settings.storage).mkdir()", "where the store is"),
        ("place = getattr(settings, 'storage_url')", "where the store is"),
    ],
)
def test_a_planted_door_is_found(planted: str, door: str) -> None:
    assert door in set(doors_of(planted))


def doors_of(source: str) -> Iterator[str]:
    """Yield every way to a release file that a module's source takes."""
    tree = ast.parse(source)
    imported = set(_imported(tree))
    holds_storage = any(name.startswith("api.core.storage") for name in imported)
    for name in imported | {node.value for node in ast.walk(tree) if _is_text(node)}:  # type: ignore[attr-defined] # a text has a value
        if name.split(".")[0] == "fsspec":
            yield "fsspec"
        yield from (door for one in MAKERS if f"{name}.".startswith(f"{(door := f'api.releases.{one}')}."))
        if name == "storage_url":
            yield "where the store is"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if holds_storage and node.attr in WRITES:
                yield f"Storage.{node.attr}"
            if node.attr == "storage_url" or (node.attr == "storage" and not holds_storage):
                yield "where the store is"
        elif isinstance(node, ast.BinOp) and _is_text(node.right) and ast.unparse(node.right) == "'releases'":
            yield "the store's folder"


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
