"""Leo's phone runs away: it is stopped for the day, nothing is lost, and nobody else notices."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.core.config import Settings
from api.core.ids import new_id
from api.diary.problems import TooManyEntries
from api.diary.quota import Quota
from api.main import create_app
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import DECISION, World, entry_body

EVENING = datetime(2026, 11, 23, 23, 50, tzinfo=UTC)


@pytest.fixture
def small(engine: Engine, settings: Settings) -> Iterator[World]:
    """A service where three new entries a day are enough."""
    app = create_app(settings.model_copy(update={"entries_per_day": 3}))
    with time_machine.travel(EVENING, tick=False), TestClient(app, base_url="https://testserver") as client:
        yield World(client, engine, settings)


def test_a_phone_that_runs_away_is_stopped_for_the_day_and_loses_nothing(small: World) -> None:
    leo, lena, ids = small.join(), small.join(), [new_id() for _ in range(4)]
    assert [leo.keeps(one).status_code for one in ids[:3]] == [201, 201, 201]
    with nothing_stored(small.engine):
        for _ in range(2):
            answer = leo.keeps(ids[3])
            body = refused(answer, 429, "too-many-entries")
            assert (answer.headers["retry-after"], body["retry_after"]) == ("600", 600)
        assert leo.keeps(ids[0]).status_code == 200, "a repeat is answered as ever"
    assert leo.keeps(ids[0], DECISION | {"confidence": 71}, base_version=1).status_code == 200
    assert lena.keeps().status_code == 201
    assert leo.delete(f"/v1/entries/{ids[1]}").status_code == 204
    refused(leo.keeps(ids[3]), 429, "too-many-entries")
    with time_machine.travel(EVENING + timedelta(minutes=10), tick=False):
        assert leo.keeps(ids[3]).status_code == 201


def test_in_a_sync_each_operation_is_refused_on_its_own(small: World) -> None:
    leo, ids = small.join(), [new_id() for _ in range(5)]
    ops = [{"op": "put", "id": str(one), "entry": entry_body()} for one in ids]
    ops.append({"op": "delete", "id": str(ids[0])})
    results = leo.post("/v1/sync", {"ops": ops}).json()["results"]
    assert [one["status"] for one in results] == [201, 201, 201, 429, 429, 204]
    assert results[3]["problem"]["retry_after"] == 600
    assert len(contents(small.engine)["entry"]) == 2


def test_an_entry_that_is_tried_again_and_again_while_the_database_is_away_counts_once() -> None:
    quota, leo, entry = Quota(2), new_id(), new_id()
    for _ in range(100):
        quota.admit(leo, entry, EVENING)
    quota.admit(leo, new_id(), EVENING)
    with pytest.raises(TooManyEntries):
        quota.admit(leo, new_id(), EVENING)
    quota.admit(leo, entry, EVENING)
    quota.admit(new_id(), new_id(), EVENING)
