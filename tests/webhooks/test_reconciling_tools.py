"""Every tool that has an API for it is asked what it holds, as that API is asked, on a server over TLS."""

import json
import tracemalloc
from typing import Any
from uuid import UUID

import pytest

from api.core import db
from api.core.config import Settings
from api.webhooks import asking, reconciling
from api.webhooks.adapters import ADAPTERS
from api.webhooks.adapters.base import Adapter
from api.webhooks.models import WebhookSource
from schemas.source import SourceOptions
from tests.meta.shape import refused
from tests.personas import Leader, World
from tests.webhooks.desk import Desk
from tests.webhooks.holders import HOLDERS, OPTION, TOKEN, Holder, Qualtrics, QualtricsTask, Typeform
from tests.webhooks.samples import needs_samples
from tests.webhooks.tools import Asked, Says, Tool, says

pytestmark = needs_samples
SINCE = {"since": "2026-07-01"}
every = pytest.mark.parametrize("kind", [*HOLDERS, QualtricsTask], ids=lambda kind: kind.__name__)


@pytest.fixture
def settings(settings: Settings, tool: Tool) -> Settings:
    """The operator has listed the tool's host."""
    return settings.model_copy(update={"fetch_hosts": (tool.host,)})


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages hold four, and nobody waits long for an export."""
    monkeypatch.setattr(asking, "_BREATH", 0.01)
    for adapter in ADAPTERS.values():
        module = type(adapter).__module__
        if adapter.name in {"typeform", "kobo", "jotform", "standard"}:
            monkeypatch.setattr(f"{module}._LISTED", 4)


def sits(world: World, tool: Tool, kind: type[Holder], **options: Any) -> Desk:
    """Return Olivia's desk for a tool that can be asked."""
    desk = Desk(world, kind.tool, **{"fetch_base": tool.url, "fetch_form": kind.form} | options)
    assert world.olivia.patch(desk.path, {"fetch_token": TOKEN}).status_code == 200
    row = {"question": "mood", "transform": "choice", "value_map": {OPTION: "well"}, "required": True}
    assert desk.put_map(rows=[row | {"answer_key": kind.answer_key}]).status_code == 200
    return desk


def ask(desk: Desk, **asked: Any) -> Any:
    return desk.world.olivia.post(f"{desk.path}/reconciliation", SINCE | asked)


def told(desk: Desk, **asked: Any) -> dict[str, Any]:
    answer = ask(desk, **asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def entries(leader: Leader) -> list[Any]:
    found: list[Any] = leader.get("/v1/entries").json()["entries"]
    return found


@pytest.mark.parametrize("kind", HOLDERS, ids=lambda kind: kind.__name__)
def test_what_a_tool_never_posted_is_named_and_taken_in(world: World, tool: Tool, kind: type[Holder]) -> None:
    desk, leo = sits(world, tool, kind), world.join()
    desk.post(desk.sender.body)
    tool.answer = holder = kind(desk.code(leo), 10)
    desk.work()  # of nobody that we know, and yet it has come
    before = len(entries(leo))
    found = told(desk)
    assert (found["held"], found["known"], len(found["missing"]), found["fetched"]) == (10, 1, 9, 0)
    assert not [name for name in found["missing"] if name.endswith(holder.recorded)]
    assert len(desk.deliveries()) == 1  # nothing is taken in that nobody asked for
    assert told(desk, fetch_missing=True) == found | {"fetched": 9}
    desk.work()
    assert set(desk.ends()[1:]) == {("processed", None)}
    now = entries(leo)
    assert len(now) == before + 9
    assert {one["entry"]["answers"]["mood"] for one in now} == {"well"}
    assert told(desk, fetch_missing=True) == {"held": 10, "known": 10, "missing": [], "fetched": 0}


@pytest.mark.parametrize("kind", HOLDERS[:5], ids=lambda kind: kind.__name__)
def test_a_tool_is_asked_page_by_page_from_a_day_on(world: World, tool: Tool, kind: type[Holder]) -> None:
    desk = sits(world, tool, kind)
    tool.answer = kind("", 10)
    told(desk)
    first, *rest = tool.asked
    assert (first.method, first.path) == ("GET", kind.path)
    assert first.query == kind.asked_first | dict([kind.time_parameter])
    assert len(rest) >= 2
    assert {one.path for one in rest} == {kind.path}
    assert {one.headers["accept-encoding"] for one in tool.asked} == {"identity"}


def test_qualtrics_is_asked_for_names_alone_and_waited_for(world: World, tool: Tool) -> None:
    desk = sits(world, tool, Qualtrics)
    tool.answer = holder = Qualtrics("", 3)
    assert told(desk)["held"] == 3
    path = Qualtrics.path
    assert [one.path for one in tool.asked] == [path, *[f"{path}/ES_1"] * 3, f"{path}/a-file-1/file"]
    assert holder.wanted == {
        "format": "json",
        "compress": False,
        "startDate": "2026-07-01T00:00:00Z",
        "surveyMetadataIds": ["status", "finished", "recordedDate"],
        "questionIds": [],
        "embeddedDataIds": [],
    }


def test_what_a_workflow_should_have_posted_is_named_and_cannot_be_taken_in(world: World, tool: Tool) -> None:
    desk = sits(world, tool, QualtricsTask)
    desk.post(desk.sender.body)
    desk.work()
    tool.answer = QualtricsTask("", 3)
    found = told(desk, fetch_missing=True)
    assert (found["held"], found["known"], len(found["missing"]), found["fetched"]) == (3, 1, 2, 0)
    assert len(desk.deliveries()) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"waits": 10_000}, "The tool is still putting together what it holds"),
        ({"ends": "failed"}, "Qualtrics could not export the responses."),
    ],
)
def test_an_export_that_does_not_end_well_is_a_refusal(
    world: World, tool: Tool, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], sentence: str
) -> None:
    monkeypatch.setattr(asking, "_MOST_PAGES", 8)
    desk = sits(world, tool, Qualtrics)
    tool.answer = holder = Qualtrics("", 3)
    vars(holder).update(changes)
    assert refused(ask(desk), 409, "tool-not-asked")["detail"].startswith(sentence)


@every
def test_an_error_in_the_middle_takes_nothing_in_and_is_counted(
    world: World, tool: Tool, kind: type[Holder]
) -> None:
    desk = sits(world, tool, kind)
    holder = kind("", 10)
    tool.answer = lambda asked: holder(asked) if len(tool.asked) < 2 else Says(500, b"<html>")
    refused(ask(desk, fetch_missing=True), 409, "tool-not-asked")
    assert (len(tool.asked), desk.deliveries()) == (2, [])
    with db.reading(world.engine) as session:
        assert session.get_one(WebhookSource, UUID(desk.source.id)).fetch_count == 2


@every
def test_a_redirect_is_not_followed(world: World, tool: Tool, kind: type[Holder]) -> None:
    desk = sits(world, tool, kind)
    holder = kind("", 10)
    away = Says(307, headers={"Location": f"{tool.url}/elsewhere"})
    tool.answer = lambda asked: holder(asked) if len(tool.asked) < 2 else away
    refused(ask(desk), 409, "tool-not-asked")
    assert len(tool.asked) == 2


@every
def test_a_token_that_is_wrong_is_said(world: World, tool: Tool, kind: type[Holder]) -> None:
    desk = sits(world, tool, kind)
    assert world.olivia.patch(desk.path, {"fetch_token": "another"}).status_code == 200
    tool.answer = kind("", 10)
    assert refused(ask(desk), 409, "tool-not-asked")["detail"] == "The tool refused our token."


SAID: dict[str, Says] = {
    "nothing": says({}),
    "a list": says([]),
    "a page for people": Says(body=b"<html>"),
    "rows that are none": says(
        {name: [1] for name in ("items", "results", "submissions", "content", "data")}
    ),
    "a strange next step": says({"result": {"progressId": "../../elsewhere"}}),
}


@every
@pytest.mark.parametrize("name", SAID)
def test_what_is_no_page_is_not_taken_for_an_empty_one(
    world: World, tool: Tool, kind: type[Holder], name: str
) -> None:
    desk = sits(world, tool, kind)
    tool.answer = lambda _: SAID[name]
    refused(ask(desk, fetch_missing=True), 409, "tool-not-asked")
    assert (len(tool.asked), desk.deliveries()) == (1, [])


@every
def test_a_form_that_the_tool_does_not_know_is_said(world: World, tool: Tool, kind: type[Holder]) -> None:
    desk = sits(world, tool, kind)
    tool.answer = lambda _: Says(404)
    said = refused(ask(desk), 409, "tool-not-asked")["detail"]
    assert said == "The tool does not know the form that it was asked for."


@every
def test_only_what_is_configured_is_asked(world: World, tool: Tool, kind: type[Holder]) -> None:
    desk = sits(world, tool, kind)
    tool.answer = kind("", 2)
    world.settings.fetch_hosts = ()
    assert "DAYBOOK_FETCH_HOSTS" in refused(ask(desk), 409, "tool-not-asked")["detail"]
    world.settings.fetch_hosts = (tool.host,)
    bare = Desk(world, kind.tool)
    refused(ask(bare), 409, "tool-not-asked")
    assert tool.asked == []


def test_more_than_is_taken_in_at_once_is_taken_in_the_next_time(
    world: World, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "_MOST_KEPT", 2_000)
    desk, leo = sits(world, tool, Typeform), world.join()
    tool.answer = Typeform(desk.code(leo), 10)
    some = told(desk, fetch_missing=True)
    assert 0 < some["fetched"] < len(some["missing"]) == 10
    desk.work()
    while told(desk, fetch_missing=True)["fetched"]:
        desk.work()
    assert len(entries(leo)) == 10


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_pages_are_let_go_of_one_by_one(world: World, tool: Tool) -> None:
    desk = sits(world, tool, Typeform)
    holder, long = Typeform("", 100), "a" * 300_000

    def large(asked: Asked) -> Says:
        page = json.loads(holder(asked).body)
        for item in page["items"]:
            item["hidden"]["long"] = long
        return says(page)

    tool.answer = large
    tracemalloc.start()
    assert told(desk)["held"] == 100
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 15_000_000  # of thirty million, and the tool's own server is in it


def test_what_is_stored_of_a_listed_response_tells_nothing_of_its_browser(world: World, tool: Tool) -> None:
    for kind in HOLDERS:
        if kind.tool in {"typeform", "standard", "jotform", "tally"}:
            desk, leo = sits(world, tool, kind), world.join()
            tool.answer = kind(desk.code(leo), 1)
            told(desk, fetch_missing=True)
            (delivery,) = desk.deliveries()
            for word in (b"Mozilla", b"network_id", b"192.0.2.7", b"leo@example.org", b"country", b"userId"):
                assert word not in (delivery.raw or b"")


def test_every_tool_that_can_be_asked_is_asked_here() -> None:
    elsewhere = {"odk_odata", "redcap", "surveymonkey"}  # in test_reconciling.py
    asked = {name for name, one in ADAPTERS.items() if type(one).listing is not Adapter.listing}
    assert asked == elsewhere | {kind.tool for kind in HOLDERS} | {QualtricsTask.tool}


@every
def test_an_adapter_says_what_to_enter_for_asking(kind: type[Holder]) -> None:
    adapter = ADAPTERS[kind.tool]
    options = SourceOptions(proof=adapter.proofs[0], forms=[])
    assert "for fetching" in adapter.instructions("https://daybook.example.org/v1/hooks/x/y", options)
