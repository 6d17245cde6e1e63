"""Lets schemathesis loose on a running server, with credentials for every operation of the committed document."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.core import db
from api.core.config import Settings
from api.main import create_app
from tests.personas import World

DOCUMENT = Path(__file__).parents[2] / "schemas" / "openapi.json"
SEED = 20261122
EXAMPLES = 15


@dataclass
class Findings:
    """What a run tried and what it found."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

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
        leo, leaving, withdrawing = world.join(), world.join(), world.join()
        leo.keeps()
    engine.dispose()

    def only(operation: str, token: str, **more: Any) -> dict[str, Any]:
        return {"include-name": operation, "headers": {"Authorization": f"Bearer {token}"}, **more}

    tokens = {"staffToken": {"bearer": world.olivia.token}, "participantToken": {"bearer": leo.token}}
    return {
        "auth": {"openapi": tokens},
        "parameters": {"study_id": str(world.study_id), "key": "place_leadership_diary"},
        "operations": [
            only("DELETE /v1/session", leaving.token),
            only("POST /v1/me/withdrawal", withdrawing.token),
            only(
                "POST /v1/studies/{study_id}/status",
                other.olivia.token,
                parameters={"study_id": str(other.study_id)},
            ),
        ],
    }


def fuzz(url: str, given: dict[str, Any]) -> Findings:
    """Run every phase over the committed document."""
    wanted = given | {
        "seed": SEED,
        "base-url": url,
        "continue-on-failure": True,
        "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
    }
    schema = schemathesis.openapi.from_path(DOCUMENT, config=SchemathesisConfig.from_dict(wanted))
    found = Findings()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(found, event.recorder)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.errors.append(str(event))
    return found


def _note(found: Findings, recorder: Any) -> None:
    for case_id, interaction in recorder.interactions.items():
        operation = recorder.cases[case_id].value.operation.label
        if interaction.response is not None:
            found.statuses.setdefault(operation, Counter())[interaction.response.status_code] += 1
        for check in recorder.checks.get(case_id, []):
            if check.failure_info is not None:
                found.failures.append(f"{operation}: {check.name}: {check.failure_info.failure}"[:1500])
