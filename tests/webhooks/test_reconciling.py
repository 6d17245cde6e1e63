"""A tool is asked what it holds: what never came is named, and taken in if that is wanted."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core import clock, db
from api.core.config import Settings
from api.webhooks import polling
from api.webhooks.adapters import ADAPTERS
from api.webhooks.adapters.odk_odata import OdkOdata
from api.webhooks.models import WebhookSource
from tests.commands import daybook
from tests.meta.shape import refused
from tests.personas import Leader, World
from tests.webhooks.central import Central
from tests.webhooks.desk import Desk
from tests.webhooks.samples import needs_samples, sample_json
from tests.webhooks.tools import Asked, Says, Tool, says

pytestmark = needs_samples
SURVEY = "105724755"
SINCE = {"since": "2020-01-01"}


@pytest.fixture
def settings(settings: Settings, tool: Tool) -> Settings:
    """The operator has listed the tool's host."""
    return settings.model_copy(update={"fetch_hosts": (tool.host,)})


def sits(world: World, tool: Tool, name: str, answer_key: str, option: str, **options: Any) -> Desk:
    """Return Olivia's desk for a tool that can be asked."""
    desk = Desk(world, name, fetch_base=tool.url, **options)
    assert world.olivia.patch(desk.path, {"fetch_token": "let-me-read"}).status_code == 200
    row = {
        "answer_key": answer_key,
        "question": "mood",
        "transform": "choice",
        "value_map": {option: "well"},
    }
    assert desk.put_map(rows=[row]).status_code == 200
    return desk


def reconciled(desk: Desk, **asked: Any) -> dict[str, Any]:
    answer = desk.world.olivia.post(f"{desk.path}/reconciliation", SINCE | asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def count(leader: Leader) -> int:
    return len(leader.get("/v1/entries").json()["entries"])


def recorded(world: World) -> list[dict[str, Any]]:
    """Return what the audit says of every reconciliation."""
    mine = select(AuditEvent).where(AuditEvent.event == Event.SOURCE_RECONCILED)
    with db.reading(world.engine) as session:
        return [one.detail for one in session.exec(mine.order_by(col(AuditEvent.id)))]


class Monkey:
    """SurveyMonkey, which lists the responses of a survey and tells of each."""

    def __init__(self, code: str, numbers: list[int]) -> None:
        self.code, self.numbers = code, numbers

    def __call__(self, asked: Asked) -> Says:
        """Answer."""
        assert asked.headers["authorization"] == "Bearer let-me-read"
        if asked.path == f"/v3/surveys/{SURVEY}/responses":
            first = (int(asked.query["page"]) - 1) * int(asked.query["per_page"])
            some = self.numbers[first : first + int(asked.query["per_page"])]
            away = {"next": "https://inside.example.org/next"}
            return says({"data": [{"id": str(one), "href": "https://x"} for one in some], "links": away})
        held = sample_json("surveymonkey/fetched_response_details.json")
        return says(held | {"id": asked.path.split("/")[5], "custom_variables": {"pid": self.code}})


def monkeys(world: World, tool: Tool, leader: Leader, many: int) -> Desk:
    desk = sits(world, tool, "surveymonkey", "319352786", "3057839051", fetch_form=SURVEY)
    tool.answer = Monkey(desk.code(leader), [5007154402, *range(1, many)])
    return desk


def test_what_surveymonkey_never_posted_is_named_and_fetched(world: World, tool: Tool) -> None:
    leo = world.join()
    desk = monkeys(world, tool, leo, 103)
    desk.post(desk.sender.body)
    desk.work()
    assert count(leo) == 1
    found = reconciled(desk)
    assert (found["held"], found["known"], found["fetched"]) == (103, 1, 0)
    assert f"{SURVEY}/5007154402" not in found["missing"]
    assert len(found["missing"]) == 102
    pages = [one.query for one in tool.asked if one.path.endswith("/responses")]
    assert [(one["page"], one["status"]) for one in pages] == [("1", "completed"), ("2", "completed")]
    assert len(desk.deliveries()) == 1  # nothing is taken in that nobody asked for
    tool.answer = Monkey(desk.code(leo), [5007154402, 1, 2])
    assert reconciled(desk, fetch_missing=True)["fetched"] == 2
    desk.work()
    assert (count(leo), desk.statuses()) == (3, ["processed"] * 3)
    assert reconciled(desk, fetch_missing=True) == {"held": 3, "known": 3, "missing": [], "fetched": 0}
    assert recorded(world) == [
        {"count": 102, "fetched": 0},
        {"count": 2, "fetched": 2},
        {"count": 0, "fetched": 0},
    ]


def test_sources_of_one_app_share_its_questions_of_a_day(world: World, tool: Tool) -> None:
    desk, other = monkeys(world, tool, world.join(), 3), monkeys(world, tool, world.join(), 3)
    with db.transaction(world.engine) as session:
        source = session.get_one(WebhookSource, UUID(other.source.id))
        source.fetch_day, source.fetch_count = clock.now().date(), 499
    assert reconciled(desk)["held"] == 3
    for one in (desk, other):
        refused(world.olivia.post(f"{one.path}/reconciliation", SINCE), 409, "tool-not-asked")
    desk.post(desk.sender.body)
    desk.work()
    assert desk.ends() == [("received", "The tool may be asked no more today; it is asked tomorrow.")]
    assert len(tool.asked) == 1
    changed = world.olivia.patch(desk.path, {"fetch_token": "of-another-app"})
    assert changed.status_code == 200, changed.text
    tool.answer = lambda _: says({"data": []})
    assert reconciled(desk)["held"] == 0


def test_an_app_of_surveymonkey_is_known_by_its_client_id() -> None:
    adapter = ADAPTERS["surveymonkey"]
    assert adapter.counted_as(["id&new", "id&old"], "one token") == "id"
    assert adapter.counted_as(["no ampersand"], "one token") == "one token"


def test_asking_counts_among_surveymonkeys_questions_of_a_day(world: World, tool: Tool) -> None:
    desk = monkeys(world, tool, world.join(), 103)
    reconciled(desk)
    with db.transaction(world.engine) as session:
        source = session.get_one(WebhookSource, UUID(desk.source.id))
        assert (source.fetch_day, source.fetch_count) == (clock.now().date(), 2)
        source.fetch_count = 500
    tool.asked.clear()
    refused(world.olivia.post(f"{desk.path}/reconciliation", SINCE), 409, "tool-not-asked")
    assert tool.asked == []


def test_what_is_missing_of_central_is_taken_in_at_once(
    world: World, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OdkOdata, "page_size", 10)
    leo = world.join()
    desk = sits(world, tool, "odk_odata", "age", "25", fetch_form="7/simple")
    tool.answer = central = Central()
    code = desk.code(leo)
    central.takes(code)
    polling.poll(world.engine, world.settings, UUID(desk.source.id))
    desk.work()
    for _ in range(11):
        central.takes(code)
    found = reconciled(desk, fetch_missing=True)
    assert (found["held"], found["known"], found["fetched"]) == (12, 1, 11)
    desk.work()
    assert count(leo) == 12
    with db.transaction(world.engine) as session:
        session.get_one(WebhookSource, UUID(desk.source.id)).next_poll_at = None
    polling.poll(world.engine, world.settings, UUID(desk.source.id))
    assert len(desk.deliveries()) == 12  # what was taken in is known to the next question


def test_what_redcap_holds_is_looked_up_as_if_it_had_been_posted(world: World, tool: Tool) -> None:
    leo = world.join()
    desk = sits(world, tool, "redcap", "place_challenge", "Approved the bid", forms=["625/daily_diary"])
    code = desk.code(leo)
    row = {
        "record": "P-0042",
        "redcap_repeat_instance": 3,
        "field_name": "daily_diary_complete",
        "value": "2",
    }
    listed = [row, row | {"redcap_repeat_instance": 4, "value": "0"}]

    (record,) = json.loads(desk.sender.fetched or b"")

    def answer(asked: Asked) -> Says:
        assert asked.form["token"] == "let-me-read"
        return says(listed if asked.form["type"] == "eav" else [record | {"pid": code}])

    tool.answer = answer
    assert reconciled(desk, fetch_missing=True) == {
        "held": 1,
        "known": 0,
        "missing": ["625/P-0042//daily_diary/3"],
        "fetched": 1,
    }
    desk.work()
    assert (desk.ends(), count(leo)) == ([("processed", None)], 1)
    desk.post(desk.sender.body)  # the post itself comes late: of the same submission
    desk.work()
    assert count(leo) == 1


ANSWERS: dict[str, Says] = {
    "away": Says(500),
    "a page": Says(body=b"<html>"),
    "another form": says({"responses": []}),
    "an id that is none": says({"data": [{"id": "../1"}]}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_tool_that_does_not_say_is_a_refusal_and_changes_nothing(
    world: World, tool: Tool, name: str
) -> None:
    desk = monkeys(world, tool, world.join(), 1)
    tool.answer = lambda _: ANSWERS[name]
    answer = world.olivia.post(f"{desk.path}/reconciliation", SINCE | {"fetch_missing": True})
    assert refused(answer, 409, "tool-not-asked")["detail"]
    assert (desk.deliveries(), recorded(world)) == ([], [])


def test_a_tool_that_nobody_knows_cannot_be_asked(world: World, tool: Tool) -> None:
    paths = {"submission_id": "id", "answers": "answers"}
    desk = Desk(world, "generic_json", proof="header", paths=paths)
    answer = world.olivia.post(f"{desk.path}/reconciliation", SINCE)
    title = ADAPTERS["generic_json"].title
    assert refused(answer, 409, "tool-not-asked")["detail"] == f"{title} cannot be asked what it holds."
    assert tool.asked == []


def test_nobody_waits_for_a_tool_that_is_asked(world: World, tool: Tool) -> None:
    leo = world.join()
    desk = monkeys(world, tool, leo, 2)
    monkey = tool.answer

    def meanwhile(asked: Asked) -> Says:
        with db.transaction(world.engine) as session:  # as the door does
            session.get_one(WebhookSource, UUID(desk.source.id)).refused_count += 1
        return monkey(asked)

    tool.answer = meanwhile
    assert reconciled(desk)["held"] == 2

    def changed(asked: Asked) -> Says:
        with db.transaction(world.engine) as session:
            session.get_one(WebhookSource, UUID(desk.source.id)).version += 1
        return monkey(asked)

    tool.answer = changed
    refused(world.olivia.post(f"{desk.path}/reconciliation", SINCE), 409, "conflict")


def test_the_operator_says_later_where_a_tool_is_asked(world: World, tool: Tool) -> None:
    desk = Desk(world, "typeform", claim_name="who")
    hosts = {"DAYBOOK_FETCH_HOSTS": tool.host}
    words = ("source", "fetch", desk.source.id, "--base", tool.url, "--form", "lT4Z3j")
    said = f"Address: {tool.url}, form: lT4Z3j, token: "
    assert daybook(world.settings, *words, **hosts) == (0, f"{said}not set\n")
    again = daybook(world.settings, *words[:3], DAYBOOK_FETCH_TOKEN="let-me-read", **hosts)
    assert again == (0, f"{said}set\n")
    tool.answer = lambda asked: says({"items": []}) if proves(asked) else Says(401)
    assert reconciled(desk)["held"] == 0
    assert world.olivia.get(desk.path).json()["options"]["claim_name"] == "who"
    status, refusal = daybook(world.settings, *words[:4], "https://elsewhere.example.org", **hosts)
    assert (status, "DAYBOOK_FETCH_HOSTS" in refusal) == (1, True)


def proves(asked: Asked) -> bool:
    return asked.headers.get("authorization") == "Bearer let-me-read"


def test_the_operator_reconciles_from_the_command_line(world: World, tool: Tool) -> None:
    leo = world.join()
    desk = monkeys(world, tool, leo, 3)
    asked = ("inbox", "reconcile", desk.source.id, "--since", "2020-01-01")
    status, said = daybook(world.settings, *asked, DAYBOOK_FETCH_HOSTS=tool.host)
    assert status == 0, said
    assert json.loads(said[said.index("{\n") :])["fetched"] == 0
    status, said = daybook(world.settings, *asked, "--fetch-missing", DAYBOOK_FETCH_HOSTS=tool.host)
    assert (status, json.loads(said[said.index("{\n") :])["fetched"]) == (0, 3)
    desk.work()
    assert count(leo) == 3
