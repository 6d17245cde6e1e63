"""A study that is served over TCP at an address that stays, the people who run it, and answers that get lost."""

import json
import socket
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core import db
from api.core.config import Settings
from api.diary.models import EntryRevision
from api.main import create_app
from api.participants import profiles
from api.participants.models import Consent
from api.studies.models import Study
from tests.personas import World


class Losing:
    """A network that fails at some addresses.

    away: the service is not reached, a proxy's 502 comes; lost: it does what it is asked, and the 502 comes all the
    same; held: it does it, and no answer comes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.away: set[str] = set()
        self.lost: set[str] = set()
        self.held: set[str] = set()
        self.cut = False
        self.done: dict[str, threading.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        if path in self.away or (self.cut and scope["type"] == "http"):
            await _bad_gateway(send)
            return
        if path not in self.lost | self.held:
            await self.app(scope, receive, send)
            return

        async def swallow(message: Message) -> None:
            del message  # what the service said, nobody hears

        await self.app(scope, receive, swallow)
        self.done.setdefault(path, threading.Event()).set()
        if path in self.lost:
            await _bad_gateway(send)
            return
        while (await receive())["type"] != "http.disconnect":
            pass  # the phone waits until it is killed

    def heal(self) -> None:
        """End every failure."""
        for failing in (self.away, self.lost, self.held):
            failing.clear()

    def wait_for(self, path: str) -> None:
        """Wait until the service has done what was asked of an address."""
        assert self.done.setdefault(path, threading.Event()).wait(30)


async def _bad_gateway(send: Send) -> None:
    await send({"type": "http.response.start", "status": 502, "headers": []})
    await send({"type": "http.response.body", "body": b"Bad Gateway"})


class Place:
    """The service, and a study in it."""

    def __init__(
        self, settings: Settings, engine: Engine, client: TestClient, chain: Path | None = None
    ) -> None:
        """Over TLS where there is a certificate: some browsers keep no session of a page that came without."""
        self.engine = engine
        self.world = World(client, engine, settings)
        self.app = create_app(settings)
        self.network = Losing(self.app)
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen()
        origin = "https://localhost" if chain else "http://127.0.0.1"
        self.address = f"{origin}:{self._listening.getsockname()[1]}"
        config = uvicorn.Config(
            self.network,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            ssl_certfile=chain,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]})

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()

    def participants(self) -> list[dict[str, Any]]:
        """Show who takes part, as a coordinator sees it."""
        found: list[dict[str, Any]] = self.world.olivia.get(f"{self.world.path}/participants").json()
        return found

    def consents(self) -> list[dict[str, bool]]:
        """Return the answers of every consent that is in force."""
        with db.reading(self.engine) as session:
            found = session.exec(select(Consent).where(col(Consent.withdrawn_at).is_(None)))
            return [one.statements for one in found]

    def profile_of(self, participant: str) -> dict[str, Any]:
        """Return a profile as it is stored."""
        with db.reading(self.engine) as session:
            return dict(profiles.read(session, UUID(participant)).answers)

    def headlines(self) -> set[str]:
        """Return what the stored entries are about."""
        with db.reading(self.engine) as session:
            rows = session.exec(select(EntryRevision.content)).all()
        return {json.loads(content)["answers"]["headline"] for content in rows}

    def speaks(self, *languages: str) -> None:
        """Run the study in these languages; its new documents have a text in each."""
        with db.transaction(self.engine) as session:
            session.get_one(Study, self.world.study_id).languages = [*languages]
        for kind in ("information", "consent"):
            text = {code: f"{kind} in {code}" for code in languages}
            body: dict[str, Any] = {"kind": kind, "text": text, "statements": []}
            if kind == "consent":
                body["statements"] = [
                    {"key": "read", "text": {code: f"I agree, {code}." for code in languages}}
                ]
            made = self.world.olivia.post(f"{self.world.path}/documents", body)
            assert made.status_code == 201, made.text

    def new_form(self) -> None:
        """Publish a new version of the consent form, with one more statement."""
        statements = [
            {"key": "read", "text": {"en": "I have read the new information."}},
            {
                "key": "share",
                "text": {"en": "My entries may be shared."},
                "required": False,
                "purpose": "sharing",
            },
        ]
        form = {"kind": "consent", "text": {"en": "The form is new."}, "statements": statements}
        made = self.world.olivia.post(f"{self.world.path}/documents", form)
        assert made.status_code == 201, made.text

    def serves_only(self, generation: int) -> None:
        """Understand no client that is older than this."""
        self.app.state.settings = self.app.state.settings.model_copy(update={"client_minimum": generation})

    def becomes(self, status: str) -> None:
        """Open, pause or close the study."""
        changed = self.world.olivia.post(f"{self.world.path}/status", {"status": status})
        assert changed.status_code == 200, changed.text
