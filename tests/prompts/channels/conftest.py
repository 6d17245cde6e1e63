"""Fixtures: a channel asks a database for a key and no more, so one kind of database is enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.core.config import Settings
from tests.conftest import empty_database


@pytest.fixture(params=["sqlite"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a migrated, empty database."""
    with empty_database(request, tmp_path / "data") as made:
        yield made
