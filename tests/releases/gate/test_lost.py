"""A restore has lost the record of a release: nobody can say what another one gives away beside it."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.sql import Update
from sqlmodel import col

from api.core import db
from api.releases.models import LOST, Release, ReleaseParticipant
from schemas.release import ReleaseStatus
from tests.commands import daybook
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import World
from tests.releases.gate.house import ask, gate, join, publish, refuse, wanted
from tests.releases.report.test_page import SCRIPT, Page

REASON = f"Dr Ana has destroyed release 1 before witnesses, {SCRIPT} *says she*."
LOST_IN_A_RESTORE = update(Release).values(status=ReleaseStatus.FAILED, refusal=LOST)
NOTHING_KEPT = update(ReleaseParticipant).values(shown=None)


def forget(world: World, how: Update = LOST_IN_A_RESTORE) -> None:
    """Publish a release, and lose what is known of it."""
    publish(world)
    with db.transaction(world.engine) as session:
        session.execute(how)


def preview(world: World, **body: Any) -> Any:
    asked = {"recipient": "Dr Ana", "purpose": "themes", "quasi_identifiers": ["sector"]} | body
    with nothing_stored(world.engine):
        return world.olivia.post(f"{world.path}/release-previews", asked).json()["cost"]


@pytest.mark.parametrize("how", [LOST_IN_A_RESTORE, NOTHING_KEPT], ids=["lost in a restore", "nothing kept"])
def test_a_release_beside_it_is_made_for_a_written_reason_only(world: World, how: Update) -> None:
    join(world, local_gov=12, third_sector=12)
    forget(world, how)
    why = refuse(world)
    assert "An earlier release cannot be compared with this one. Of release 1 nothing is known" in why
    bodies: list[dict[str, Any]] = [{"fit_earlier": True}, {"quasi_identifiers": []}, {"tier": "open"}]
    for body in bodies:
        assert refuse(world, **body) == why
    publish(world, not_compared_reason=REASON)
    assert (gate(world, 6).not_compared, gate(world, 6).compared) == ((1,), ())
    assert refuse(world) == why


def test_a_lost_release_may_be_anybody_s(world: World) -> None:
    join(world, local_gov=12, third_sector=12)
    forget(world)
    assert "Of release 1 nothing is known" in refuse(world, recipient="Dr Ben")
    forgotten_too = (
        update(Release).where(col(Release.number) == 3).values(status=ReleaseStatus.FAILED, refusal=LOST)
    )
    publish(world, not_compared_reason=REASON)
    with db.transaction(world.engine) as session:
        session.execute(forgotten_too)
    assert "Of releases 1 and 3 nothing is known" in refuse(world)


def test_the_reason_does_not_open_the_gate_itself(world: World) -> None:
    join(world, local_gov=12, third_sector=12)
    forget(world)
    publish(world, not_compared_reason=REASON)
    join(world, local_gov=1)
    assert "One person is in this one and not in release 2." in refuse(world, not_compared_reason=REASON)


def test_the_preview_says_so_before_anything_is_asked(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    forget(world)
    assert preview(world)["refusal"] == refuse(world)
    assert preview(world, not_compared_reason=REASON)["class_sizes"] == [6, 6]


def test_whatever_was_lost_and_why_is_printed_with_the_release(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    forget(world)
    publish(world, not_compared_reason=REASON)
    earlier = world.ana.get(f"{world.path}/releases/2/manifest.json").json()["earlier_releases"]
    assert earlier == {"compared": [], "not_compared": [1], "not_compared_reason": REASON}
    ledger = world.olivia.get(f"{world.path}/releases/2/report").json()["ledger"]
    assert (ledger["not_compared"], ledger["not_compared_reason"]) == ([1], REASON)
    html = world.olivia.get(f"{world.path}/releases/2/report.html").text
    assert f"nothing is known any more: 1. The study's reason: {REASON}" in Page(html).words
    told = world.ana.get(f"{world.path}/releases/2/DISCLOSURE.md").text
    assert "they could not be compared. The study's reason: Dr Ana has destroyed release 1" in told
    assert "\\<script\\>alert\\(1\\)" in told


def test_a_reason_that_was_not_needed_is_not_printed(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    publish(world, not_compared_reason=REASON)
    manifest = world.ana.get(f"{world.path}/releases/1/manifest.json").json()
    assert manifest["earlier_releases"] == {"compared": [], "not_compared": []}
    assert REASON not in world.olivia.get(f"{world.path}/releases/1/report").text


@pytest.mark.parametrize("reason", ["", "lost", "x" * 1_001, "nul \x00" + "x" * 30, 1])
def test_a_reason_is_a_sentence(world: World, reason: Any) -> None:
    body = {"recipient": "Dr Ana", "purpose": "themes", "not_compared_reason": reason}
    with nothing_stored(world.engine):
        found = refused(world.olivia.post(f"{world.path}/releases", body), 422, "invalid")
    assert pointers(found) == {"/not_compared_reason"}


def test_the_same_asked_with_a_reason_is_another_release(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    forget(world)
    without = wanted(world)
    assert wanted(world) == without
    assert wanted(world, not_compared_reason=REASON) != without
    refused(world.ana.post(f"{world.path}/releases", {"not_compared_reason": REASON}), 403, "forbidden")


def test_the_operator_gives_the_reason_too(world: World) -> None:
    join(world, local_gov=6, third_sector=6)
    forget(world)
    to_ana = ("--recipient", "Dr Ana", "--not-compared-reason", REASON)
    status, said = daybook(world.settings, "release", "preview", world.study_id, *to_ana)
    assert (status, "k reached" in said) == (0, True), said
    asked = ("release", "create", world.study_id, *to_ana, "--purpose", "themes", "--no-wait")
    assert daybook(world.settings, *asked)[0] == 0
    assert ask(world, quasi_identifiers=None, not_compared_reason=REASON)["number"] == 2
