"""A study with reminders, and a mail server to which they go."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import Engine

from api.core import db, jobs
from api.core.config import Settings
from api.diary import followups
from api.prompts import plan, sending, service
from schemas.prompt import PromptView
from tests.personas import Caller, Leader, World
from tests.prompts.mailbox import Mailbox, mail_server

EVENING: dict[str, Any] = {
    "key": "evening",
    "instrument": "place_leadership_diary",
    "kind": "day",
    "timing": {"type": "interval", "times": ["20:30"]},
    "remind_after": [60],
}


@pytest.fixture
def mailbox_and_url() -> Iterator[tuple[Mailbox, str]]:
    with mail_server() as made:
        yield made


@pytest.fixture
def mailbox(mailbox_and_url: tuple[Mailbox, str]) -> Mailbox:
    return mailbox_and_url[0]


class Reminded:
    """A study whose worker turns when it is told to, at whatever time it is."""

    def __init__(self, world: World, engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
        self.world, self.engine, self.settings, self.mailbox = world, engine, settings, mailbox
        self.olivia: Caller = world.olivia

    def schedule(self, **changes: Any) -> Any:
        """Let Olivia make or change a schedule."""
        body = EVENING | changes
        made = self.olivia.put(f"{self.world.path}/schedules/{body['key']}", body)
        assert made.status_code == 200, made.text
        return made.json()

    def joins(self, email: str | None = "leo@example.org") -> Leader:
        """Let a leader join, with an address or without."""
        leader = self.world.join()
        if email:
            assert leader.put("/v1/me/contact", {"email": email}).status_code == 204
        return leader

    def turn(self) -> int:
        """Let the worker plan and send once; return how many reminders went out."""
        followups.plan_followups(self.engine, self.settings)
        plan.plan(self.engine, self.settings)
        return sending.run(self.engine, self.settings)

    def prompts(self, leader: Leader) -> list[PromptView]:
        """Return a leader's prompts, oldest first."""
        with db.reading(self.engine) as session:
            found = service.of_participant(session, leader.participant_id, 500)
        return sorted(found, key=lambda one: one.planned_at)

    def wakes(self, leader: Leader) -> None:
        """Let a leader's phone renew its session, which lasts minutes only."""
        renewed = self.world.client.post("/v1/session/refresh", json={"refresh_token": leader.refresh_token})
        assert renewed.status_code == 200, renewed.text
        leader.token, leader.refresh_token = renewed.json()["access_token"], renewed.json()["refresh_token"]

    def at(self, time: str) -> Any:
        """Return a frozen clock, to be used as a context: UTC unless the time says otherwise."""
        return time_machine.travel(datetime.fromisoformat(time), tick=False)


@pytest.fixture
def mailing_settings(settings: Settings, mailbox_and_url: tuple[Mailbox, str]) -> Settings:
    mail = {"mail_url": SecretStr(mailbox_and_url[1]), "mail_from": "Diary <diary@example.org>"}
    return settings.model_copy(update=mail)


@pytest.fixture
def reminded(world: World, engine: Engine, mailing_settings: Settings, mailbox: Mailbox) -> Reminded:
    assert jobs.SWEEP_SECONDS < 60, "A reminder goes out within its minute."
    return Reminded(world, engine, mailing_settings, mailbox)
