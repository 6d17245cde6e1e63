"""Olivia runs a study: she opens it with its documents, pauses it and closes it for good."""

from typing import Any

import pytest
from sqlmodel import col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.audit.service import OPERATOR
from api.auth.verbs import Role
from api.core import db
from api.studies import service as studies
from schemas.study import DocumentKind, StudyCreate
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import World

INFORMATION = {"kind": "information", "text": {"en": "What it is about."}}
SHARE = {"key": "share", "text": {"en": "Share."}, "required": False, "purpose": "sharing"}
CONSENT: dict[str, Any] = {"kind": "consent", "text": {"en": "Read."}, "statements": [SHARE]}


@pytest.fixture
def draft(world: World) -> World:
    """The same people and a study that is still a draft."""
    with db.transaction(world.engine) as session:
        study = studies.create(session, OPERATOR, StudyCreate(title="Draft"))
    world.study_id, world.path = study.id, f"/v1/studies/{study.id}"
    world.olivia = world.staff("Olga Owner", Role.OWNER)
    return world


def open_(world: World) -> Any:
    return world.olivia.post(f"{world.path}/status", {"status": "open"})


def events(world: World) -> list[str]:
    with db.reading(world.engine) as session:
        found = session.exec(
            select(AuditEvent).where(AuditEvent.study_id == world.study_id).order_by(col(AuditEvent.id))
        ).all()
    return [row.event.value for row in found]


def test_a_study_opens_only_with_its_documents(draft: World) -> None:
    steps = [
        (None, "Publish an information sheet first."),
        (INFORMATION, "Publish a consent form first."),
        (
            CONSENT | {"statements": []},
            "The consent form needs a statement about sharing de-identified data.",
        ),
    ]
    for document, sentence in steps:
        if document:
            assert draft.olivia.post(f"{draft.path}/documents", document).status_code == 201
        with nothing_stored(draft.engine):
            assert refused(open_(draft), 409, "study-not-ready")["detail"] == sentence
            assert draft.olivia.get(draft.path).json()["status"] == "draft"
    draft.olivia.post(f"{draft.path}/documents", CONSENT)
    opened = open_(draft)
    assert (opened.status_code, opened.json()["status"]) == (200, "open")
    assert opened.json()["opened_at"]


def test_a_second_click_changes_nothing_and_reopening_keeps_the_first_day(world: World) -> None:
    first = world.olivia.get(world.path).json()
    with nothing_stored(world.engine):
        assert open_(world).json() == first
    assert world.olivia.post(f"{world.path}/status", {"status": "paused"}).json()["status"] == "paused"
    assert open_(world).json() == first
    assert events(world)[-2:] == ["study.paused", "study.opened"]


def test_a_closed_study_stays_closed(world: World) -> None:
    closed = world.olivia.post(f"{world.path}/status", {"status": "closed"}).json()
    assert closed["closed_at"]
    with nothing_stored(world.engine):
        for status in ("open", "paused"):
            refused(world.olivia.post(f"{world.path}/status", {"status": status}), 409, "conflict")
        assert world.olivia.post(f"{world.path}/status", {"status": "closed"}).json() == closed
        refused(world.olivia.post(f"{world.path}/status", {"status": "draft"}), 422, "invalid")


def test_a_study_is_changed_in_what_may_change(world: World) -> None:
    changed = world.olivia.patch(world.path, {"title": "New", "edit_window_hours": 0})
    assert changed.status_code == 200
    found = world.olivia.get(world.path).json()
    assert (found["title"], found["edit_window_hours"]) == ("New", 0)
    assert events(world)[-1] == "study.updated"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": 7}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": "nul\x00"}, "/title"),
        ({"status": "open"}, "/status"),
        ({"id": "018f4c1e-7a3b-7c4d-8e5f-0123456789ab"}, "/id"),
        ({"edit_window_hours": -1}, "/edit_window_hours"),
        ({"edit_window_hours": 10**20}, "/edit_window_hours"),
    ],
)
def test_a_wrong_change_is_refused_whole(world: World, change: dict[str, Any], pointer: str) -> None:
    with nothing_stored(world.engine):
        body = refused(world.olivia.patch(world.path, {"title": "New"} | change), 422, "invalid")
    assert pointers(body) == {pointer}


def test_a_change_is_stored_once_and_what_changes_nothing_leaves_no_trace(world: World) -> None:
    change = {"title": "Another", "edit_window_hours": 7}
    changed = world.olivia.patch(world.path, change).json()
    assert (changed["title"], changed["edit_window_hours"]) == ("Another", 7)
    with nothing_stored(world.engine):
        for nothing in (change, {"title": "Another"}, {"title": None}, {}):
            assert world.olivia.patch(world.path, nothing).json() == changed
    with db.reading(world.engine) as session:
        events = session.exec(select(AuditEvent.event).where(AuditEvent.study_id == world.study_id)).all()
    assert events.count(Event.STUDY_UPDATED) == 1


def test_a_lone_surrogate_is_refused(world: World) -> None:
    with nothing_stored(world.engine):
        answer = world.client.patch(world.path, content=b'{"title":"\\ud800"}', headers=world.olivia.headers)
        refused(answer, 422, "invalid")


def test_documents_are_versioned_and_the_latest_is_shown(world: World) -> None:
    first = world.olivia.get(f"{world.path}/documents").json()
    assert {(one["kind"], one["version"]) for one in first} == {("information", 1), ("consent", 1)}
    made = world.olivia.post(f"{world.path}/documents", CONSENT)
    assert (made.status_code, made.json()["version"]) == (201, 2)
    latest = {one["kind"]: one for one in world.olivia.get(f"{world.path}/documents").json()}
    assert latest["consent"]["statements"] == [SHARE]
    assert (latest["consent"]["version"], latest["information"]["version"]) == (2, 1)
    with db.reading(world.engine) as session:
        form = studies.consent_form(session, world.study_id)
        assert form is not None
        assert form.kind == DocumentKind.CONSENT
        assert studies.sharing_statements(session, world.study_id) == {1: {"share"}, 2: {"share"}}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "poster", "text": {"en": "x"}},
        {"kind": "consent", "text": "x"},
        {"kind": "consent", "text": {"English": "x"}},
        {"kind": "consent", "text": {"en": "nul\x00"}},
        {"kind": "consent", "text": {"en": "x" * 20_001}},
        {"kind": "consent", "text": {"en": "x"}, "version": 9},
        {"kind": "consent", "text": {"en": "x"}, "statements": [SHARE] * 31},
        {"kind": "consent", "text": {"en": "x"}, "statements": [SHARE | {"purpose": "selling"}]},
    ],
)
def test_a_wrong_document_is_refused(world: World, wrong: dict[str, Any]) -> None:
    with nothing_stored(world.engine):
        refused(world.olivia.post(f"{world.path}/documents", wrong), 422, "invalid")


def test_a_member_sees_her_studies_and_an_outsider_none_of_them(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    assert [study["title"] for study in world.ana.get("/v1/studies").json()] == ["Place leadership"]
    assert [study["title"] for study in other.ana.get("/v1/studies").json()] == ["Another study"]
    with nothing_stored(world.engine):
        refused(other.olivia.patch(world.path, {"title": "Mine"}), 404, "not-found")
        refused(other.olivia.post(f"{world.path}/status", {"status": "closed"}), 404, "not-found")
        refused(other.olivia.post(f"{world.path}/documents", INFORMATION), 404, "not-found")
        refused(other.olivia.get(f"{world.path}/documents"), 404, "not-found")
