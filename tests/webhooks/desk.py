"""A study with a survey at a tool: its source, its map, its codes, and what its people send."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from sqlmodel import col, select

from api.core import clock, db
from api.core.ids import new_id
from api.webhooks import running
from api.webhooks.models import WebhookDelivery
from tests.meta.bodies import FIELD_MAP, TINY
from tests.personas import Leader, World
from tests.webhooks.senders import SENDERS

FORM = "lT4Z3j"


@dataclass
class Source:
    """A source as its maker was shown it."""

    id: str
    url: str
    secret: str

    @classmethod
    def of(cls, answer: Any) -> Self:
        """Read what its maker was answered."""
        assert answer.status_code == 201, answer.text
        return cls(answer.json()["source"]["id"], answer.json()["url"], answer.json()["secret"])

    @property
    def path(self) -> str:
        """Return the address without its host."""
        return "/v1/hooks/" + self.url.split("/v1/hooks/")[1]


class Desk:
    """Olivia runs a Typeform survey beside the diary."""

    def __init__(self, world: World, tool: str = "typeform", **options: Any) -> None:
        self.world, self.tool, self.sender = world, tool, SENDERS[tool]
        drafted = world.olivia.post(f"{world.path}/instruments", TINY)
        assert drafted.status_code in {201, 409}, drafted.text  # a second survey of the same study
        world.olivia.post(f"{world.path}/instruments/tiny/1/publish")
        self.source = self.make(**options)
        self.path = f"{world.path}/sources/{self.source.id}"
        assert self.put_map().status_code == 200
        self.is_now("live")

    @property
    def id(self) -> UUID:
        """Return the source's id."""
        return UUID(self.source.id)

    def make(self, **options: Any) -> Source:
        """Make a source."""
        body = {"tool": self.tool, "name": "Evening", "options": options}
        return Source.of(self.world.olivia.post(f"{self.world.path}/sources", body))

    def put_map(self, **changes: Any) -> Any:
        """Store a version of the map."""
        return self.world.olivia.put(f"{self.path}/map", FIELD_MAP | changes)

    def is_now(self, status: str) -> None:
        """Let the source live, pause or be tested."""
        answer = self.world.olivia.post(f"{self.path}/status", {"status": status})
        assert answer.status_code == 200, answer.text

    def rotate(self, **asked: Any) -> dict[str, Any]:
        """Give the source a new secret, and perhaps a new address."""
        answer = self.world.olivia.post(f"{self.path}/rotation", asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def code(self, leader: Leader) -> str:
        """Return a leader's code of the source."""
        links = self.world.olivia.post(f"{self.path}/codes").json()
        return str(next(one["code"] for one in links if one["participant_id"] == str(leader.participant_id)))

    def post(self, body: dict[str, Any] | bytes, path: str | None = None, secret: str | None = None) -> Any:
        """Send what somebody answered, as the tool does."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = self.sender.made(raw, secret or self.source.secret)
        headers = {**sent.headers, "content-type": sent.content_type}
        return self.world.client.post(path or self.source.path, content=sent.body, headers=headers)

    def work(self) -> int:
        """Do what the worker does."""
        return running.run(self.world.engine, self.world.settings, UUID(self.source.id))

    def deliveries(self) -> list[WebhookDelivery]:
        """Return what is stored, oldest first."""
        return deliveries_of(self.world, self.source.id)

    def ends(self) -> list[tuple[str, str | None]]:
        """Return how each delivery stands and why, oldest first."""
        return [(one.status.value, one.reason) for one in self.deliveries()]

    def statuses(self) -> list[str]:
        """Return how each delivery stands, oldest first."""
        return [status for status, _ in self.ends()]


def deliveries_of(world: World, source_id: str) -> list[WebhookDelivery]:
    """Return what is stored of a source, oldest first."""
    mine = select(WebhookDelivery).where(WebhookDelivery.source_id == UUID(source_id))
    with db.reading(world.engine) as session:
        found = session.exec(mine.order_by(col(WebhookDelivery.id))).all()
        session.expunge_all()
    return list(found)


def answered(code: str, mood: str = "I am well", why: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a Typeform response."""
    at = changes.pop("at", clock.now())
    answers: list[dict[str, Any]] = [
        {"type": "choice", "choice": {"label": mood}, "field": {"id": "f1", "ref": "mood", "type": "choice"}}
    ]
    if why is not None:
        answers.append(
            {"type": "text", "text": why, "field": {"id": "f2", "ref": "why", "type": "long_text"}}
        )
    response = {
        "form_id": FORM,
        "token": new_id().hex,
        "landed_at": (at - timedelta(minutes=5)).isoformat(),
        "submitted_at": at.isoformat(),
        "hidden": {"pid": code},
        "answers": answers,
    }
    return {"event_id": new_id().hex, "event_type": "form_response", "form_response": response | changes}


def told(code: str, mood: str = "I am well", name: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a response as a house's own program posts it."""
    at = changes.pop("at", clock.now()).isoformat()
    answers = [{"key": "mood", "value": mood}]
    plain = {"formId": "f", "responseId": name or new_id().hex, "timestamp": at, "hidden": {"pid": code}}
    return plain | {"answers": answers} | changes
