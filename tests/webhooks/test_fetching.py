"""What a post only points at is fetched from the tool's own server, and from nowhere else."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import time_machine

from api.core import clock, db, outbound
from api.core.config import Settings
from api.webhooks.models import WebhookSource
from tests.personas import Leader, World
from tests.webhooks.desk import Desk
from tests.webhooks.samples import needs_samples, sample_json
from tests.webhooks.senders import SENDERS
from tests.webhooks.tools import HANGS_UP, Asked, Says, Tool, says

pytestmark = needs_samples
LOST = "The tool did not answer in time, or with too much."


@dataclass(frozen=True)
class Pointing:
    """One tool whose posts are pointers: how it is asked, and what of its answer is an entry's."""

    tool: str
    method: str
    path: str
    answer_key: str
    option: str

    def holds(self, code: str) -> Any:
        """Return the recorded answer, in which the participant's code stands."""
        sender = SENDERS[self.tool]
        found = (
            json.loads(sender.fetched)
            if isinstance(sender.fetched, bytes)
            else sample_json(str(sender.fetched))
        )
        if self.tool == "qualtrics_event":
            found["result"]["values"]["pid"] = code
        elif self.tool == "surveymonkey":
            found["custom_variables"]["pid"] = code
        else:
            found[0]["pid"] = code
        return found


POINTING = {
    one.tool: one
    for one in (
        Pointing(
            "qualtrics_event",
            "GET",
            "/API/v3/surveys/SV_22VlHYNeldrrrkp/responses/R_1l9mcVuXubb4aGm",
            "QID2",
            "Strongly Agree",
        ),
        Pointing(
            "surveymonkey",
            "GET",
            "/v3/surveys/105724755/responses/5007154402/details",
            "319352786",
            "3057839051",
        ),
        Pointing("redcap", "POST", "/api/", "place_challenge", "Approved the bid"),
    )
}


@pytest.fixture
def settings(settings: Settings, tool: Tool) -> Settings:
    """The operator has listed the tool's host."""
    return settings.model_copy(update={"fetch_hosts": (tool.host,)})


def sits(world: World, tool: Tool, name: str = "qualtrics_event", **options: Any) -> Desk:
    """Return Olivia's desk, at which posts of a tool are pointers."""
    pointing = POINTING[name]
    desk = Desk(world, name, fetch_base=tool.url, **options)
    changed = world.olivia.patch(desk.path, {"fetch_token": "let-me-read"})
    assert changed.status_code == 200, changed.text
    row = {
        "answer_key": pointing.answer_key,
        "question": "mood",
        "transform": "choice",
        "value_map": {pointing.option: "well"},
        "required": True,
    }
    assert desk.put_map(rows=[row]).status_code == 200
    return desk


def moods(leader: Leader) -> list[tuple[str, int]]:
    found = leader.get("/v1/entries").json()["entries"]
    return [(one["entry"]["answers"]["mood"], one["receipt"]["version"]) for one in found]


def proof(asked: Asked) -> str | None:
    """Return the token that came with a request."""
    return (
        asked.headers.get("x-api-token")
        or asked.headers.get("authorization", "").removeprefix("Bearer ")
        or asked.form.get("token")
    )


@pytest.mark.parametrize("name", POINTING)
def test_a_pointer_becomes_an_entry_once_its_tool_has_been_asked(world: World, tool: Tool, name: str) -> None:
    desk, leo = sits(world, tool, name), world.join()
    code = desk.code(leo)
    tool.answer = lambda _: says(POINTING[name].holds(code))
    assert desk.post(desk.sender.body).status_code == 200
    assert tool.asked == []  # not in the request
    assert desk.work() == 1
    assert desk.ends() == [("processed", None)]
    assert moods(leo) == [("well", 1)]
    (asked,) = tool.asked
    assert (asked.method, asked.path, proof(asked)) == (
        POINTING[name].method,
        POINTING[name].path,
        "let-me-read",
    )


def test_redcap_is_asked_for_one_form_of_one_record(world: World, tool: Tool) -> None:
    desk = sits(world, tool, "redcap")
    desk.post(desk.sender.body)
    desk.work()
    (asked,) = tool.asked
    assert (asked.query, asked.form["records[0]"], asked.form["forms[0]"]) == ({}, "P-0042", "daily_diary")


@pytest.mark.parametrize(
    "listed", [(), ("elsewhere.example.org",), ("localhost",)], ids=["none", "other", "other-port"]
)
def test_a_host_that_the_operator_took_off_the_list_is_never_called(
    world: World, tool: Tool, listed: tuple[str, ...]
) -> None:
    desk = sits(world, tool)
    desk.post(desk.sender.body)
    world.settings.fetch_hosts = listed
    desk.work()
    ((status, reason),) = desk.ends()
    assert status == "fetching"
    assert reason == "The operator has not listed the host of this tool (DAYBOOK_FETCH_HOSTS)."
    assert tool.asked == []
    made = world.olivia.patch(desk.path, {"options": {"fetch_base": "https://elsewhere.example.com"}})
    assert (made.status_code, made.json()["type"]) == (409, "urn:daybook:problem:source-unsound")


def test_a_server_that_the_system_does_not_know_is_told_nothing(
    world: World, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sits(world, tool)
    desk.post(desk.sender.body)
    monkeypatch.delenv("SSL_CERT_FILE")
    outbound._authorities.cache_clear()
    desk.work()
    assert desk.ends() == [("fetching", LOST)]
    assert tool.asked == []


REFUSALS: dict[str, tuple[Says, str]] = {
    "401": (Says(401), "The tool refused our token."),
    "404": (Says(404), "The tool does not know this submission."),
    "429": (Says(429, headers={"Retry-After": "5"}), "The tool asked us to come back later."),
    "500": (Says(500, b"<html>"), "The tool could not answer."),
    "204": (Says(204), "The tool could not answer."),
    "a redirect": (Says(302, headers={"Location": "/elsewhere"}), "The tool could not answer."),
    "a closed line": (HANGS_UP, LOST),
    "a megabyte and more": (Says(body=b" " * 1_048_577), LOST),
    "half an answer": (Says(body=b'{"result"', unsent=9), LOST),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_tool_that_does_not_answer_is_asked_again_later_each_time_and_at_last_given_up(
    world: World, tool: Tool, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "_EACH_STEP", 0.2)
    desk, leo = sits(world, tool), world.join()
    code = desk.code(leo)
    answer, sentence = REFUSALS[name]
    tool.answer = lambda _: answer
    desk.post(desk.sender.body)
    pauses = []
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(9):
            assert desk.work() == 1
            assert desk.ends() == [("fetching", sentence)]
            assert desk.work() == 0  # not before its time
            (delivery,) = desk.deliveries()
            pauses.append((delivery.next_attempt_at - clock.now()).total_seconds())
            traveller.move_to(delivery.next_attempt_at)
        assert desk.work() == 1
        assert desk.ends() == [("dead", sentence)]
        assert pauses == [15, 60, 240, 960, 3_840, 15_360, 28_800, 28_800, 28_800]
        assert len(tool.asked) == 10
        assert {one.path for one in tool.asked} == {POINTING["qualtrics_event"].path}
    tool.answer = lambda _: says(POINTING["qualtrics_event"].holds(code))
    replayed = world.olivia.post(f"{world.path}/deliveries/{desk.deliveries()[0].id}/replay")
    assert replayed.json()["status"] == "received"
    desk.work()
    assert desk.ends() == [("processed", None)]
    assert moods(leo) == [("well", 1)]


def test_a_tool_that_is_away_is_not_asked_once_for_each_of_many_posts(world: World, tool: Tool) -> None:
    desk = sits(world, tool)
    fields = dict(pair.split("=") for pair in desk.sender.body.decode().split("&"))
    for number in range(3):
        message = {"Status": "Complete", "SurveyID": "SV_1", "ResponseID": f"R_{number}"}
        assert desk.post(urlencode(fields | {"MSG": json.dumps(message)}).encode()).status_code == 200
    tool.answer = lambda _: Says(503)
    assert [desk.work(), len(tool.asked)] == [1, 1]
    tool.answer = lambda _: Says(404)  # of one of them only: the others are asked for
    assert [desk.work(), len(tool.asked)] == [2, 3]


def test_an_address_in_a_post_is_never_called(world: World, tool: Tool) -> None:
    desk = sits(world, tool, "redcap")
    inside = urlencode({"redcap_url": f"{tool.url}/inside/", "project_url": f"{tool.url}/inside/too"})
    body = desk.sender.body + b"&" + inside.encode()
    other = body.split(b"&", 2)[2]  # the recorded addresses are left out
    desk.post(other)
    desk.post(other.replace(b"project_id=625", b"project_id=..%2F..%2Finside"))
    desk.work()
    assert [one.path for one in tool.asked] == ["/api/"]
    statuses = desk.statuses()
    assert statuses == ["fetching", "quarantined"]


@pytest.mark.parametrize(
    "where",
    ["http://localhost", "https://localhost@elsewhere.example.com", "https://[", "https://", "//localhost"],
)
def test_what_is_no_address_of_a_tool_is_refused(world: World, tool: Tool, where: str) -> None:
    desk = sits(world, tool)
    answer = world.olivia.patch(desk.path, {"options": {"fetch_base": where}})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:daybook:problem:source-unsound")


def test_surveymonkey_is_asked_five_hundred_times_a_day_and_no_more(world: World, tool: Tool) -> None:
    desk, leo = sits(world, tool, "surveymonkey"), world.join()
    code = desk.code(leo)
    today = clock.now().replace(hour=20)
    with time_machine.travel(today, tick=False) as traveller:
        _asked_before(desk, 499)
        tool.answer = lambda _: Says(404)
        first, second = (desk.sender.body.replace(b"5007154402", one) for one in (b"11", b"5007154402"))
        desk.post(first)
        desk.post(second)
        desk.work()
        tool.answer = lambda _: says(POINTING["surveymonkey"].holds(code))
        assert len(tool.asked) == 1
        late = desk.deliveries()[1]
        assert (late.status.value, late.attempts) == ("received", 0)
        assert late.reason == "The tool may be asked no more today; it is asked tomorrow."
        assert late.next_attempt_at == datetime.combine(today.date() + timedelta(days=1), time(), UTC)
        traveller.move_to(today + timedelta(hours=3))
        desk.work()
        assert len(tool.asked) == 1
        traveller.move_to(late.next_attempt_at)
        desk.work()
        assert desk.ends()[1] == ("processed", None)
    assert moods(leo) == [("well", 1)]


def _asked_before(desk: Desk, count: int) -> None:
    with db.transaction(desk.world.engine) as session:
        source = session.get_one(WebhookSource, UUID(desk.source.id))
        source.fetch_day, source.fetch_count = clock.now().date(), count


def test_redcap_posts_the_same_bytes_for_an_edit_and_the_entry_gets_a_second_version(
    world: World, tool: Tool
) -> None:
    desk, leo = sits(world, tool, "redcap"), world.join()
    rows = [
        {
            "answer_key": "place_challenge",
            "question": "mood",
            "transform": "choice",
            "value_map": {"Approved the bid": "well", "Withdrew the bid": "tired"},
        }
    ]
    desk.put_map(rows=rows)
    held = POINTING["redcap"].holds(desk.code(leo))
    tool.answer = lambda _: says(held)
    for challenge in ("Approved the bid", "Withdrew the bid"):
        held[0]["place_challenge"] = challenge
        assert desk.post(desk.sender.body).status_code == 200
        desk.work()
    assert desk.ends() == [("processed", None)] * 2
    assert moods(leo) == [("tired", 2)]
    assert len(tool.asked) == 2


def test_an_answer_about_another_response_is_quarantined_and_not_kept(world: World, tool: Tool) -> None:
    desk, leo, lena = sits(world, tool, "surveymonkey"), world.join(), world.join()
    held = POINTING["surveymonkey"].holds(desk.code(lena))
    tool.answer = lambda _: says(held | {"survey_id": "999"})
    desk.post(desk.sender.body)
    desk.work()
    ((status, reason),) = desk.ends()
    assert (status, reason) == (
        "quarantined",
        "SurveyMonkey answered with another response than the one asked for.",
    )
    (delivery,) = desk.deliveries()
    assert delivery.fetched is None
    assert moods(lena) == moods(leo) == []
    tool.answer = lambda _: says(held)
    world.olivia.post(f"{world.path}/deliveries/{delivery.id}/replay")
    desk.work()
    assert moods(lena) == [("well", 1)]


def test_a_pointer_to_a_form_that_is_not_taken_is_not_fetched(world: World, tool: Tool) -> None:
    desk = sits(world, tool, forms=["SV_other"])
    desk.post(desk.sender.body)
    desk.work()
    assert desk.ends() == [("quarantined", "It comes from a form that this source does not take.")]
    assert tool.asked == []
