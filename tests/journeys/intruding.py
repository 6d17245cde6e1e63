"""Lets schemathesis loose with several identities: each must get nothing of the others'."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.core import db
from api.core.config import Settings
from api.main import create_app
from tests.access.sweep import UUIDS
from tests.access.tenant import Tenant
from tests.journeys.fuzzing import DOCUMENT, Findings, fuzz

EXAMPLES = 5
_OFF = {"enabled": False}
# What ends a session, a participation or a study would end the run.
_ENDS = {
    "DELETE /v1/session",
    "DELETE /v1/staff/session",
    "DELETE /v1/me/devices/{device_id}",
    "POST /v1/me/withdrawal",
    "POST /v1/studies/{study_id}/status",
}
ACCESS_CHECKS = (
    "ignored_auth",
    "object_level_authorization",
    "use_after_free",
    "ensure_resource_availability",
    "not_a_server_error",
)


@contextmanager
def two_tenants(settings: Settings) -> Iterator[tuple[Tenant, Tenant]]:
    """Fill an empty database with two tenants."""
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        ours, theirs = (Tenant(client, engine, settings, title) for title in ("Ours", "Theirs"))
    yield ours, theirs
    engine.dispose()


def as_peers(url: str, folder: Path, peers: dict[str, str], scheme: str) -> Findings:
    """Try every operation that a kind of credential opens, as peers of whom none may see another's objects."""
    entries = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token}"}]}
        for name, token in peers.items()
    ]
    path = folder / f"{scheme}.json"
    path.write_text(json.dumps({"auth": entries}))
    given = {
        "auth": {"wfc": {"path": str(path), "peers": list(peers)}},
        "phases": {"coverage": _OFF, "examples": _OFF},  # boundary values say nothing of access
        "operations": _only(scheme),
        "checks": {"enabled": False} | {name: {"enabled": True} for name in ACCESS_CHECKS},
    }
    return fuzz(url, given, examples=EXAMPLES)


def as_intruder(url: str, headers: dict[str, str], scheme: str, victim: Tenant) -> Findings:
    """Try every operation that a kind of credential opens, with another tenant's ids wherever a path takes one."""
    pinned = victim.of_staff | victim.leo.ids | {"study_id": str(victim.study_id)}
    secret = {str(one) for one in victim.objects}

    def look(case: Any, response: Any) -> str | None:
        sent = f"{case.path_parameters} {case.query} {case.body}"
        names = [name for name in pinned if f"{{{name}}}" in case.operation.path]
        if names and response.status_code < 300:
            return f"{response.status_code} for another's {names}"
        told = {one for one in set(UUIDS.findall(response.text)) & secret if one not in sent}
        return f"told of another's {told}" if told else None

    given = {
        "headers": headers,
        "parameters": pinned,
        "phases": {"coverage": _OFF, "examples": _OFF, "stateful": _OFF},
        "operations": _only(scheme),
        "checks": {"enabled": False, "not_a_server_error": {"enabled": True}},
    }
    return fuzz(url, given, examples=EXAMPLES, look=look)


def _only(scheme: str) -> list[dict[str, Any]]:
    paths = json.loads(DOCUMENT.read_text())["paths"]
    closed = _ENDS | {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method, operation in methods.items()
        if not any(scheme in one for one in operation.get("security", ()))
    }
    return [{"include-name": one, "enabled": False} for one in sorted(closed)]
