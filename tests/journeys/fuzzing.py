"""Lets schemathesis loose on a running server, with credentials for every operation of the committed document."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.auth.verbs import Role
from api.core import db
from api.core.config import Settings
from api.main import create_app
from api.releases.review import refresh
from tests.auth.people import OURS, browser, staff_id
from tests.journeys import workbooks
from tests.journeys.fuzz_reminders import asked
from tests.personas import World
from tests.webhooks.desk import Desk, answered

DOCUMENT = Path(__file__).parents[2] / "schemas" / "openapi.json"
SEED = 20261122
EXAMPLES = 25
KEY = "place_leadership_diary"
PINNED = (
    "study_id",
    "key",
    "entry_id",
    "staff_id",
    "text_id",
    "term_id",
    "source_id",
    "delivery_id",
    "prompt_id",
    "token",
)
MEMBER = "/v1/studies/{study_id}/members/{staff_id}"
PARTICIPANT = "/v1/studies/{study_id}/participants/{participant_id}"
REVIEW = "/v1/studies/{study_id}/review"
_OFF = {"enabled": False}
_REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
"""The tool's own list, and 413: some of what it makes is too large to be read at all."""


@dataclass
class Findings:
    """What a run tried and what it found."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    checks: Counter[str] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        """Return how many requests were answered."""
        return sum(counter.total() for counter in self.statuses.values())


def credentials(settings: Settings) -> dict[str, Any]:
    """Open studies in an empty database; return who may call what, as schemathesis is configured.

    What ends a session, a participation or a study gets people of its own, so that all else stays reachable.
    """
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        world = World(client, engine, settings)
        other = World(client, engine, settings, title="A study to close")
        leo, lena, leaving, withdrawing, telephoning = (world.join() for _ in range(5))
        kept = lena.keeps().json()["id"]
        lena.keeps()
        texts, term = texts_of(world)
        source, delivery = survey_of(world)
        reminded = [*asked(world, leo, lena, KEY)]
        ada = browser(world, "Ada Administrator", Role.OWNER, administrator=True)
        ending = browser(world, "Eve Ending")
        changed, removed = (staff_id(browser(world, name, Role.ANALYST)) for name in ("Mia Member", "Rex"))
    engine.dispose()

    def only(operation: str, token: str, **more: Any) -> dict[str, Any]:
        return {"include-name": operation, "headers": {"Authorization": f"Bearer {token}"}, **more}

    tokens = {
        "staffToken": {"bearer": world.olivia.token},
        "staffCookie": {"api_key": ada.token},
        "participantToken": {"bearer": leo.token},
    }
    return {
        "auth": {"openapi": tokens},
        "headers": OURS,  # a browser's own header, which no document can ask for
        "parameters": {
            "study_id": str(world.study_id),
            "key": KEY,
            "path.source_id": source,
            "path.delivery_id": delivery,
        },
        "operations": [
            *reminded,
            # What was set by hand stays when the fuzzer leaves its own credentials out.
            {
                "include-name": "DELETE /v1/staff/session",
                "headers": ending.headers,
                "checks": {"ignored_auth": _OFF, "negative_data_rejection": _OFF},
            },
            {"include-name": "PATCH /v1/staff/{staff_id}", "parameters": {"staff_id": changed}},
            *(
                only(f"{method} {MEMBER}", world.olivia.token, parameters={"staff_id": who})
                for method, who in (("PUT", changed), ("DELETE", removed))
            ),
            *(
                only(f"{method} {REVIEW}/{path}", world.olivia.token, parameters=ids)
                for method, path, ids in (
                    ("GET", "{text_id}", {"text_id": texts[0]}),
                    ("POST", "{text_id}", {"text_id": texts[0]}),
                    ("POST", "{text_id}/sign-off", {"text_id": texts[1]}),
                    ("DELETE", "terms/{term_id}", {"term_id": term}),
                )
            ),
            only("DELETE /v1/session", leaving.token),
            only("DELETE /v1/me/devices/{device_id}", lena.token),
            only("GET /v1/entries/{entry_id}", lena.token, parameters={"entry_id": kept}),
            only("POST /v1/me/withdrawal", withdrawing.token),
            *(
                only(
                    operation,
                    world.olivia.token,
                    parameters={"participant_id": str(telephoning.participant_id)},
                )
                for operation in (f"POST {PARTICIPANT}/withdrawal", f"GET {PARTICIPANT}/withdrawals")
            ),
            only(
                "POST /v1/studies/{study_id}/status",
                other.olivia.token,
                parameters={"study_id": str(other.study_id)},
            ),
            # A study with an agreement makes releases under agreements only.
            *(
                only(operation, other.olivia.token, parameters={"study_id": str(other.study_id)})
                for operation in (
                    "POST /v1/studies/{study_id}/agreements",
                    "POST /v1/studies/{study_id}/agreements/{agreement_id}/end",
                )
            ),
            # One bad operation blocks no other: a sync answers 200 and says inside what became of each.
            {"include-name": "POST /v1/sync", "checks": {"negative_data_rejection": _OFF}},
            # Conditions nest in each other: their boundary values are without number. The other phases remain.
            {
                "include-name": "POST /v1/studies/{study_id}/instruments",
                "phases": {"coverage": _OFF},
            },
        ],
    }


def texts_of(world: World) -> tuple[list[str], str]:
    """Return two texts, of which Rita has reviewed the second, and a term."""
    refresh.catch_up(world.engine, world.settings, world.study_id)
    rita, path = world.staff("Rita Reviewer", Role.REVIEWER), f"{world.path}/review"
    first, second = (text["id"] for text in rita.get(path).json()["texts"][:2])
    reviewed = rita.post(f"{path}/{second}", {"state": "reviewed", "version": 1, "seen": 0})
    assert reviewed.status_code == 200, reviewed.text
    term = rita.post(f"{path}/terms", {"kind": "person", "text": "Ann Archer"}).json()
    return [first, second], term["id"]


def survey_of(world: World) -> tuple[str, str]:
    """Return a source, and what was posted to it."""
    desk = Desk(world)
    assert desk.post(answered("AAAA-BBBB-CCCC")).status_code == 200
    desk.work()
    return desk.source.id, str(desk.deliveries()[0].id)


Look = Callable[[Any, Any], str | None]
"""Says what is wrong with a case and its response, beside what schemathesis finds, if anything."""


def fuzz(
    url: str, given: dict[str, Any], *, examples: int = EXAMPLES, look: Look = lambda *_: None
) -> Findings:
    """Run every phase over the committed document."""
    wanted = given | {
        "seed": SEED,
        "base-url": url,
        "continue-on-failure": True,
        "cache": {"enabled": False},
        # No schema can say what an instrument asks, or which code was given out: a sound body may be refused.
        "checks": {
            "positive_data_acceptance": _OFF,
            "negative_data_rejection": {"expected-statuses": _REFUSED},
        }
        | given.get("checks", {}),
        "generation": {
            "max-examples": examples,
            "deterministic": True,
            "database": "none",
            "no-shrink": True,
        },
    }
    workbooks.give()
    schema = schemathesis.openapi.from_path(DOCUMENT, config=SchemathesisConfig.from_dict(wanted))
    found = Findings()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(found, event.recorder, look)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.errors.append(str(event))
    return found


def _note(found: Findings, recorder: Any, look: Look) -> None:
    for case_id, interaction in recorder.interactions.items():
        operation = recorder.cases[case_id].value.operation.label
        if interaction.response is not None:
            found.statuses.setdefault(operation, Counter())[interaction.response.status_code] += 1
            if said := look(recorder.cases[case_id].value, interaction.response):
                found.failures.append(f"{operation}: {said}")
        for check in recorder.checks.get(case_id, []):
            found.checks[check.name] += 1
            if check.failure_info is not None and not _was_pinned(check.failure_info.failure.message):
                found.failures.append(f"{operation}: {check.name}: {check.failure_info.failure.message}")


def _was_pinned(message: str) -> bool:
    """Say whether a value is blamed that was never sent, as the pinned one took its place."""
    return any(f"parameter `{name}` in path" in message for name in PINNED)
