"""A prompt for the one entry of a day asks no more when Leo has written by himself."""

from datetime import timedelta

import pytest

from api.core import db
from api.core.ids import new_id
from api.diary.models import Entry
from api.prompts.slots import Slot, filled
from tests.personas import Leader, World
from tests.scanning import scanned


@pytest.fixture
def leo(world: World) -> Leader:
    return world.join()


def test_an_entry_fills_the_occasion_of_its_day_and_kind_and_no_other(world: World, leo: Leader) -> None:
    entry_id, other = new_id(), world.join()
    assert leo.keeps(entry_id).status_code == 201
    assert other.keeps().status_code == 201
    with db.reading(world.engine) as session:
        entry = session.get_one(Entry, entry_id)
        kind, day, who = entry.kind, entry.local_date, leo.participant_id
        asked = {
            "his": Slot(new_id(), who, kind, day),
            "of another day": Slot(new_id(), who, kind, day - timedelta(days=1)),
            "of another kind": Slot(new_id(), who, "end_of_day", day),
            "of nobody": Slot(new_id(), new_id(), kind, day),
        }
        with scanned("entry") as read:
            found = filled(session, list(asked.values()))
    assert {prompt: filled_by for prompt, (filled_by, _) in found.items()} == {
        asked["his"].prompt_id: entry_id
    }
    assert read == []
