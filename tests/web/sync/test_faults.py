"""Two hundred diaries through all that happens to phones: no entry is lost, none doubled, none misreported."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from api.core.config import Settings
from tests.databases import copy_sqlite, make_settings
from tests.journeys.server import Forker
from tests.web.killable import Killable
from tests.web.sync.house import open_house
from tests.web.sync.storm import Storm

LEADERS, GENERATIONS = 10, 10
BROWSER_DIES = {2, 6}


def weather(
    settings: Settings,
    forker: Forker,
    profile: Path,
    generations: list[bool],
    planted: dict[str, tuple[str, str]] | None = None,
) -> tuple[list[str], Counter[str]]:
    """Let as many generations of ten leaders go through it; return what is wrong, and what happened."""
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"The seed is {seed}.")  # noqa: T201 - shown when it fails
    with (
        open_house(settings, forker, LEADERS * len(generations)) as house,
        sync_playwright() as playwright,
    ):
        house.gateway.planted = planted or {}
        browser = Killable(playwright, profile)
        storm = Storm(house, browser, seed, LEADERS)
        try:
            for number, browser_dies in enumerate(generations):
                storm.generation(number, browser_dies=browser_dies)
        finally:
            browser.kill()
    return storm.wrong, storm.counts


def test_nothing_is_lost_or_doubled(
    settings: Settings, forker: Forker, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    generations = [number in BROWSER_DIES for number in range(GENERATIONS)]
    wrong, counts = weather(settings, forker, tmp_path / "profile", generations)
    assert wrong == []
    print(counts)  # noqa: T201 - shown with -s
    assert counts["runs"] == 100
    assert counts["browser killed"] >= 20
    assert counts["server killed"] >= 3
    assert counts["offline"] >= 3
    for what, times in counts.items():
        record_property(what, times)


_TOGETHER = 'await at.outbox.put(operation(draft.id, before.owner, "put", written));'
_TORN = "the entry and its operation are kept in two transactions"
PLANTED = {
    "the outbox is emptied before the receipt": (
        "store/outbox.js",
        "await at.outbox.put({ ...op, attempts: op.attempts + 1 });",
        "await at.outbox.drop(op.id);",
    ),
    _TORN: (
        "store/entries.js",
        _TOGETHER,
        f'setTimeout(() => run(["outbox"], "readwrite", async (at) => {{ {_TOGETHER} }}));',
    ),
    "what the phone itself sent is taken for a stranger's": (
        "store/refusals.js",
        "if (stored && isOurs(record, stored.receipt))",
        "if (stored && false)",
    ),
    "every try has an id of its own": (
        "sync/batch.js",
        '[{ op: "put", id: op.id, entry: op.entry }]',
        '[{ op: "put", id: crypto.randomUUID(), entry: op.entry }]',
    ),
}


@pytest.fixture
def migrated(migrated_sqlite: Path, tmp_path: Path) -> Settings:
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    return make_settings(tmp_path / "data")


@pytest.mark.parametrize("name", PLANTED)
def test_a_client_with_a_fault_is_caught(
    name: str, migrated: Settings, forker: Forker, tmp_path: Path
) -> None:
    file, right, wrong_ = PLANTED[name]
    dies = [name == _TORN]  # the others need a bad network only, and it takes a minute
    wrong, _ = weather(migrated, forker, tmp_path / "profile", dies, {file: (right, wrong_)})
    assert wrong
