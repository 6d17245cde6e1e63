"""Many phones at the same moment: one is first, and all get an answer."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.core.ids import new_id
from api.main import create_app
from tests.meta.shape import contents, refused
from tests.personas import DECISION, Leader, World, entry_body


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Do some work in many threads that start at the same moment."""
    start = threading.Barrier(count)

    def one(number: int) -> Any:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def call(works: Sequence[Callable[[], Any]], number: int) -> Any:
    """Do one of several things."""
    return works[number]()


def test_sixteen_puts_of_one_entry_are_one_entry(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    answers = together(16, lambda _: leo.put(f"/v1/entries/{entry}", body))
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.text for answer in answers}) == 1
    stored = contents(world.engine)
    assert (len(stored["entry"]), len(stored["entry_revision"])) == (1, 1)


def test_eight_edits_of_one_version_are_one_edit(world: World) -> None:
    leo, entry = world.join(), new_id()
    leo.keeps(entry)

    def edit(number: int) -> Any:
        return leo.keeps(entry, DECISION | {"confidence": number}, base_version=1)

    answers = together(8, edit)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    (won,) = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    for answer in answers:
        if answer.status_code == 409:
            assert refused(answer, 409, "entry-conflict")["stored"]["entry"]["answers"]["confidence"] == won
    assert len(contents(world.engine)["entry_revision"]) == 2


def test_an_edit_and_a_deletion_at_once_leave_one_truth(world: World) -> None:
    for _ in range(5):
        leo, entry = world.join({}), new_id()
        leo.keeps(entry)
        works = [partial(leo.keeps, entry, base_version=1), partial(leo.delete, f"/v1/entries/{entry}")]
        edit, gone = together(2, partial(call, works))
        assert gone.status_code == 204
        assert edit.status_code in {200, 410}
        assert leo.get(f"/v1/entries/{entry}").status_code == 410
    stored = contents(world.engine)
    assert (stored["entry"], stored["entry_revision"], len(stored["entry_tombstone"])) == ([], [], 5)


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_two_processes_that_take_the_same_put_make_one_entry(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    with TestClient(create_app(world.settings), base_url="https://testserver") as second:
        twins = [leo, Leader(second, leo.token, leo.participant_id)]
        answers = together(16, lambda number: twins[number % 2].put(f"/v1/entries/{entry}", body))
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len(contents(world.engine)["entry_revision"]) == 1


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_an_id_that_another_process_has_just_taken_is_a_404_without_a_hint(world: World) -> None:
    leo, lena, entry = world.join(), world.join(), new_id()
    leo.keeps(entry)
    watch = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with world.engine.connect() as other, world.engine.connect() as watcher, ThreadPoolExecutor(1) as pool:
        mine, theirs = other.execute(text("SELECT * FROM entry")).mappings().one(), new_id()
        names = ", ".join(map(str, mine))
        values = ", ".join(f":{name}" for name in mine)
        other.execute(text(f"INSERT INTO entry ({names}) VALUES ({values})"), dict(mine) | {"id": theirs})
        putting = pool.submit(lena.keeps, theirs)
        while not putting.done() and not watcher.execute(text(watch)).scalar_one():
            watcher.rollback()
        assert not putting.done()
        other.commit()
        refused(putting.result(), 404, "not-found")
