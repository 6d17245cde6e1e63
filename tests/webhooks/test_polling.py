"""A tool that does not post is asked: nothing is lost between two questions, and nothing becomes two entries."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlmodel import Session

from api.core import clock, db
from api.core.config import Settings
from api.core.jobs import JobContext
from api.webhooks import polling
from api.webhooks.adapters.odk_odata import OdkOdata
from api.webhooks.models import WebhookSource
from tests.personas import Leader, World
from tests.webhooks.central import PATH, Central
from tests.webhooks.desk import Desk
from tests.webhooks.samples import needs_samples
from tests.webhooks.tools import Asked, Says, Tool

pytestmark = needs_samples
LOGIN = "reader@example.org:a-password"


@pytest.fixture
def settings(settings: Settings, tool: Tool) -> Settings:
    """The operator has listed the tool's host."""
    return settings.model_copy(update={"fetch_hosts": (tool.host,)})


@pytest.fixture
def central(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> Central:
    """A server whose pages hold ten submissions."""
    monkeypatch.setattr(OdkOdata, "page_size", 10)
    made = Central()
    tool.answer = made
    return made


@pytest.fixture
def desk(world: World, tool: Tool, central: Central) -> Iterator[Desk]:
    made = Desk(world, "odk_odata", fetch_base=tool.url, fetch_form="7/simple")
    assert world.olivia.patch(made.path, {"fetch_token": LOGIN}).status_code == 200
    ages = {"25": "well", "26": "tired"}
    row = {"answer_key": "age", "question": "mood", "transform": "choice", "value_map": ages}
    assert made.put_map(rows=[row]).status_code == 200
    yield made
    assert {one.path for one in tool.asked} <= {PATH}


def asks(desk: Desk) -> None:
    """Do what the job does when its time has come."""
    with db.transaction(desk.world.engine) as session:
        source(session, desk).next_poll_at = None
    polling.ask(JobContext(desk.world.settings, "test"), desk.source.id)


def source(session: Session, desk: Desk) -> WebhookSource:
    return session.get_one(WebhookSource, UUID(desk.source.id))


def standing(desk: Desk) -> tuple[str | None, str | None]:
    """Return how far the tool has been read, and why no further."""
    with db.reading(desk.world.engine) as session:
        found = source(session, desk)
        return found.watermark, found.poll_reason


def moods(leader: Leader) -> list[tuple[str, int]]:
    found = leader.get("/v1/entries").json()["entries"]
    return [(one["entry"]["answers"]["mood"], one["receipt"]["version"]) for one in found]


def test_what_central_took_in_becomes_entries(desk: Desk, world: World, central: Central, tool: Tool) -> None:
    leo = world.join()
    code = desk.code(leo)
    for _ in range(25):
        central.takes(code)
    asks(desk)
    assert len(moods(leo)) == 25
    assert desk.statuses() == ["processed"] * 25
    assert [one.query["$skip"] for one in tool.asked] == ["0", "9", "18"]
    expected = f"Basic {b64encode(LOGIN.encode()).decode()}"
    assert {one.headers["authorization"] for one in tool.asked} == {expected}
    for _ in range(2):
        asks(desk)
    assert len(desk.deliveries()) == len(moods(leo)) == 25
    assert "$filter" in tool.asked[-1].query


def test_what_is_stored_of_one_submission_is_stored_of_no_other(
    desk: Desk, world: World, central: Central
) -> None:
    leo, lena = world.join(), world.join()
    for one in (leo, lena):
        central.takes(desk.code(one))
    asks(desk)
    codes = [desk.code(one).encode() for one in (lena, leo)]
    for delivery, mine, other in zip(desk.deliveries(), codes, reversed(codes), strict=True):
        assert delivery.raw is not None
        assert mine in delivery.raw
        assert other not in delivery.raw


def test_a_tool_is_asked_when_its_time_has_come_and_not_while_its_source_is_paused(
    desk: Desk, world: World, central: Central, tool: Tool
) -> None:
    def waits() -> list[str]:
        with db.reading(world.engine) as session:
            return [row for name, row, _ in polling.due(session) if name == polling.JOB]

    assert waits() == [desk.source.id]
    desk.is_now("paused")
    assert waits() == []
    assert polling.poll(world.engine, world.settings, UUID(desk.source.id)) is False
    assert tool.asked == []
    desk.is_now("live")
    assert polling.poll(world.engine, world.settings, UUID(desk.source.id)) is True
    assert waits() == []
    assert polling.poll(world.engine, world.settings, UUID(desk.source.id)) is False  # not yet
    assert len(tool.asked) == 1
    shown = world.olivia.get(desk.path).json()
    assert shown["poll_reason"] is None
    with time_machine.travel(clock.now() + timedelta(minutes=world.settings.poll_minutes, seconds=1)):
        assert waits() == [desk.source.id]


def test_a_crash_between_two_pages_loses_nothing_and_doubles_nothing(
    desk: Desk, world: World, central: Central
) -> None:
    leo = world.join()
    code = desk.code(leo)
    for _ in range(15):
        central.takes(code)

    class Killed(BaseException):
        """The worker's process ends."""

    stored: list[None] = []
    store = polling.store

    def store_once(*given: Any) -> None:
        if stored:
            raise Killed
        store(*given)
        stored.append(None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polling, "store", store_once)
        with pytest.raises(Killed):
            asks(desk)
    assert len(desk.deliveries()) == 10
    assert standing(desk) == (None, None)
    late = central.takes(code)  # while nobody asks
    asks(desk)
    asks(desk)
    assert len(desk.deliveries()) == len(moods(leo)) == 16
    assert late["__system"]["submissionDate"][:19] == str(standing(desk)[0])[:19]


def test_an_old_watermark_doubles_nothing(desk: Desk, world: World, central: Central) -> None:
    leo = world.join()
    code = desk.code(leo)
    for minutes in (60, 40, 20, 0):
        central.takes(code, at=clock.now() - timedelta(minutes=minutes))
    asks(desk)
    with db.transaction(world.engine) as session:
        source(session, desk).watermark = (clock.now() - timedelta(days=1)).isoformat()
    asks(desk)
    assert len(desk.deliveries()) == len(moods(leo)) == 4


def test_what_central_shows_late_is_read(desk: Desk, world: World, central: Central) -> None:
    leo = world.join()
    code = desk.code(leo)
    central.takes(code)
    asks(desk)
    central.takes(code, at=clock.now() - timedelta(minutes=9))
    asks(desk)
    assert len(moods(leo)) == 2


def test_what_is_deleted_while_pages_are_turned_hides_nothing(
    desk: Desk, world: World, central: Central, tool: Tool
) -> None:
    leo = world.join()
    code = desk.code(leo)
    for _ in range(12):
        central.takes(code, at=clock.now() - timedelta(days=1))

    def deletes(asked: Asked) -> Says:
        said = central(asked)
        if asked.query["$skip"] == "0":
            del central.rows[3]
        return said

    tool.answer = deletes
    asks(desk)
    assert len(moods(leo)) == 12


def test_an_edited_submission_is_a_newer_version_of_its_entry(
    desk: Desk, world: World, central: Central
) -> None:
    leo = world.join()
    row = central.takes(desk.code(leo), at=clock.now() - timedelta(minutes=5))
    asks(desk)
    central.edits(row, clock.now(), age=26)
    asks(desk)
    assert desk.statuses() == ["processed", "processed"]
    assert moods(leo) == [("tired", 2)]


@pytest.mark.parametrize("answer", [Says(500), Says(302, headers={"Location": "/v1/inside"}), Says(body=b"<html>")],
                         ids=["fault", "redirect", "page"])  # fmt: skip
def test_a_tool_that_does_not_answer_is_asked_later_each_time_and_the_researcher_is_told(
    desk: Desk, world: World, central: Central, tool: Tool, answer: Says
) -> None:
    leo = world.join()
    central.takes(desk.code(leo))
    tool.answer = lambda _: answer
    pauses = []
    for _ in range(9):
        began = clock.now()
        asks(desk)
        with db.reading(world.engine) as session:
            found = source(session, desk).next_poll_at
        assert found is not None
        pauses.append(round((found - began).total_seconds() / 60))
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 480, 480]
    assert world.olivia.get(desk.path).json()["poll_reason"]
    assert desk.deliveries() == []
    tool.answer = central
    asks(desk)
    assert world.olivia.get(desk.path).json()["poll_reason"] is None
    assert len(moods(leo)) == 1


def test_a_row_that_cannot_be_read_keeps_no_other_back(desk: Desk, world: World, central: Central) -> None:
    leo = world.join()
    code = desk.code(leo)
    central.takes(code)
    central.takes(code)
    del central.rows[0]["__id"]
    central.takes(code)
    asks(desk)
    assert sorted(desk.statuses()) == ["processed", "processed", "quarantined"]
    assert len(moods(leo)) == 2


def test_another_form_is_read_from_its_beginning(
    desk: Desk, world: World, central: Central, tool: Tool
) -> None:
    central.takes(desk.code(world.join()))
    asks(desk)
    assert standing(desk)[0] is not None
    options = {"fetch_base": tool.url, "fetch_form": "7/simple", "claim_name": "pid"}
    assert world.olivia.patch(desk.path, {"options": options}).status_code == 200
    assert standing(desk)[0] is not None
    assert world.olivia.patch(desk.path, {"options": options | {"fetch_form": "7/o"}}).status_code == 200
    assert standing(desk) == (None, None)
    tool.answer = lambda _: Says(404)
    tool.asked.clear()
    polling.poll(world.engine, world.settings, UUID(desk.source.id))
    assert [(one.path, "$filter" in one.query) for one in tool.asked] == [
        ("/v1/projects/7/forms/o.svc/Submissions", False)
    ]
    tool.asked.clear()


def test_a_source_that_is_paused_or_changed_meanwhile_stores_nothing_and_forgets_nothing(
    desk: Desk, world: World, central: Central, tool: Tool
) -> None:
    leo = world.join()
    central.takes(desk.code(leo))

    def pauses(asked: Asked) -> Says:
        with db.transaction(world.engine) as session:
            source(session, desk).version += 1
        return central(asked)

    tool.answer = pauses
    asks(desk)
    assert (desk.deliveries(), standing(desk)) == ([], (None, None))
    tool.answer = central
    asks(desk)
    assert len(moods(leo)) == 1


def test_a_full_inbox_is_left_alone(desk: Desk, world: World, central: Central) -> None:
    leo = world.join()
    code = desk.code(leo)
    central.takes(code)
    polling.poll(world.engine, world.settings, UUID(desk.source.id))
    central.takes(code)
    world.settings.inbox_waiting = 1
    with db.transaction(world.engine) as session:
        source(session, desk).next_poll_at = None
    assert polling.poll(world.engine, world.settings, UUID(desk.source.id)) is False
    assert standing(desk)[1] == "The inbox is full: the tool is asked again later."
    world.settings.inbox_waiting = 100
    asks(desk)
    assert len(moods(leo)) == 2
