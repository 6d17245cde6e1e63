"""Every change records exactly one event, every read none, at every route of the application."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from api.audit.models import AuditEvent
from api.auth.verbs import Role
from api.core import db
from api.core.config import Settings
from tests.access.tenant import Tenant
from tests.audit.changes import CHANGES, NOBODYS, OFF, READS
from tests.auth.people import OURS, person, staff_id
from tests.meta.bodies import carried
from tests.meta.routing import routes, table
from tests.meta.shape import contents

AUDIT = {"audit_event", "audit_seal"}
WHO = table()


@pytest.fixture
def tenant(client: TestClient, engine: Engine, settings: Settings) -> Tenant:
    """A full study with its people."""
    return Tenant(client, engine, settings)


class Callers:
    """Somebody of each kind, made anew: a leader with a diary, and Nora with her browser and all rights."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.leo = tenant, tenant.person()
        self.nora = person(tenant, "Nora New", Role.OWNER, administrator=True)
        self.browser = self.nora.signs_in()
        self.leo.ids |= tenant.staff_ids(UUID(staff_id(self.browser)))

    def ask(self, route: str, body: Any = None, **ids: str) -> Any:
        """Send a sound request as the one who may."""
        method, path = route.split(" ")
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        self.tenant.client.cookies.clear()
        address = self.tenant.address(path, self.leo)
        sent = carried(body)
        headers = sent.pop("headers", {}) | self._headers(WHO[route])
        return self.tenant.client.request(method, address, headers=headers, **sent)

    def _headers(self, who: str) -> dict[str, str]:
        if who in {"staff session", "staff administrator"}:
            return self.browser.headers
        if who.startswith("staff"):
            return self.tenant.olivia.headers
        return OURS if who == "public" else self.leo.leader.headers


def events(engine: Engine) -> list[AuditEvent]:
    with db.reading(engine) as session:
        found = session.exec(select(AuditEvent)).all()
        session.expunge_all()
    return list(found)


def state(engine: Engine) -> dict[str, list[str]]:
    return {name: rows for name, rows in contents(engine).items() if name not in AUDIT}


def test_every_route_that_changes_something_says_which_event_it_records(client: TestClient) -> None:
    app: Any = client.app
    changing = {route for route in routes(app) if not route.startswith("GET ")}
    assert len(changing) > 20
    assert changing - CHANGES.keys() == set(), (
        "say in tests/audit/changes.py which event each of these records"
    )
    assert CHANGES.keys() - changing == set()
    assert READS.keys() <= routes(app).keys()
    assert [route for route, change in CHANGES.items() if not change.event and not change.because] == []


def test_a_new_route_without_a_line_is_found() -> None:
    router = APIRouter(prefix="/v1")
    router.post("/studies/{study_id}/party")(lambda: None)
    assert routes(router).keys() - CHANGES.keys() == {"POST /v1/studies/{study_id}/party"}


def test_every_change_records_exactly_one_event_of_its_name(tenant: Tenant) -> None:
    for route, change in CHANGES.items():
        callers = Callers(tenant)
        body = change.body(tenant, callers.nora) if change.body else tenant.body(route)
        known, before = {event.id for event in events(tenant.engine)}, state(tenant.engine)
        answer = callers.ask(route, body, **change.ids(tenant))
        assert answer.status_code == change.refused or answer.status_code < 300, (route, answer.text)
        assert (state(tenant.engine) != before) == change.changes, f"{route} changed nothing"
        new = [event for event in events(tenant.engine) if event.id not in known]
        assert [event.event for event in new] == ([change.event] if change.event else []), route
        for event in new:
            assert event.request_id == answer.headers["x-request-id"], route
            assert event.study_id == tenant.study_id or "{study_id}" not in route, route
            assert event.actor_kind in event.event.actors, route
            assert event.actor_id or event.actor_kind == "anonymous", route


def test_no_read_records_anything_except_that_a_copy_was_taken(tenant: Tenant) -> None:
    reads, callers = [route for route in WHO if route.startswith("GET ")], Callers(tenant)
    assert len(reads) > 15
    for route in reads:
        known, before = {event.id for event in events(tenant.engine)}, state(tenant.engine)
        answer = callers.ask(route)
        assert answer.status_code < 300 or (route in OFF | NOBODYS and answer.status_code == 404), (
            route,
            answer.text,
        )
        after = state(tenant.engine)
        if route in NOBODYS:  # a guess, which is counted
            before["attempt"] = after["attempt"]
        assert after == before, route
        new = [event.event for event in events(tenant.engine) if event.id not in known]
        assert new == ([READS[route]] if route in READS else []), route
