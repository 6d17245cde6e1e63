"""Backups whose passphrase costs little to try: what they are about is not scrypt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.core.config import Settings
from scripts.backup import making
from tests.backup.chest import empty_place


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend no time on scrypt."""
    monkeypatch.setattr(making, "WORK", 2)


@pytest.fixture
def place(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A new machine: an empty folder, a new database, the same keys."""
    with empty_place(settings, tmp_path) as found:
        yield found
