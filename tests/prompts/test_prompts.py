"""Leo's prompts: his own only, newest first, answered by an entry."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from api.core import clock, db
from api.core.ids import new_id
from api.prompts import service
from api.prompts.models import Prompt
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import Leader, World


def planned(world: World, leader: Leader, *occasions: str) -> list[UUID]:
    now = clock.now()
    made = [
        Prompt(
            study_id=world.study_id,
            participant_id=leader.participant_id,
            occasion=occasion,
            instrument="place_leadership_diary",
            kind="moment",
            time_zone="Europe/London",
            planned_at=now + timedelta(hours=number),
        )
        for number, occasion in enumerate(occasions)
    ]
    with db.transaction(world.engine) as session:
        service.add(session, made)
    return [prompt.id for prompt in made]


def test_my_prompts_are_mine_and_newest_first(world: World) -> None:
    leo, lena = world.join(), world.join()
    made = planned(world, leo, "monday", "tuesday", "wednesday")
    planned(world, lena, "monday")
    found = leo.get("/v1/me/prompts").json()
    assert [one["id"] for one in found] == [str(one) for one in reversed(made)]
    assert {one["status"] for one in found} == {"planned"}
    assert [one["id"] for one in leo.get("/v1/me/prompts?limit=1").json()] == [str(made[-1])]


def test_an_occasion_is_planned_once(world: World) -> None:
    leo, lena = world.join(), world.join()
    (monday,) = planned(world, leo, "monday")
    with nothing_stored(world.engine), pytest.raises(IntegrityError):
        planned(world, leo, "monday")
    planned(world, lena, "monday")
    with db.reading(world.engine) as session:
        assert service.occasions(session, leo.participant_id) == {"monday": monday}


def test_an_entry_answers_its_prompt_and_the_first_answer_stands(world: World) -> None:
    leo, first, second = world.join(), new_id(), new_id()
    (prompt,) = planned(world, leo, "monday")
    assert leo.keeps(first, prompt_id=str(prompt)).status_code == 201
    assert leo.keeps(second, prompt_id=str(prompt)).status_code == 201
    (found,) = leo.get("/v1/me/prompts").json()
    assert (found["status"], found["entry_id"]) == ("answered", str(first))


def test_another_leaders_prompt_is_refused_like_one_that_does_not_exist(world: World) -> None:
    leo, lena = world.join(), world.join()
    (prompt,) = planned(world, leo, "monday")
    with nothing_stored(world.engine):
        theirs = refused(lena.keeps(prompt_id=str(prompt)), 422, "invalid")
        nobodys = refused(lena.keeps(prompt_id=str(new_id())), 422, "invalid")
    assert pointers(theirs) == {"/prompt_id"}
    assert theirs | {"request_id": 0} == nobodys | {"request_id": 0}
    assert leo.get("/v1/me/prompts").json()[0]["status"] == "planned"


@pytest.mark.parametrize("limit", ["0", "-1", "501", str(10**20), "ten", "1.5", ""])
def test_a_wrong_limit_is_refused(world: World, limit: str) -> None:
    leo = world.join()
    assert pointers(refused(leo.get(f"/v1/me/prompts?limit={limit}"), 422, "invalid")) == {"/query/limit"}
