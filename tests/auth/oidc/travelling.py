"""Browsers on their way to the provider and back."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.auth.account_models import StaffIdentity
from api.core import db
from api.core.config import Settings
from tests.auth.people import OURS, Browser, Person, secret_of
from tests.personas import World

START, CONNECT, CALLBACK = (f"/v1/staff/oidc/{name}" for name in ("start", "connect", "callback"))
KEPT = "__Host-daybook-provider"


class Site(World):
    """A service with staff, and no study."""

    def __init__(self, client: TestClient, engine: Engine, settings: Settings) -> None:
        self.client, self.engine, self.settings = client, engine, settings


@dataclass
class Trip:
    """A browser that was sent to the provider, with what it keeps."""

    client: TestClient
    address: str
    kept: str

    @property
    def question(self) -> dict[str, str]:
        return {name: one[0] for name, one in parse_qs(urlsplit(self.address).query).items()}

    def asks(self) -> dict[str, str]:
        """Ask the provider over TCP; return the answer that the browser carries back."""
        sent = httpx.get(self.address, follow_redirects=False, trust_env=False)
        assert sent.status_code == 303, sent.text
        back = urlsplit(sent.headers["Location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == f"https://testserver{CALLBACK}"
        return {name: one[0] for name, one in parse_qs(back.query).items()}

    def returns(self, answer: dict[str, str] | None = None, kept: str | None = None) -> Any:
        """Come back from the provider's page, which brings no cookie that is strict about its site."""
        answer, kept = self.asks() if answer is None else answer, self.kept if kept is None else kept
        headers = {"Sec-Fetch-Site": "cross-site"} | ({"Cookie": f"{KEPT}={kept}"} if kept else {})
        found = self.client.get(CALLBACK, params=answer, headers=headers, follow_redirects=False)
        self.client.cookies.clear()
        return found


def goes(client: TestClient, headers: dict[str, str] = OURS, path: str = START) -> Trip:
    """Set out."""
    sent = client.get(path, headers=headers, follow_redirects=False)
    client.cookies.clear()
    assert sent.status_code == 303, sent.text
    (line,) = [one for one in sent.headers.get_list("set-cookie") if one.startswith(KEPT)]
    return Trip(client, sent.headers["Location"], line.split(";")[0].removeprefix(f"{KEPT}="))


def connects(browser: Browser) -> Trip:
    return goes(browser.client, browser.headers, CONNECT)


def connected(browser: Browser) -> Browser:
    answer = connects(browser).returns()
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/"
    return browser


def signed_in(answer: Any, client: TestClient) -> Browser:
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/"
    return Browser(client, secret_of(answer))


def comes_in(person: Person) -> Browser:
    """Sign in through the provider."""
    return signed_in(goes(person.client).returns(), person.client)


def wrongs(engine: Engine) -> list[str]:
    """Return what was wrong with each refused sign-in, as the audit knows it."""
    with db.reading(engine) as session:
        query = select(AuditEvent).where(AuditEvent.event == Event.SIGN_IN_REFUSED)
        return [str(one.detail["wrong"]) for one in session.exec(query.order_by(col(AuditEvent.id)))]


def identities(engine: Engine) -> list[str]:
    """Return every identity that is connected."""
    with db.reading(engine) as session:
        return sorted(session.exec(select(StaffIdentity.subject)))
