"""The shipped study in small: thirty leaders who write on most working days of four weeks."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from api.core import clock, db
from api.core.ids import new_id
from api.studies.models import Study
from tests.attacks.attacker import Row
from tests.attacks.instrument import KEY, KIND, definition, question
from tests.attacks.scene import Scene, times
from tests.personas import Leader, World, entry_body

PEOPLE, WEEKS, SHARE = 30, 4, 0.62
HOURS = range(7, 22)


@dataclass
class Diaries:
    """The study, and what only its judge knows: the moments of each entry, by the mark that stands in its row."""

    scene: Scene
    monday: date
    moments: dict[int, list[datetime]]

    def owner(self, row: Row) -> int:
        """Return the leader who wrote a row."""
        return int(row["mark"]) // 100

    def moment(self, row: Row) -> datetime:
        """Return when a row was written about."""
        return self.moments[self.owner(row)][int(row["mark"]) % 100]


def build_diaries(world: World) -> Diaries:
    """Let thirty leaders write, the earliest entry first."""
    scene, chance, today = Scene(world), Random(20261122), clock.now().date()
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS)
    with db.transaction(world.engine) as session:
        session.get_one(Study, world.study_id).starts_on = monday
    scene.publish(definition(extra=(question("number", "mark", "open"),)))
    scene.settle(PEOPLE)
    days = [monday + timedelta(weeks=week, days=day) for week in range(WEEKS) for day in range(5)]
    moments: dict[int, list[datetime]] = {number: [] for number in range(PEOPLE)}
    for day in days:
        for mine in moments.values():
            if chance.random() < SHARE:
                mine.append(datetime.combine(day, time(chance.choice(HOURS)), UTC))
    every = sorted((at, number, mark) for number, mine in moments.items() for mark, at in enumerate(mine))
    ids = {(number, mark): new_id() for _, number, mark in every}  # phones make ids that sort by time
    for number, leader in enumerate(scene.leaders):
        _sync(
            leader, {ids[number, mark]: (number * 100 + mark, at) for mark, at in enumerate(moments[number])}
        )
    return Diaries(scene, monday, moments)


def _sync(leader: Leader, entries: dict[UUID, tuple[int, datetime]]) -> None:
    ops = [
        {"op": "put", "id": str(entry), "entry": _entry(mark, at)} for entry, (mark, at) in entries.items()
    ]
    answer = leader.post("/v1/sync", {"ops": ops})
    assert {one["status"] for one in answer.json()["results"]} == {201}


def _entry(mark: int, at: datetime) -> dict[str, Any]:
    told = {"date_generalise": at.date().isoformat(), "time_generalise": f"{at:%H:%M}"}
    return entry_body({"mark": mark} | told, instrument=KEY, kind=KIND, **times(at))


def candidates(rows: list[Row], known: Counter[tuple[str, ...]], columns: list[str]) -> set[str]:
    """Return the pseudonyms of all to whom everything that is known of one leader could belong."""
    mine: dict[str, Counter[tuple[str, ...]]] = {}
    for row in rows:
        mine.setdefault(row["participant"], Counter())[tuple(row[name] for name in columns)] += 1
    return {person for person, told in mine.items() if known <= told}
