"""The service's own code can add to the audit and do nothing else to it."""

from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, select

from api.audit.append_only import AppendOnly
from api.audit.content import EVENTS
from api.audit.models import AuditEvent, AuditSeal
from api.core import db
from tests.audit.chain import SEALS
from tests.meta.shape import nothing_stored
from tests.personas import World


def one(session: Session) -> AuditEvent:
    return session.exec(select(AuditEvent)).all()[0]


ATTEMPTS: dict[str, Any] = {
    "a changed object": lambda session: setattr(one(session), "actor_kind", "nobody"),
    "a deleted object": lambda session: session.delete(one(session)),
    "an update of many": lambda session: session.execute(update(AuditEvent).values(actor_kind="nobody")),
    "a deletion of many": lambda session: session.execute(delete(AuditEvent)),
    "a plain update": lambda session: session.connection().execute(
        update(EVENTS).values(actor_kind="nobody")
    ),
    "a plain deletion": lambda session: session.connection().execute(delete(EVENTS)),
    "a changed seal": lambda session: session.execute(update(AuditSeal).values(mark="")),
    "a deleted seal": lambda session: session.connection().execute(delete(SEALS)),
    "a seal's number": lambda session: setattr(one(session), "seal_number", 7),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_audit_refuses(world: World, attempt: str) -> None:
    with (
        nothing_stored(world.engine),
        pytest.raises(AppendOnly),
        db.transaction(world.engine) as session,
    ):
        ATTEMPTS[attempt](session)
