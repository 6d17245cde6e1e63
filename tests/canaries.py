"""Watches the whole suite: what people wrote, their names, addresses, codes and tokens must be in nothing that is told.

What passes through the service is collected where it is made or stored; what the service tells (logs, standard output,
metrics, problems, audit events) is collected where it leaves. After each test the one is looked for in the other.
"""

import functools
import json
import re
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from api.core import crypto
from tests.auth.people import PASSWORD
from tests.personas import DECISION

MOST = 2_000  # the last of a test's texts: to look for more would cost the suite its speed
# What is told apart by its form, whoever made it.
FORMS = {
    "a token": re.compile(r"\bdb[a-z]{1,2}_[\w-]{20,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+"),
    "a code": re.compile(r"(?<![\w-])[2-9A-HJKMNP-TV-Z]{4}(?:-[2-9A-HJKMNP-TV-Z]{4}){2,}(?![\w-])"),
    "an address": re.compile(r"[\w.+-]+@example\.(?:org|com)"),
}
HOLDERS = (
    "staff",
    "device",
    "participant_attribute",
    "entry_revision",
    "staff_invitation",
    "release",
    "review_term",
    "text_decision",
)
# An address, a telephone number, or words of which no two stand beside each other by chance; no time.
_TELLING = re.compile(r"\S@\S|\+\d[\d ]{7}|[^\W\d]{3}\S* \S.{4}", re.DOTALL)
_INSERT = re.compile(r"INSERT INTO (\w+) ")


class Canaries:
    """What must not be told, and what was told."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.told: list[tuple[str, str]] = []

    def start(self) -> None:
        """Forget the last test."""
        self.secrets.clear()
        self.told.clear()
        self.keep("a password", PASSWORD)
        self.keep("a text", DECISION)

    def keep(self, kind: str, value: object) -> None:
        """Remember every text in a value that is long and of several words, so that it stands nowhere by chance."""
        for text in _texts(value):
            if len(self.secrets) < MOST and _TELLING.search(text):
                self.secrets[text] = kind

    def hear(self, place: str, text: str) -> None:
        """Remember what was told."""
        self.told.append((place, text))

    def leaks(self) -> list[str]:
        """Return each kind of secret that was told, and where."""
        found = set()
        for place, text in self._told_by_place():
            found |= {f"{kind} in {place}" for kind, form in FORMS.items() if form.search(text)}
            found |= {f"{kind} in {place}" for secret, kind in self.secrets.items() if _said(secret, text)}
        return sorted(found)

    def _told_by_place(self) -> Iterator[tuple[str, str]]:
        """Join what was told in one place: thousands of texts are quicker searched as one."""
        for place in dict(self.told):
            yield place, "\n".join(text for where, text in self.told if where == place)


WATCH = Canaries()


class Plugin:
    """Fails the test in which something leaked."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Begin anew."""
        WATCH.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Look for what was kept in what was heard, once a test has cleaned up."""
        report = yield
        if call.when == "teardown" and report.passed:
            for title, content in report.sections:
                WATCH.hear(title.lower(), content)
            if leaks := WATCH.leaks():
                report.outcome = "failed"
                report.longrepr = f"This test leaked: {'; '.join(leaks)}."
        return report


def install(config: pytest.Config) -> None:
    """Listen at the makers of secrets, at the database, and at every client."""
    for name in ("new_secret", "new_signing_secret", "new_successor", "new_code", "sign"):
        _after(crypto, name, lambda _, made: WATCH.secrets.update({made: "a credential"}))
    _after(crypto, "encrypt", lambda given, _: WATCH.keep("contact data", given[-1]))
    _after(TestClient, "send", lambda _, answer: _hear_problem(answer))
    _after(TestClient, "__exit__", lambda given, _: _hear_metrics(given[0].app))
    event.listen(Engine, "before_cursor_execute", _read_statement)
    config.pluginmanager.register(Plugin(), "canaries")


def _after(owner: Any, name: str, then: Callable[[tuple[Any, ...], Any], None]) -> None:
    made = getattr(owner, name)

    @functools.wraps(made)
    def watched(*given: Any, **named: Any) -> Any:
        result = made(*given, **named)
        then(given, result)
        return result

    setattr(owner, name, watched)


def _hear_problem(answer: Any) -> None:
    if answer.headers.get("content-type") == "application/problem+json" and answer.is_stream_consumed:
        body = answer.json()
        body.pop("stored", None)  # a conflict shows an author their own entry
        WATCH.hear("a problem", json.dumps(body, ensure_ascii=False))


def _hear_metrics(app: Any) -> None:
    if metrics := getattr(getattr(app, "state", None), "metrics", None):
        WATCH.hear("the metrics", metrics.text().decode())


def _read_statement(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
    found = _INSERT.match(statement)
    if found is None:
        return
    if found[1] == "audit_event":
        WATCH.hear("an audit event", str(parameters))
    elif found[1] in HOLDERS:
        WATCH.keep(f"a text of {found[1]}", parameters)


def _texts(value: object) -> Iterator[str]:
    """Walk every text in a value, and in JSON inside it."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode(errors="replace")
        if text[:1] in {"{", "["}:
            try:
                yield from _texts(json.loads(text))
            except ValueError:
                yield text
        elif text[:1] == '"' and text[-1:] == '"' and len(text) > 1:
            yield text[1:-1]
        else:
            yield text


def _said(secret: str, text: str) -> bool:
    return secret in text or (not secret.isascii() and json.dumps(secret)[1:-1] in text)
