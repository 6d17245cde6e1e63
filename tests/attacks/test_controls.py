"""Eve looks for what leaders kept to themselves: every control of theirs holds, and none would hold by itself."""

from dataclasses import dataclass
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import true

from api.core import clock
from api.core.ids import new_id
from api.participants import service as participants
from api.releases import deidentify, snapshot
from tests.attacks.instrument import definition, question
from tests.attacks.scene import Scene
from tests.personas import World
from tests.releases.review.desk import Desk

KEPT, EMBARGOED, LATER, WITHDRAWN, UNWILLING, EDITED, DELETED = range(101, 108)
SHOWN = 100


@dataclass
class Kept:
    """A study of twelve, its cut-off, and what was done before and after it: each entry bears a mark."""

    scene: Scene
    cutoff: str

    def marks(self) -> set[int]:
        """Return the marks that a release to Eve shows."""
        rows = self.scene.given(cutoff=self.cutoff, recipient=_stranger()).table("entries")
        return {int(row["mark"]) for row in rows}

    def quotes(self) -> set[str]:
        """Return the texts that a release to Eve shows."""
        return {row["long_text_text"] for row in self.scene.given(recipient=_stranger()).table("entries")} - {
            ""
        }


def _stranger() -> str:
    """Name a recipient who holds nothing yet: the gate has nothing to compare."""
    return f"Dr {new_id()}"


def build_kept(world: World) -> Kept:
    """Let leaders use every control that they have."""
    desk, scene = Desk(world), Scene(world)
    scene.publish(definition(extra=(question("number", "mark", "open"),)))
    scene.settle(11)
    leo, gone, edits, deletes, *_ = scene.leaders
    for leader in [*scene.leaders, desk.leo]:
        scene.keeps(leader, {"mark": SHOWN})
    scene.keeps(leo, {"mark": KEPT, "keep_out": True})
    scene.keeps(leo, {"mark": EMBARGOED, "embargo_until": "2199-01-01"})
    scene.keeps(gone, {"mark": WITHDRAWN})
    unwilling = world.join(sharing=False)
    scene.keeps(unwilling, {"mark": UNWILLING})
    entry = scene.keeps(edits, {"mark": SHOWN})
    deleted = scene.keeps(deletes, {"mark": DELETED})
    for allowed in ("yes", "no", "paraphrase_only"):
        scene.keeps(leo, {"mark": SHOWN, "long_text_text": f"said {allowed}", "quotable": allowed})
    desk.catch_up()
    for text in desk.queue(limit=100)["texts"]:
        desk.decided(text, spans=[])
    cutoff = clock.now().isoformat()
    scene.keeps(edits, {"mark": EDITED}, entry, base_version=1)
    scene.keeps(edits, {"mark": LATER})
    assert deletes.delete(f"/v1/entries/{deleted}").status_code in {200, 204}
    assert gone.post("/v1/me/withdrawal", {"scope": "out_of_releases"}).status_code == 200
    return Kept(scene, cutoff)


@pytest.fixture(scope="session")
def kept(lasting_world: World) -> Kept:
    """A study whose leaders used every control."""
    return build_kept(World(lasting_world.client, lasting_world.engine, lasting_world.settings))


def test_what_leaders_keep_to_themselves_is_in_no_release(kept: Kept) -> None:
    assert kept.marks() == {SHOWN}
    assert kept.quotes() == {"said yes"}


def test_without_the_rule_for_entries_all_of_them_would_leave(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "may_leave", lambda *_: true())
    assert kept.marks() >= {KEPT, EMBARGOED}


def test_without_the_rule_for_quotes_all_of_them_would_leave(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deidentify, "may_quote", lambda *_: pl.lit(value=True))
    assert kept.quotes() == {"said yes", "said no", "said paraphrase_only"}


def test_without_the_rule_for_people_the_unwilling_would_be_shown(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = participants.sharing
    world = kept.scene.world
    unwilling = {one["id"] for one in world.olivia.get(f"{world.path}/participants").json()}
    monkeypatch.setattr(participants, "sharing", lambda *given: real(*given) | set(map(UUID, unwilling)))
    assert kept.marks() >= {UNWILLING, WITHDRAWN}


def test_without_the_cut_off_what_was_written_since_would_be_shown(kept: Kept) -> None:
    later = Kept(kept.scene, clock.now().isoformat())
    assert later.marks() == {SHOWN, EDITED, LATER}
