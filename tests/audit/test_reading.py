"""Olivia reads the audit of her study, page by page and by filters; nobody else does, and it names nobody."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, String, event, literal, update

from api.audit import listing
from api.audit.append_only import SEALING
from api.audit.content import EVENTS
from api.audit.listing import Filter
from api.auth.verbs import Role, Verb
from api.core import clock, db
from api.core.ids import new_id
from schemas.base import FieldError
from tests.commands import daybook
from tests.meta.shape import pointers, refused
from tests.personas import World

CONTACT = {"name": "Leo Leader", "email": "leo@example.org", "phone": "+44 20 7946 0000"}


def read(world: World, **query: Any) -> Any:
    answer = world.olivia.get(f"{world.path}/audit?{urlencode(query)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(world: World, **query: Any) -> list[str]:
    return [one["event"] for one in read(world, **query)["events"]]


def test_olivia_sees_who_did_what_newest_first(world: World) -> None:
    leo = world.join()
    world.olivia.patch(world.path, {"title": "A new title"})
    newest, *_, oldest = read(world, limit=500)["events"]
    assert (newest["event"], newest["actor_kind"], newest["object_id"]) == (
        "study.updated",
        "staff",
        str(world.study_id),
    )
    assert newest["seal_number"] is None
    assert oldest["event"] == "study.created"
    (mine,) = read(world, event="participant.enrolled")["events"]
    assert (mine["actor_kind"], mine["actor_id"]) == ("participant", str(leo.participant_id))


def test_pages_follow_each_other_without_a_gap_even_where_times_are_equal(world: World) -> None:
    for _ in range(3):
        world.invite()
    whole = read(world, limit=500)["events"]
    with world.engine.execution_options(**SEALING).begin() as connection:  # as if a crowd came in one instant
        connection.execute(update(EVENTS).values(at=clock.now()))
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = read(world, limit=3, **after)
        assert len(page["events"]) <= 3
        found += [one["id"] for one in page["events"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(found) > 12
    assert found == sorted((one["id"] for one in whole), reverse=True)


def test_filters_narrow_what_is_shown(world: World) -> None:
    leo, _ = world.join(), world.join()
    before = clock.now()
    world.olivia.post(f"{world.path}/status", {"status": "paused"})
    assert names(world, event="participant.enrolled") == ["participant.enrolled"] * 2
    assert set(names(world, actor=leo.participant_id)) == {"participant.enrolled", "profile.changed"}
    assert names(world, object=leo.participant_id, event="participant.invited") == ["participant.invited"]
    assert names(world, **{"from": before.isoformat()}) == ["study.paused"]
    assert "study.paused" not in names(world, to=before.isoformat(), limit=500)
    assert names(world, actor=new_id()) == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("event=study.exploded", "/event"),
        ("event=Robert%27);", "/query/event"),
        ("after=018f4c1e-7a3b-7c4d-8e5f-0123456789ab", "/after"),
        ("from=yesterday", "/query/from"),
        ("limit=501", "/query/limit"),
        ("colour=red", "/query/colour"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, query: str, pointer: str) -> None:
    answer = world.olivia.get(f"{world.path}/audit?{query}")
    assert pointers(refused(answer, 422, "invalid")) == {pointer}


def test_an_event_of_another_study_is_no_cursor_here_and_nobody_elses_study_is_shown(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    theirs = read(other)["events"][0]["id"]
    there = refused(world.olivia.get(f"{world.path}/audit?after={theirs}"), 422, "invalid")
    nowhere = refused(world.olivia.get(f"{world.path}/audit?after={new_id()}"), 422, "invalid")
    assert there["errors"] == nowhere["errors"]
    assert names(world, object=other.study_id) == []
    refused(other.olivia.get(f"{world.path}/audit"), 404, "not-found")
    refused(other.olivia.get(f"/v1/studies/{new_id()}/audit"), 404, "not-found")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_owners_read_the_audit(world: World, role: Role) -> None:
    refused(world.staff("Rob Reader", role).get(f"{world.path}/audit"), 403, "forbidden")
    narrow = world.staff("Nora Narrow", Role.OWNER, [Verb.STUDY_READ])
    refused(narrow.get(f"{world.path}/audit"), 403, "forbidden")


def test_the_audit_names_nobody_even_after_an_erasure(world: World) -> None:
    leo = world.join()
    leo.put("/v1/me/contact", CONTACT)
    leo.keeps()
    assert leo.post("/v1/me/withdrawal", {"scope": "erase"}).status_code == 200
    said = json.dumps(read(world, limit=500))
    assert "participant.withdrew" in said
    assert str(leo.participant_id) in said
    for known in (*CONTACT.values(), "Olivia", "Ana", "example.org", "Place leadership"):
        assert known not in said, known


def test_an_event_that_only_a_later_version_knows_does_not_hide_the_others(world: World) -> None:
    with world.engine.execution_options(**SEALING).begin() as connection:
        newer = literal("study.teleported", String)
        connection.execute(update(EVENTS).where(EVENTS.c.event == "study.opened").values(event=newer))
    assert "study.teleported" in names(world, limit=500)


def test_an_operator_lists_events_by_the_same_filters(world: World) -> None:
    leo = world.join()
    status, said = daybook(
        world.settings, "audit", "list", "--study", world.study_id, "--event", "study.opened"
    )
    assert status == 0
    assert said.count("study.") == 1
    status, said = daybook(world.settings, "audit", "list", "--actor", leo.participant_id)
    assert status == 0
    assert ("participant.enrolled" in said, "study.opened" in said) == (True, False)
    status, said = daybook(world.settings, "audit", "list", "--until", "2020-01-01")
    assert (status, "study" in said) == (0, False)


FILTERS: dict[str, dict[str, Any]] = {
    "ix_audit_event_study": {},
    "ix_audit_event_study_event": {"event": "release.downloaded"},
    "ix_audit_event_study_actor": {"actor": new_id()},
    "ix_audit_event_study_object": {"object": new_id()},
}


@pytest.mark.parametrize("index", FILTERS)
@pytest.mark.parametrize("bounded", [False, True])
def test_every_filter_reads_an_index_in_its_order_and_sorts_nothing(
    engine: Engine, index: str, *, bounded: bool
) -> None:
    now = clock.now()
    times: dict[str, Any] = {"since": now - timedelta(days=1), "until": now} if bounded else {}
    plan = explained(
        engine, Filter(new_id(), **FILTERS[index], **times), (now, new_id()) if bounded else None
    )
    assert f"{index} " in plan.replace("(", " "), plan
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    assert "SCAN" not in plan, plan
    assert "Seq Scan" not in plan, plan


def explained(engine: Engine, wanted: Filter, after: Any) -> str:
    """Return the plan of a page; PostgreSQL is kept from the short cuts that it takes in a small table."""
    postgres = engine.dialect.name == "postgresql"
    word = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "

    def explain(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> tuple[str, Any]:
        return (word + statement if statement.startswith("SELECT") else statement), given

    with db.reading(engine) as session:
        if postgres:
            for short_cut in ("seqscan", "bitmapscan", "sort"):
                session.connection().exec_driver_sql(f"SET LOCAL enable_{short_cut} = off")
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", explain, retval=True)
        plan: Any = connection.execute(listing._query(wanted, 51, after)).cursor
        return "\n".join(str(row) for row in plan.fetchall())


def test_a_problem_of_the_query_never_repeats_what_was_sent(world: World) -> None:
    answer = world.olivia.get(f"{world.path}/audit?event=secret_words&after=hidden_words")
    assert "words" not in answer.text
    assert all(FieldError.model_validate(one) for one in answer.json()["errors"])
