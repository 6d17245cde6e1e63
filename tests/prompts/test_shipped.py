"""The schedules that come with Daybook fit the questionnaires that do, and Olivia gives them to her study."""

from datetime import date, timedelta

from api.audit.service import OPERATOR
from api.core import db
from api.core.ids import new_id
from api.prompts import shipped
from api.prompts.planning.days import Person
from api.prompts.planning.occasions import occasions
from api.studies import service as studies
from tests.personas import World

MONDAY = date(2026, 3, 2)


def test_a_study_takes_them_as_they_are(world: World) -> None:
    with db.transaction(world.engine) as session:
        made = shipped.put_all(session, OPERATOR, world.study_id)
        assert studies.get(session, world.study_id).followed_kinds == "decision followup"
    assert [one.key for one in made] == ["evening", "moments", "decisions", "followups"]
    listed = world.olivia.get(f"{world.path}/schedules").json()
    assert {one["key"]: one["version"] for one in listed} == {one.key: 1 for one in made}


def test_what_they_ask_of_a_leader_in_eight_weeks() -> None:
    who = Person(new_id(), MONDAY, "Europe/London")
    days = [MONDAY + timedelta(days=number) for number in range(56)]
    asked = {
        one.key: [occasion for day in days for occasion in occasions(one, who, day, "seed")]
        for one in shipped.definitions()
    }
    assert {key: len(found) for key, found in asked.items()} == {
        "evening": 40,
        "moments": 30,
        "decisions": 0,
        "followups": 0,
    }
    assert {one.at for one in asked["evening"]} == {"20:30"}
