"""What the rules about the repository look at."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("api", "schemas", "scripts", "tests", "migrations")


def sources(*folders: str) -> Iterator[Path]:
    """Walk the Python files of some folders; raise if there are none, so that no rule passes on nothing."""
    for folder in folders:
        found = sorted((ROOT / folder).rglob("*.py"))
        assert found, folder
        yield from found


def pages() -> list[Path]:
    """Return the pages that people read."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    assert len(found) > 10
    return found
