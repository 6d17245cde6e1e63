"""The coordinator's list: who has not answered, cannot be reached or paused; no name, no content."""

from datetime import timedelta
from typing import Any

from api.core import clock
from schemas.prompt import SkipReason
from tests.personas import Leader, World
from tests.prompts.compliance.cases import answered, missed, reminds, sent, skipped, store

NOW = clock.now().replace(microsecond=0)


def days_ago(days: float) -> Any:
    return NOW - timedelta(days=days)


def asked(world: World, **query: Any) -> dict[str, list[dict[str, Any]]]:
    answer = world.olivia.get(f"{world.path}/nudges", params=query)
    assert answer.status_code == 200, answer.text
    return {one["participant_id"]: one["causes"] for one in answer.json()["nudges"]}


def reasons(world: World, who: Leader, **query: Any) -> list[str]:
    return [one["reason"] for one in asked(world, **query).get(str(who.participant_id), [])]


def test_leo_has_been_silent_for_five_days(world: World) -> None:
    leo = world.join()
    store(world, answered(world, leo, days_ago(8)), *(missed(world, leo, days_ago(n)) for n in (5, 2)))
    (found,) = world.olivia.get(f"{world.path}/nudges").json()["nudges"]
    since = (days_ago(5) + timedelta(seconds=5)).isoformat().replace("+00:00", "Z")
    assert found == {
        "participant_id": str(leo.participant_id),
        "causes": [{"reason": "not_answering", "since": since, "until": None}],
        "last_answered_on": f"{days_ago(8).date()}",
    }
    assert asked(world, days=6) == {}


def test_whoever_answers_or_was_not_asked_needs_no_word(world: World) -> None:
    leo, _lena = world.join(), world.join()
    store(
        world,
        missed(world, leo, days_ago(9)),
        answered(world, leo, days_ago(1)),
        sent(world, leo, days_ago(0.5)),
    )
    assert asked(world) == {}


def test_lena_never_opened_a_prompt(world: World) -> None:
    lena = world.join()
    store(world, missed(world, lena, days_ago(4)))
    assert reasons(world, lena) == ["never_opened", "not_answering"]
    store(world, missed(world, lena, days_ago(3.5), opened_at=days_ago(3.4)))
    assert reasons(world, lena) == ["not_answering"]


def test_what_cannot_reach_somebody_is_said(world: World) -> None:
    refused, nowhere, again = world.join(), world.join(), world.join()
    reminds(world, refused, {}, email_refused_at=days_ago(1))
    store(world, *(skipped(world, nowhere, SkipReason.NO_CHANNEL, days_ago(n)) for n in (2, 1)))
    store(
        world,
        skipped(world, again, SkipReason.UNDELIVERABLE, days_ago(2)),
        answered(world, again, days_ago(1)),
    )
    found = asked(world)
    assert reasons(world, refused) == ["email_refused"]
    assert reasons(world, nowhere) == ["no_channel"]
    assert found[str(nowhere.participant_id)][0]["since"].startswith(f"{days_ago(2):%Y-%m-%dT%H:%M:%S}")
    assert str(again.participant_id) not in found  # a later prompt reached them


def test_a_pause_is_told_as_such_and_nothing_else(world: World) -> None:
    paused, away, back = world.join(), world.join(), world.join()
    until = (NOW + timedelta(days=7)).isoformat()
    today = f"{NOW.date()}"
    reminds(world, paused, {"paused_until": until})
    reminds(world, away, {"absences": [{"first": f"{days_ago(1).date()}", "last": f"{days_ago(-1).date()}"}]})
    reminds(
        world, back, {"paused_until": days_ago(5).isoformat(), "absences": [{"first": today, "last": today}]}
    )
    store(world, *(missed(world, who, days_ago(5)) for who in (paused, away)))
    store(world, skipped(world, paused, SkipReason.PAUSED, days_ago(3)))
    found = asked(world)
    assert reasons(world, away) == reasons(world, back) == ["away"]
    (cause,) = found[str(paused.participant_id)]
    assert (cause["reason"], cause["since"][:10]) == ("paused", f"{days_ago(3).date()}")
    assert cause["until"][:10] == until[:10]


def test_whoever_asked_for_no_reminders_is_left_alone(world: World) -> None:
    stopped, withdrew, left = world.join(), world.join(), world.join()
    store(world, *(missed(world, who, days_ago(5)) for who in (stopped, withdrew, left)))
    assert len(asked(world)) == 3
    reminds(world, stopped, {"stopped": True})
    assert withdrew.post("/v1/me/withdrawal", {"scope": "stop_prompts"}).status_code == 200
    assert left.post("/v1/me/withdrawal", {"scope": "out_of_releases"}).status_code == 200
    assert asked(world) == {}


def test_the_list_comes_in_pages(world: World) -> None:
    people = [world.join({}) for _ in range(3)]
    store(world, *(missed(world, one, days_ago(5)) for one in people))
    first = world.olivia.get(f"{world.path}/nudges?limit=2").json()
    assert [one["participant_id"] for one in first["nudges"]] == [
        str(one.participant_id) for one in people[:2]
    ]
    second = world.olivia.get(f"{world.path}/nudges?limit=2&after={first['next']}").json()
    assert [one["participant_id"] for one in second["nudges"]] == [str(people[2].participant_id)]
    assert second["next"] is None
