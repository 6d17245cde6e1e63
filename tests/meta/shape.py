"""What every refusal looks like, and that it left nothing behind."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, select

from api.core import db

_KNOWN = {"type", "title", "status", "detail", "errors", "request_id", "stored", "retry_after"}
_ERROR = {"pointer", "code", "message"}


def refused(answer: Any, status: int, slug: str | None, told: object = "") -> dict[str, Any]:
    """Assert that an answer is a problem of the one shape, and return its body."""
    assert answer.status_code == status, f"{told} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json", told
    body: dict[str, Any] = answer.json()
    assert re.fullmatch(r"urn:daybook:problem:[a-z]+(-[a-z]+)*", body["type"]), body
    assert slug is None or body["type"] == f"urn:daybook:problem:{slug}", f"{told} {body}"
    assert body["status"] == status
    assert body["title"].endswith(".")
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body.keys() <= _KNOWN
    assert all(error.keys() == _ERROR and error["pointer"][:1] == "/" for error in body.get("errors", []))
    return body


def pointers(body: dict[str, Any]) -> set[str]:
    """Return the fields that a problem names."""
    return {error["pointer"] for error in body["errors"]}


def contents(engine: Engine) -> dict[str, list[str]]:
    """Return every row of every table, as text."""
    with engine.execution_options(reads_only=True).connect() as connection:
        return {
            table.name: sorted(
                map(str, connection.execute(select(*(c for c in table.c if c.name != "last_used_at"))))
            )
            for table in db.metadata().sorted_tables
        }


@contextmanager
def nothing_stored(engine: Engine, *, but: Collection[str] = ()) -> Iterator[None]:
    """Assert that what happens inside changes no row of any table, except in the tables named."""
    before = contents(engine)
    yield
    after = contents(engine)
    changed = {name for name in before if before[name] != after[name]}
    changed -= {"attempt"}  # that something was refused is counted
    assert changed <= set(but), {name: after[name] for name in changed}
