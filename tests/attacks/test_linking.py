"""Eve holds what two recipients were given, and looks for the same person in both."""

import pytest

from api.releases import build
from tests.attacks.attacker import Held
from tests.attacks.diaries import Diaries
from tests.attacks.test_dates import correlation

OTHERS = (
    {"recipient": "Dr Mallory"},
    {"purpose": "roles"},
    {"recipient": "Dr Eve", "purpose": "Evil themes"},
    {"tier": "open"},
)


def names(held: Held, table: str, column: str) -> set[str]:
    """Return the pseudonyms in a column."""
    return {row[column] for row in held.table(table)} - {""}


def test_no_pseudonym_and_no_order_links_two_recipients(diaries: Diaries) -> None:
    mine = diaries.scene.given()
    order = {row["mark"]: place for place, row in enumerate(mine.table("entries"))}
    for other in OTHERS:
        theirs = diaries.scene.given(**other)
        for table, column in (
            ("participants", "participant"),
            ("entries", "participant"),
            ("entries", "entry"),
        ):
            assert names(mine, table, column).isdisjoint(names(theirs, table, column))
        rows = theirs.table("entries")
        assert abs(correlation(rows, lambda row: order[row["mark"]])) < 6 / len(rows) ** 0.5


def test_two_open_releases_have_no_pseudonym_in_common(diaries: Diaries) -> None:
    one, two = (names(diaries.scene.given(tier="open"), "participants", "participant") for _ in range(2))
    assert one.isdisjoint(two)


def test_the_same_recipient_follows_people_and_no_entries(diaries: Diaries) -> None:
    one, two = diaries.scene.given(), diaries.scene.given()
    assert names(one, "participants", "participant") == names(two, "participants", "participant")
    assert names(one, "entries", "entry").isdisjoint(names(two, "entries", "entry"))


def test_one_key_for_all_would_link_everybody(diaries: Diaries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "scope_key", lambda *_: b"the same key for every recipient")
    mine, theirs = diaries.scene.given(), diaries.scene.given(recipient="Dr Mallory")
    for table, column in (("participants", "participant"), ("entries", "entry")):
        assert names(mine, table, column) == names(theirs, table, column)
    order = {row["entry"]: place for place, row in enumerate(mine.table("entries"))}
    assert correlation(theirs.table("entries"), lambda row: order[row["entry"]]) == pytest.approx(1)
