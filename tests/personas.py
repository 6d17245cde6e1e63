"""The people of the tests: Olivia owns the study, Ana analyses, Leo leads a place, a stranger knocks."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.audit.service import OPERATOR
from api.auth import service as auth
from api.auth.verbs import Role, Verb
from api.core import clock, db
from api.core.config import Settings
from api.core.ids import new_id
from api.instruments import shipped
from api.studies import service as studies
from schemas.study import StudyCreate, StudyStatus
from scripts.cli.documents import CONSENT, INFORMATION

DECISION: dict[str, Any] = {
    "setting": "scheduled_meeting",
    "others_involved": ["council", "university"],
    "headline": "Whether to pool the skills budget with two neighbouring councils",
    "decision_status": "made",
    "decision_kind": "money_or_budget",
    "lpip_theme": ["skills"],
    "phase": "recovery",
    "confidence": 70,
    "review_after": "30d",
}
PROFILE: dict[str, Any] = {
    "sector": "local_gov",
    "country": "england",
    "role_tier": "chief_executive_or_equivalent",
    "leader_status": "current",
}


def entry_body(answers: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An entry as a phone sends it."""
    now = clock.now().replace(microsecond=0)
    return {
        "instrument": "place_leadership_diary",
        "version": 1,
        "kind": "decision",
        "answers": DECISION if answers is None else answers,
        "happened_at": (now - timedelta(hours=1)).isoformat(),
        "made_at": now.isoformat(),
        "time_zone": "Europe/London",
        "utc_offset": 0,
        "local_date": now.date().isoformat(),
        "client": {"name": "test", "version": "1"},
    } | changes


@dataclass
class Caller:
    """Somebody with a token."""

    client: TestClient
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(path, headers=self.headers | kwargs.pop("headers", {}), **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        return self.client.post(path, json=json, headers=self.headers, **kwargs)

    def put(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        return self.client.put(path, json=json, headers=self.headers | kwargs.pop("headers", {}), **kwargs)

    def patch(self, path: str, json: Any = None) -> Any:
        return self.client.patch(path, json=json, headers=self.headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(path, headers=self.headers)


@dataclass
class Leader(Caller):
    """A participant on a phone."""

    participant_id: UUID = field(default_factory=new_id)
    refresh_token: str = ""
    device_id: str = ""

    def keeps(
        self, entry_id: UUID | None = None, answers: dict[str, Any] | None = None, **changes: Any
    ) -> Any:
        """Put an entry."""
        return self.put(f"/v1/entries/{entry_id or new_id()}", entry_body(answers, **changes))


class World:
    """A study that is open, and who acts in it."""

    def __init__(
        self, client: TestClient, engine: Engine, settings: Settings, title: str = "Place leadership"
    ) -> None:
        self.client, self.engine, self.settings = client, engine, settings
        with db.transaction(engine) as session:
            study = studies.create(session, OPERATOR, StudyCreate(title=title))
            shipped.publish_all(session, OPERATOR, study.id)
            for document in (INFORMATION, CONSENT):
                studies.publish_document(session, OPERATOR, study.id, document)
            studies.change_status(session, OPERATOR, study, StudyStatus.OPEN)
        self.study_id = study.id
        self.path = f"/v1/studies/{study.id}"
        self.olivia = self.staff("Olivia Owner", Role.OWNER)
        self.ana = self.staff("Ana Analyst", Role.ANALYST)

    def staff(self, name: str, role: Role, verbs: list[Verb] | None = None) -> Caller:
        """Add a member of staff with a role and a token."""
        email = f"{name.lower().replace(' ', '.')}.{new_id().hex[-6:]}@example.org"
        with db.transaction(self.engine) as session:
            person = auth.add_staff(session, OPERATOR, email, name)
            auth.set_role(session, OPERATOR, self.study_id, person.id, role)
            _, secret = auth.create_token(session, OPERATOR, person, self.study_id, "test", verbs or [], 1)
        return Caller(self.client, secret)

    def invite(self) -> str:
        """Return a fresh invitation code."""
        made = self.olivia.post(f"{self.path}/invitations", {"count": 1})
        assert made.status_code == 201, made.text
        return str(made.json()[0]["code"])

    def join(self, profile: dict[str, Any] | None = None, *, sharing: bool = True) -> Leader:
        """Let a new leader join, consent and fill in a profile."""
        code = self.invite()
        statements = {"read": True, "take_part": True, "share": sharing}
        body = {
            "code": code,
            "attempt": str(new_id()),
            "consent": {"document_version": 1, "statements": statements},
        }
        joined = self.client.post("/v1/join", json=body)
        assert joined.status_code == 201, joined.text
        found = joined.json()
        leader = Leader(
            self.client,
            found["session"]["access_token"],
            UUID(found["participant_id"]),
            found["session"]["refresh_token"],
            found["session"]["device_id"],
        )
        if profile is None or profile:
            stored = leader.put("/v1/me/profile", {"answers": PROFILE if profile is None else profile})
            assert stored.status_code == 200, stored.text
        return leader
