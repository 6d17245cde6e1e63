"""Two workers on PostgreSQL send a study's prompts while one after the other is killed: each prompt goes out once."""

from collections import Counter

import pytest
from pydantic import SecretStr

from api.core import db
from schemas.prompt import PromptStatus
from tests.databases import Postgres, make_settings
from tests.journeys import prompting
from tests.journeys.prompting import TIMES, fill, live_through, states, two_workers, wait_for_plans
from tests.prompts.mailbox import mail_server

PEOPLE, DAYS, KILL_EVERY = 30, 3, 2.0


def test_each_prompt_is_sent_once_whoever_dies(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("workers")
    with postgres.copy() as url, mail_server() as (mailbox, mail_url):
        settings = make_settings(folder, url).model_copy(
            update={
                "mail_url": SecretStr(mail_url),
                "mail_from": "diary@example.org",
                "mail_per_minute": 100_000,
            }
        )
        engine = db.make_engine(settings)
        with db.transaction(engine) as session:
            fill(session, settings, PEOPLE)
        with two_workers(settings) as workers:
            wait_for_plans(engine, PEOPLE, 120)
            live_through(workers, engine, DAYS, KILL_EVERY)
        came, found = Counter(mailbox.ids()), states(engine)
        statuses = prompting.statuses(engine, DAYS)
        engine.dispose()
    wanted = PEOPLE * DAYS * len(TIMES)
    assert workers.kills >= 2, "Too few were killed to show anything."
    assert set(came.values()) == {1}, "A mail came twice."
    assert sum(statuses.values()) == wanted, statuses
    assert found["sent"] + found["unknown"] == wanted
    assert found["sent"] <= len(came) <= wanted
    assert found["unknown"] <= workers.kills, (
        "More is uncertain than one sending for each worker that was killed."
    )
    assert statuses[PromptStatus.SENT] + statuses[PromptStatus.EXPIRED] == found["sent"]
