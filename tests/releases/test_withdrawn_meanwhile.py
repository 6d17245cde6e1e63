"""Leo leaves, or holds an entry back, while a release is made: what is published afterwards does not hold it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from api.core import db
from api.core.ids import new_id
from api.core.jobs import JobContext
from api.releases import build, claim
from api.releases.models import ReleaseParticipant
from tests.meta.bodies import CONSENT
from tests.personas import DECISION, Leader, World
from tests.releases.gate.house import wanted
from tests.releases.test_pipeline import table

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
ODD = DECISION | {"confidence": 1}
NOT_SHARING = CONSENT | {"statements": {"read": True, "take_part": True, "share": False}}
LEAVES: dict[str, Callable[[World, Leader], Any]] = {
    "leaves the releases": lambda _, leo: leo.post("/v1/me/withdrawal", {"scope": "out_of_releases"}),
    "is erased": lambda _, leo: leo.post("/v1/me/withdrawal", {"scope": "erase"}),
    "asks the team to": lambda world, leo: world.olivia.post(
        f"{world.path}/participants/{leo.participant_id}/withdrawal", {"scope": "out_of_releases"}
    ),
    "no longer shares": lambda _, leo: leo.put("/v1/me/consent", NOT_SHARING),
}

EVERY_WAY = pytest.mark.parametrize("leaves", LEAVES.values(), ids=list(LEAVES))


def told(answer: Any) -> list[int]:
    """Return the releases that an acknowledgment names as not recalled; that of a consent names none."""
    assert answer.status_code in {200, 204}, answer.text
    return list(answer.json()["releases_not_recalled"]) if answer.content else []


def make(world: World, release_id: str) -> None:
    build.build(JobContext(world.settings, "test"), release_id)


def status(world: World) -> Any:
    return world.ana.get(f"{world.path}/releases/1").json()["status"]


def held(world: World) -> set[Any]:
    with db.reading(world.engine) as session:
        return set(session.exec(select(ReleaseParticipant.participant_id)).all())


def once(monkeypatch: pytest.MonkeyPatch, where: str, meanwhile: Callable[[], Any]) -> None:
    """Let something happen once, right before a step of the making."""
    real, left = getattr(claim, where), [meanwhile]

    def waits(*given: Any) -> Any:
        while left:
            left.pop()()
        return real(*given)

    monkeypatch.setattr(claim, where, waits)


def is_absent_after(world: World, leo: Leader, leaves: Any, patch: pytest.MonkeyPatch, where: str) -> None:
    """Let Leo leave right before a step; nothing is published until the release is made again, without him."""
    answers: list[Any] = []
    leo.keeps(answers=DECISION | {"confidence": 1})
    release_id = wanted(world)
    once(patch, where, lambda: answers.append(leaves(world, leo)))
    make(world, release_id)
    assert told(answers[0]) == []
    assert (status(world), held(world)) == ("queued", set())
    assert not [*(world.settings.data_dir / "releases").rglob("*.csv")]
    make(world, release_id)
    assert status(world) == "published"
    assert (len(held(world)), leo.participant_id in held(world)) == (15, False)
    assert (len(table(world, "participants.csv")), len(table(world, "entries.csv"))) == (15, 15)
    assert "1" not in {row["confidence"] for row in table(world, "entries.csv")}


@EVERY_WAY
def test_who_leaves_before_the_switch_is_in_nothing_that_is_published(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch, leaves: Any
) -> None:
    is_absent_after(world, leaders[0], leaves, monkeypatch, "publish")


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)  # SQLite has one writer at a time
@EVERY_WAY
def test_nor_who_leaves_when_the_switch_has_begun(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch, leaves: Any
) -> None:
    is_absent_after(world, leaders[0], leaves, monkeypatch, "_still_holds")


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
@EVERY_WAY
def test_who_leaves_within_the_switch_waits_for_it_and_is_told_so(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch, leaves: Any
) -> None:
    leaving: list[Future[Any]] = []
    with ThreadPoolExecutor(1) as pool, world.engine.connect() as watcher:

        def leave() -> None:
            leaving.append(pool.submit(leaves, world, leaders[0]))
            while not leaving[0].done() and not watcher.execute(text(WAITING)).scalar_one():
                watcher.rollback()
            assert not leaving[0].done(), "it was acknowledged before the release was published"

        once(monkeypatch, "_switch", leave)
        make(world, wanted(world))
        answer = leaving[0].result()
    assert (told(answer) or [1], status(world)) == ([1], "published")
    assert leaders[0].participant_id in held(world)


KEEP_OUT, EMBARGOED = {"keep_out": True}, {"embargo_until": "2199-01-01"}
HOLDS_BACK: dict[str, Callable[[Leader, UUID], Any]] = {
    "deletes it": lambda leo, entry: leo.delete(f"/v1/entries/{entry}"),
    "keeps it out": lambda leo, entry: leo.keeps(entry, ODD | KEEP_OUT, base_version=1),
    "puts it under an embargo": lambda leo, entry: leo.keeps(entry, ODD | EMBARGOED, base_version=1),
}


@pytest.mark.parametrize("holds_back", HOLDS_BACK.values(), ids=list(HOLDS_BACK))
def test_an_entry_that_is_held_back_meanwhile_is_in_nothing_that_is_published(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch, holds_back: Any
) -> None:
    entry, answers = new_id(), list[int]()
    leaders[0].keeps(entry, ODD)
    release_id = wanted(world)
    once(monkeypatch, "publish", lambda: answers.append(holds_back(leaders[0], entry).status_code))
    make(world, release_id)
    assert answers[0] in {200, 204}
    assert (status(world), held(world)) == ("queued", set())
    make(world, release_id)
    assert status(world) == "published"
    assert (len(held(world)), len(table(world, "entries.csv"))) == (16, 16)
    assert "1" not in {row["confidence"] for row in table(world, "entries.csv")}


def test_what_others_write_meanwhile_makes_nothing_anew(
    world: World, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = new_id()
    leaders[0].keeps(entry, ODD)
    release_id = wanted(world)

    def write() -> None:
        leaders[1].keeps()
        assert leaders[0].keeps(entry, ODD | {"confidence": 2}, base_version=1).status_code == 200

    once(monkeypatch, "publish", write)
    make(world, release_id)
    assert status(world) == "published"
    assert len(table(world, "entries.csv")) == 17
