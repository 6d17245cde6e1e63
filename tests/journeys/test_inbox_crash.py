"""kill -9 between a delivery's commit and its processing: each becomes an entry, and becomes it once."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.core import db
from api.core.config import Settings
from api.main import create_app
from api.webhooks.models import WebhookDelivery
from schemas.inbox import DeliveryStatus
from tests.journeys.server import PATIENCE, Forker, Server
from tests.personas import World
from tests.webhooks.desk import Desk, answered
from tests.webhooks.senders import SENDERS

KILLS, CONTROL_KILLS = 25, 4
POSTS = 4
CROWD = 50
HURRIED = "tests.journeys.hurried_server"


@pytest.fixture(scope="module")
def hurried() -> Iterator[Forker]:
    """A process that starts servers with a worker inside quickly."""
    made = Forker("tests.journeys.hurried_server", "tests.journeys.forgetful_server", "dbos")
    yield made
    made.close()


class Survey:
    """Leo's survey, and a server that may die at any moment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.model_copy(update={"worker": "inline"})
        self.engine = db.make_engine(settings)
        with TestClient(create_app(settings), base_url="https://testserver") as client:
            world = World(client, self.engine, settings)
            desk, self.leo = Desk(world), world.join()
            self.code, self.source = desk.code(self.leo), desk.source

    def post(self, server: Server, number: int) -> int:
        """Post one answer as the tool does; return what it heard."""
        body = answered(self.code, "I am tired", why=f"Day {number}")
        answer = SENDERS["typeform"].post(server.url + self.source.path, body, self.source.secret)
        return answer.status_code

    def statuses(self) -> Counter[str]:
        """Count the deliveries by where they stand."""
        with db.reading(self.engine) as session:
            return Counter(str(one) for one in session.exec(select(WebhookDelivery.status)))

    def wait_until_done(self, server: Server) -> None:
        """Wait until nothing waits to be processed."""
        until = time.monotonic() + PATIENCE
        while self.statuses()[DeliveryStatus.RECEIVED]:
            assert time.monotonic() < until, (self.statuses(), server.log()[-2000:])
            time.sleep(0.05)

    def days(self, server: Server) -> Counter[str]:
        """Count what stands in Leo's diary."""
        found, after = [], ""
        with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as http:
            while True:
                page = http.get(f"/v1/entries?limit=200{after}", headers=self.leo.headers).json()
                found += [one["entry"]["answers"]["why"] for one in page["entries"]]
                if page["next"] is None:
                    return Counter(found)
                after = f"&after={page['next']}"


def crash(
    survey: Survey, forker: Forker, kills: int, module: str = HURRIED
) -> tuple[list[str], Counter[str]]:
    """Post and kill, again and again; return what was acknowledged, and what is in the diary in the end."""
    moments, acknowledged, waiting = random.Random(20261123), [], 0
    with Server(survey.settings, forker.launch, module) as server:
        for kill in range(kills):
            for number in range(kill * POSTS, (kill + 1) * POSTS):
                assert survey.post(server, number) == 200
                acknowledged.append(f"Day {number}")
            time.sleep(moments.uniform(0, 0.15))
            server.kill()
            waiting += survey.statuses()[DeliveryStatus.RECEIVED]
            server.start()
        survey.wait_until_done(server)
        assert waiting > kills / 2, "the kills came after all was done"
        return acknowledged, survey.days(server)


def test_each_delivery_becomes_an_entry_once(settings: Settings, hurried: Forker) -> None:
    survey = Survey(settings)
    acknowledged, days = crash(survey, hurried, KILLS)
    assert days == Counter(acknowledged)
    assert len(acknowledged) == KILLS * POSTS
    assert survey.statuses() == {"processed": KILLS * POSTS}
    survey.engine.dispose()


def test_a_job_that_says_it_is_done_too_early_is_caught(settings: Settings, hurried: Forker) -> None:
    survey = Survey(settings)
    acknowledged, days = crash(survey, hurried, CONTROL_KILLS, "tests.journeys.forgetful_server")
    assert days != Counter(acknowledged)
    survey.engine.dispose()


def test_a_crowd_of_the_same_post_is_one_entry(settings: Settings, hurried: Forker) -> None:
    survey = Survey(settings)
    body = answered(survey.code, "I am tired", why="Day 1")
    with Server(survey.settings, hurried.launch, HURRIED) as server, ThreadPoolExecutor(CROWD) as pool:
        url, secret = server.url + survey.source.path, survey.source.secret
        heard = list(
            pool.map(lambda _: SENDERS["typeform"].post(url, body, secret).status_code, range(CROWD))
        )
        survey.wait_until_done(server)
        assert survey.days(server) == {"Day 1": 1}
    assert heard == [200] * CROWD
    assert survey.statuses() == {"processed": 1}
    survey.engine.dispose()
