"""The way between phones and the server: a request may be lost, doubled, delayed, or answered to nobody."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

if TYPE_CHECKING:
    from tests.diary.sync.phone import Phone


class Weather(StrEnum):
    """What befalls a request."""

    FINE = "fine"
    DOUBLED = "doubled"
    REQUEST_LOST = "request lost"
    ANSWER_LOST = "answer lost"
    DELAYED = "delayed"


@dataclass(frozen=True)
class Request:
    """What a phone sent: operations, alone as a PUT or DELETE or together in a sync."""

    phone: "Phone"
    token: str
    issued: datetime
    ops: list[dict[str, Any]]
    alone: bool
    cursor: str | None
    sent_at: datetime


@dataclass(frozen=True)
class Result:
    """What became of one operation."""

    status: int
    receipt: dict[str, Any] | None = None
    problem: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    results: list[Result] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    cursor: str | None = None
    more: bool = False
    text: str = ""


def deliver(client: TestClient, request: Request) -> Answer:
    """Bring a request to the real application."""
    headers = {"Authorization": f"Bearer {request.token}", "Daybook-Sent-At": request.sent_at.isoformat()}
    if request.alone:
        return _alone(client, request.ops[0], headers)
    body = {"cursor": request.cursor, "ops": request.ops}
    answer = client.post("/v1/sync", json=body, headers=headers)
    if answer.status_code != 200:
        return Answer(answer.status_code, text=answer.text)
    said = answer.json()
    results = [Result(one["status"], one["receipt"], one["problem"] or {}) for one in said["results"]]
    return Answer(200, results, said["changes"], said["cursor"], said["more"], answer.text)


def _alone(client: TestClient, op: dict[str, Any], headers: dict[str, str]) -> Answer:
    path = f"/v1/entries/{op['id']}"
    if op["op"] == "delete":
        answer = client.delete(path, headers=headers)
    else:
        answer = client.put(path, json=op["entry"], headers=headers)
    if answer.status_code == 401:
        return Answer(401, text=answer.text)
    said = answer.json() if answer.content else {}
    result = (
        Result(answer.status_code, said or None)
        if answer.is_success
        else Result(answer.status_code, None, said)
    )
    return Answer(answer.status_code, [result], text=answer.text)
