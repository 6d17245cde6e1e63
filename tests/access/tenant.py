"""A full tenant: a study that holds every kind of object, and real ids for every address."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, Uuid, select
from sqlmodel import Session, SQLModel
from sqlmodel import select as sql_select

from api.audit.service import OPERATOR
from api.auth import factors, inviting, sessions, staff_sessions
from api.auth import service as auth
from api.auth.account_models import StaffIdentity, StaffSession
from api.auth.inviting import Offer
from api.auth.verbs import Role
from api.core import clock, crypto, db
from api.core.ids import new_id
from api.core.jobs import JobContext
from api.participants.models import MailedCode
from api.prompts import service as prompts
from api.prompts.models import (
    Prompt,
    PromptPlan,
    PromptSchedule,
    PromptSending,
    PromptTrigger,
    PushSubscription,
)
from api.releases import build
from api.releases.review import refresh
from api.releases.review.models import ReviewTerm, TextReview
from schemas.reminders import ChannelName
from schemas.review import Kind, TextState
from tests.auth.people import Browser, accepts, becomes, invited
from tests.auth.people import Person as StaffPerson
from tests.meta.bodies import ATTEMPT, BODIES, CONSENT, TINY
from tests.personas import PROFILE, Leader, World, entry_body
from tests.prompts.asking import just_sent
from tests.webhooks.desk import Desk, answered

SHARERS = 8  # the fewest of whom a release shows anybody
_PLACES = {
    "key": "place_leadership_diary",
    "version": "1",
    "kind": "decision",
    "number": "1",
    "name": "entries.csv",
    "tier": "safeguarded",
    "attribute": "sector",
    "token": "dbh_nothing",
}


@dataclass
class Person:
    """A leader, and the ids of what is theirs."""

    leader: Leader
    ids: dict[str, str] = field(default_factory=dict)


class Tenant(World):
    """A study with participants, devices, entries, tombstones, prompts, drafts, invitations and a release."""

    def __init__(self, *given: Any) -> None:
        before = stored_ids(given[1])
        super().__init__(*given)
        self.ask()
        self.leo, self.lena = self.resident(), self.resident()
        for _ in range(SHARERS - 2):
            self.join().keeps()
        self.join({}).post("/v1/me/withdrawal", {"scope": "erase"})
        self.open_code = self.invite()
        self.rita = self.staff("Rita Reviewer", Role.REVIEWER)
        self.of_staff = self.staff_ids() | {"text_id": self.review(), "agreement_id": self.agree()}
        self.of_staff |= self.survey()
        self.nia = becomes(self, invited(self, "Nia New"))
        self.sina = self.browser(Role.OWNER)
        self.key = f"ours_{new_id().hex[-12:]}"
        for version in (1, 2):
            drafted = self.olivia.post(
                f"{self.path}/instruments", TINY | {"key": self.key, "version": version}
            )
            assert drafted.status_code == 201, drafted.text
        self.olivia.post(f"{self.path}/instruments/{self.key}/1/publish")
        self.decide()
        self.etag = self.release()
        self.objects = {one: kind for one, kind in stored_ids(self.engine).items() if one not in before}

    def ask(self) -> None:
        """Give the study a schedule; it is called as the instrument, so that both are at the same {key}."""
        put = "PUT /v1/studies/{study_id}/schedules/{key}"
        made = self.olivia.put(f"{self.path}/schedules/{_PLACES['key']}", BODIES[put])
        assert made.status_code == 200, made.text

    def decide(self) -> None:
        """Give the study a disclosure policy and a hierarchy of its own; sound requests ask for others."""
        usual = self.olivia.get(f"{self.path}/disclosure/safeguarded").json()
        assert self.olivia.put(f"{self.path}/disclosure/safeguarded", usual).status_code == 200
        table = self.olivia.get(f"{self.path}/hierarchies/country").text
        assert self.olivia.put(f"{self.path}/hierarchies/country", table).status_code == 200

    def agree(self) -> str:
        """Record the agreement that the release needs, and one with somebody else; return the id of the latter."""
        sound = BODIES["POST /v1/studies/{study_id}/agreements"] | {"reference": "DSA-1"}
        for recipient in ("Dr Researcher", "Prof Other"):
            made = self.olivia.post(f"{self.path}/agreements", sound | {"recipient": recipient})
            assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def release(self) -> str:
        """Publish a release; return the ETag of one of its files."""
        asked = self.olivia.post(f"{self.path}/releases", BODIES["POST /v1/studies/{study_id}/releases"])
        build.build(JobContext(self.settings, "test"), asked.json()["id"])
        made = self.olivia.get(asked.headers["Location"]).json()
        assert made["status"] == "published", made
        return next(f'"{file["sha256"]}"' for file in made["files"] if file["name"] == "entries.csv")

    def review(self) -> str:
        """Let Rita clear a text, with a piece replaced; return its id."""
        refresh.catch_up(self.engine, self.settings, self.study_id)
        text = self.rita.get(f"{self.path}/review").json()["texts"][0]
        piece = {"start": 0, "end": 7, "kind": "other", "placeholder": "[OTHER-A]"}
        body = {"state": "reviewed", "version": text["version"], "seen": 0, "spans": [piece]}
        assert self.rita.post(f"{self.path}/review/{text['id']}", body).status_code == 200
        return str(text["id"])

    def survey(self) -> dict[str, str]:
        """Let Leo answer at a survey tool, once so that it is an entry and once so that it is quarantined."""
        desk = Desk(self)
        code = desk.code(self.leo.leader)
        for mood in ("I am well", "I am lost"):
            assert desk.post(answered(code, mood)).status_code == 200
        assert desk.work() == 2
        assert desk.statuses() == ["processed", "quarantined"]
        return {"source_id": desk.source.id, "delivery_id": str(desk.deliveries()[1].id)}

    def browser(self, role: Role) -> Browser:
        """Return a browser in which a member of staff is signed in, with a second factor shown for a day to come."""
        with db.transaction(self.engine) as session:
            person = auth.add_staff(session, OPERATOR, f"sina.{new_id()}@example.org", "Sina")
            auth.set_role(session, OPERATOR, self.study_id, person.id, role)
            secret = staff_sessions.start(session, person.id)
            mine = session.exec(sql_select(StaffSession).where(StaffSession.staff_id == person.id)).one()
            mine.stepped_up_at += timedelta(days=1)
        return Browser(self.client, secret)

    def staff_ids(self, caller: UUID | None = None) -> dict[str, str]:
        """Return ids of a member, an invitation, and a session and a token of the caller or else of that member."""
        with db.transaction(self.engine) as session:
            member = auth.add_staff(session, OPERATOR, f"mia.{new_id()}@example.org", "Mia Member")
            auth.set_role(session, OPERATOR, self.study_id, member.id, Role.ANALYST)
            offer = Offer(f"nia.{new_id()}@example.org", self.study_id, Role.ANALYST)
            invitation = inviting.invite(session, OPERATOR, offer, 1)
            theirs = StaffSession(
                staff_id=caller or member.id,
                secret_hash=new_id().hex,
                expires_at=clock.now() + timedelta(hours=1),
            )
            token, _ = auth.create_token(session, OPERATOR, member, self.study_id, "R", [], 1)
            token.staff_id = caller or member.id
            identity = StaffIdentity(
                staff_id=member.id, issuer="https://login.example.org", subject=str(member.id)
            )
            term = ReviewTerm(study_id=self.study_id, kind=Kind.PLACE, text=f"Place {new_id()}")
            session.add_all([theirs, identity, term])
        found = {"staff_id": member.id, "invitation_id": invitation.id, "term_id": term.id}
        found |= {"session_id": theirs.id, "token_id": token.id}
        return {name: str(value) for name, value in found.items()}

    def person(self, profile: dict[str, Any] | None = None) -> Person:
        """Let somebody join on two phones, write an entry and be asked for another."""
        leader = self.join(profile or {})
        with db.transaction(self.engine) as session:
            tablet = sessions.start(session, self.settings, leader.participant_id, self.study_id, "Tablet")
        ids = {"entry_id": leader.keeps().json()["id"], "device_id": str(tablet.device_id)}
        ids |= {"prompt_id": str(self.prompt(leader).id)}
        return Person(leader, ids | {"participant_id": str(leader.participant_id)})

    def resident(self) -> Person:
        """Let somebody do everything that a leader can: a profile, contact data, reminders, a deleted entry."""
        person = self.person(PROFILE)
        leader, gone = person.leader, new_id()
        assert leader.keeps(gone).status_code == 201
        assert leader.delete(f"/v1/entries/{gone}").status_code == 204
        assert leader.put("/v1/me/contact", BODIES["PUT /v1/me/contact"]).status_code == 204
        assert leader.put("/v1/me/reminders", BODIES["PUT /v1/me/reminders"]).status_code == 200
        assert leader.post("/v1/me/device-code").status_code == 201
        person.ids |= {"tombstone": str(gone)}
        return person

    def prompt(self, leader: Leader) -> Prompt:
        """Ask a leader for a decision, just now."""
        prompt = just_sent(self.study_id, leader.participant_id, "decision")
        with db.transaction(self.engine) as session:
            prompts.add(session, [prompt])
            session.add_all(self.reminded(session, leader, prompt))
        return prompt

    def reminded(self, session: Session, leader: Leader, prompt: Prompt) -> Iterator[SQLModel]:
        """Yield the rows that reminding somebody leaves: a plan, a sending, and what waits to be looked at."""
        who, now = leader.participant_id, clock.now()
        schedule = session.exec(
            sql_select(PromptSchedule).where(PromptSchedule.study_id == self.study_id)
        ).one()
        yield PromptPlan(
            participant_id=who,
            schedule_id=schedule.id,
            next_on=now.date(),
            schedule_version=1,
            reminders_version=1,
        )
        yield PromptSending(
            prompt_id=prompt.id,
            participant_id=who,
            channel=ChannelName.EMAIL,
            step=0,
            state="sent",
            claim=new_id(),
            claimed_at=now,
        )
        yield PromptTrigger(entry_id=new_id(), study_id=self.study_id, participant_id=who)
        yield MailedCode(study_id=self.study_id, participant_id=who)
        yield PushSubscription(
            participant_id=who,
            device_id=new_id(),
            endpoint_hash=new_id().hex,
            wrapped_key=crypto.new_wrapped_key(self.settings.master_keys),
            sealed=b"",
            retired_at=now,
        )

    def address(self, path: str, person: Person) -> str:
        """Fill a path with ids that exist: of the study, and of this person."""
        if path.startswith(("/app/", "/icons/")):
            return path.format(build=_build(self.client), path="main.js", name="192.png")
        known = _PLACES | self.of_staff | person.ids | {"study_id": str(self.study_id)}
        for name in re.findall(r"{(\w+)}", path):
            assert name in known, f"{path}: say in tests/access/tenant.py what {name} is in a full tenant"
            path = path.replace(f"{{{name}}}", known[name])
        return path

    def body(self, route: str, *, let_in: bool = True) -> Any:
        """Return a body that succeeds; to make one must not change what a refusal leaves alone."""
        live = route in LIVE and (let_in or route not in STORES)
        return LIVE[route](self) if live else BODIES.get(route)


def stored_ids(engine: Engine) -> dict[UUID, str]:
    """Return every id in every table, with the column that it is in: where it names a row, if it does."""
    columns = [
        (table.name, column)
        for table in db.metadata().sorted_tables
        for column in table.columns
        if isinstance(column.type, Uuid)
    ]
    found: dict[UUID, str] = {}
    with engine.execution_options(reads_only=True).connect() as connection:
        for table, column in sorted(
            columns, key=lambda one: (not one[1].primary_key, bool(one[1].foreign_keys))
        ):
            values = connection.execute(select(column).distinct().where(column.is_not(None)))
            for one in values.scalars():
                found.setdefault(one, f"{table}.{column.name}")
    return found


def _build(client: TestClient) -> str:
    assert isinstance(client.app, FastAPI)
    return str(client.app.state.shell.build)


def _join(tenant: Tenant) -> dict[str, Any]:
    return {"code": tenant.invite(), "attempt": str(new_id()), "consent": CONSENT, "device_name": "Phone"}


def _device_code(tenant: Tenant) -> dict[str, Any]:
    code = tenant.join({}).post("/v1/me/device-code").json()["code"]
    return {"code": code, "attempt": str(new_id()), "device_name": "Phone"}


def _refresh(tenant: Tenant) -> dict[str, Any]:
    return {"refresh_token": tenant.join({}).refresh_token}


def _another_instrument(tenant: Tenant) -> dict[str, Any]:
    return TINY | {"key": f"tiny_{new_id().hex[-10:]}"}


def _staff_code(tenant: Tenant) -> str:
    return str(invited(tenant, "Nora New").code)


def _staff_accept(tenant: Tenant) -> dict[str, Any]:
    sound: dict[str, Any] = BODIES["POST /v1/staff/invitations/accept"]
    return sound | {"code": _staff_code(tenant)}


def _staff_confirm(tenant: Tenant) -> dict[str, Any]:
    code, attempt = _staff_code(tenant), new_id()
    secret = accepts(tenant, code, attempt).json()["secret"]
    one_time_code = StaffPerson(tenant.client, "", secret).code()
    return {"code": code, "attempt": str(attempt), "one_time_code": one_time_code}


def _staff_sign_in(tenant: Tenant) -> dict[str, Any]:
    with db.transaction(tenant.engine) as session:
        codes = factors.renew_recovery_codes(session, auth.staff_by_email(session, tenant.nia.email).id)
    return {"email": tenant.nia.email, "password": tenant.nia.password, "code": codes[0]}


def _decision(tenant: Tenant) -> dict[str, Any]:
    """Withhold the text that is, or open it again."""
    with db.reading(tenant.engine) as session:
        text = session.get(TextReview, UUID(tenant.of_staff["text_id"]))
    if text is None:  # its leader has left, through a lock that was taken off
        return dict(BODIES["POST /v1/studies/{study_id}/review/{text_id}"])
    state = "unreviewed" if text.state == TextState.WITHHELD else "withheld"
    return {"state": state, "version": text.version, "seen": text.decisions}


def _sign_off(tenant: Tenant) -> dict[str, Any]:
    """Let Rita review the text anew, so that somebody else may sign it off."""
    path = f"{tenant.path}/review/{tenant.of_staff['text_id']}"
    stands = _decision(tenant)
    body = stands | {"state": "reviewed", "paraphrase": f"In words of number {stands['seen']}."}
    assert tenant.rita.post(path, body).status_code == 200
    return {"version": stands["version"], "seen": stands["seen"] + 1}


STORES = {"POST /v1/staff/session", "POST /v1/studies/{study_id}/review/{text_id}/sign-off"}
# What must be made anew for each request, so that it is let in whoever came before.
LIVE: dict[str, Callable[[Tenant], Any]] = {
    "POST /v1/join": _join,
    "POST /v1/join/preview": lambda tenant: {"code": tenant.open_code},
    "POST /v1/session/code": _device_code,
    "POST /v1/session/refresh": _refresh,
    "POST /v1/staff/invitations/accept": _staff_accept,
    "POST /v1/staff/invitations/confirm": _staff_confirm,
    "POST /v1/staff/session": _staff_sign_in,
    "POST /v1/staff/tokens": lambda tenant: (
        BODIES["POST /v1/staff/tokens"] | {"study_id": str(tenant.study_id)}
    ),
    "POST /v1/studies/{study_id}/instruments": _another_instrument,
    "POST /v1/studies/{study_id}/status": lambda _: {"status": "open"},
    "POST /v1/studies/{study_id}/review/{text_id}": _decision,
    "POST /v1/studies/{study_id}/review/{text_id}/sign-off": _sign_off,
    "PUT /v1/entries/{entry_id}": lambda _: entry_body(base_version=1),
    "POST /v1/sync": lambda _: {"ops": [{"op": "delete", "id": ATTEMPT}]},
}
