"""Eve compares the columns and codebooks of releases: they tell nothing of who answered what."""

from typing import Any

import polars as pl
import pytest

from api.releases import making
from api.releases.growing import Growing
from schemas.release import ReleaseFileView
from tests.attacks.attacker import Held
from tests.attacks.aviary import Aviary
from tests.attacks.instrument import definition
from tests.attacks.scene import Scene
from tests.personas import World

NEEDED = {"entry", "participant", "sector", "country", "role_tier"}


@pytest.fixture
def silent(aviary: Aviary) -> Scene:
    """A study with the same questionnaires whose leaders answered next to nothing."""
    world = aviary.scene.world
    other = Scene(World(world.client, world.engine, world.settings))
    other.publish(definition())
    other.settle()
    other.keeps(other.leaders[0], {"mood": 1})
    return other


def told(held: Held) -> dict[str, Any]:
    """Return what a release says beside its rows: the names of its files, headers, and all that describes them."""
    found: dict[str, Any] = {"files": sorted(held.files)}
    for name, content in held.files.items():
        if name.endswith(".csv") and not name.startswith("codebook"):
            found[name] = content.partition(b"\r\n")[0]
        elif name.startswith("codebook") or name.endswith("metadata.json"):
            found[name] = content
    return found


def test_studies_that_differ_in_rows_alone_have_the_same_columns_and_codebooks(
    aviary: Aviary, silent: Scene
) -> None:
    for tier in ("safeguarded", "open"):
        full, empty = aviary.scene.given(tier=tier), silent.given(tier=tier)
        assert told(full) == told(empty)
        assert len(full.table("items")) > len(empty.table("items")) == 0


def test_columns_left_out_where_nobody_answered_would_be_seen(
    aviary: Aviary, silent: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    class WithoutEmptyColumns(Growing):
        def described(self) -> list[ReleaseFileView]:
            path = self._paths[".csv"]
            table = pl.read_csv(path, infer_schema=False)
            kept = [one.name for one in table if one.count() or one.name in NEEDED]
            table.select(kept).write_csv(path, line_terminator="\r\n")
            return super().described()

    monkeypatch.setattr(making, "Growing", WithoutEmptyColumns)
    full, empty = told(aviary.scene.given()), told(silent.given())
    assert {"entries.csv", "items.csv"} <= {name for name in full if full[name] != empty[name]}
