"""Body limit and deadline, request ids and security headers."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from starlette.types import Message, Receive, Scope, Send

from api.core.config import Settings
from api.core.metrics import Metrics
from api.core.middleware import SECURITY_HEADERS, BodyGuard, RequestContext
from api.main import create_app
from tests.core.asgi import Answer, call
from tests.core.logs import captured_logs, entries
from tests.databases import make_settings
from tests.personas import World

LIMIT = 1_024


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    made = create_app(make_settings(tmp_path, body_limit=LIMIT, body_deadline=0.05))
    yield made
    made.state.engine.dispose()


def problem(answer: Answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(json.loads(answer.body)["type"]).removeprefix("urn:daybook:problem:")


@pytest.mark.parametrize(
    ("pieces", "headers"),
    [
        ([b"x" * (LIMIT + 1)], {}),
        ([b"x" * LIMIT, b"x"], {}),
        ([b"x"] * (LIMIT + 1), {}),
        ([b"x" * (LIMIT + 1)], {"Content-Length": "10"}),
        ([], {"Content-Length": str(LIMIT + 1)}),
        ([], {"Content-Length": "9" * 5_000}),
        ([], {"Content-Length": "-1"}),
        ([], {"Content-Length": "a lot"}),
    ],
    ids=["one piece", "two pieces", "dribble", "a lie", "declared", "endless", "negative", "words"],
)
def test_a_body_over_the_limit_is_refused(app: FastAPI, pieces: list[bytes], headers: dict[str, str]) -> None:
    answer = call(app, "POST", "/v1/join", pieces, headers)
    assert (answer.status_code, problem(answer)) == (413, "body-too-large")


def test_an_endless_stream_is_refused_before_it_ends(app: FastAPI) -> None:
    answer = call(app, "POST", "/v1/join", [b"x" * 100] * 11, ends=False)
    assert (answer.status_code, problem(answer)) == (413, "body-too-large")


def test_a_body_at_the_limit_is_let_in_however_it_comes(app: FastAPI) -> None:
    body = json.dumps({"code": "AAAA-BBBB", "attempt": "x" * LIMIT}).encode()[:LIMIT]
    for pieces in ([body], [body[:500], body[500:]], [body[i : i + 1] for i in range(LIMIT)]):
        answer = call(app, "POST", "/v1/join", pieces, {"Content-Type": "application/json"})
        assert (answer.status_code, problem(answer)) == (422, "invalid")


def test_a_body_that_stalls_is_refused_in_time(app: FastAPI) -> None:
    for pieces in ([], [b"{"], [b"{", b'"code"']):
        answer = call(app, "POST", "/v1/join", pieces, ends=False)
        assert (answer.status_code, problem(answer)) == (408, "body-too-slow")
        assert answer.headers["connection"] == "close"


def test_a_safe_request_id_is_given_back_and_another_is_replaced(client: TestClient) -> None:
    kept = client.get("/v1/me", headers={"X-Request-Id": "phone-1234.A_b"})
    assert kept.headers["x-request-id"] == kept.json()["request_id"] == "phone-1234.A_b"
    for unsafe in (
        "short",
        "x" * 65,
        "has space in it",
        'quote"quote"',
        "",
        "a;b,c=d/e",
    ):
        replaced = client.get("/v1/me", headers={"X-Request-Id": unsafe})
        assert re.fullmatch(r"[0-9a-f-]{36}", replaced.headers["x-request-id"])


def test_every_answer_has_the_security_headers(world: World) -> None:
    leo = world.join()
    found = [leo.get("/v1/me"), world.client.get("/nothing"), world.client.get("/health/live")]
    with world.engine.begin() as connection:
        connection.execute(text("ALTER TABLE prompt RENAME TO gone"))
    found.append(leo.get("/v1/me/prompts"))
    assert [answer.status_code for answer in found] == [200, 404, 200, 500]
    for answer in found:
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value
    assert "server" not in found[0].headers


@pytest.mark.parametrize("origin", ["https://evil.example", "https://testserver", "null"])
def test_another_sites_page_is_never_let_in_by_cors(world: World, origin: str) -> None:
    asks = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    read = world.join().get("/v1/me", headers={"Origin": origin})
    asked = world.client.options("/v1/me/profile", headers=asks)
    assert (read.status_code, asked.status_code) == (200, 405)
    for answer in (read, asked):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_what_nobody_caught_is_a_problem_and_a_log_line_without_its_text() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("Canary: what the leader wrote")

    with captured_logs() as log:
        answer = call(RequestContext(broken, Metrics()), "GET", "/v1/me")
    assert (answer.status_code, problem(answer)) == (500, "unexpected")
    failed, served = entries(log)
    assert (failed["event"], failed["error"]) == ("request failed", "RuntimeError")
    assert "test_middleware.py" in failed["where"]
    assert failed["request_id"] == served["request_id"] == answer.headers["x-request-id"]
    assert served["status"] == 500
    assert "Canary" not in log.getvalue() + answer.body.decode()


def test_a_fault_after_the_answer_began_does_not_answer_twice() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    answer = call(RequestContext(broken, Metrics()), "GET", "/v1/me")
    assert (answer.status_code, answer.body) == (200, b"")


def test_a_phone_that_hangs_up_while_it_sends_is_no_fault_and_reaches_nobody() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    async def run() -> None:
        sent: list[Message] = [
            {"type": "http.request", "body": b"{", "more_body": True},
            {"type": "http.disconnect"},
        ]

        async def receive() -> Message:
            return sent.pop(0)

        async def send(message: Message) -> None:
            raise AssertionError

        guarded = RequestContext(BodyGuard(app, LIMIT, 5), Metrics())
        await guarded({"type": "http", "method": "PUT", "headers": []}, receive, send)

    with captured_logs() as log:
        asyncio.run(run())
    assert [(line["event"], line["status"]) for line in entries(log)] == [("request", 499)]


def test_the_settings_reach_the_middleware(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"body_limit": LIMIT}))
    assert call(app, "POST", "/v1/join", [b"x" * (LIMIT + 1)]).status_code == 413
    app.state.engine.dispose()
