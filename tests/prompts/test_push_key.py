"""The key for push: made once by the worker, and shown to who only reads."""

from sqlalchemy import Engine

from api.core import db
from api.core.config import Settings
from api.prompts.push_key import make_push_key, push_public_key


def shown(engine: Engine, settings: Settings) -> str | None:
    with db.reading(engine) as session:
        return push_public_key(session, settings)


def test_a_key_is_shown_once_push_is_set_up_and_stays(engine: Engine, settings: Settings) -> None:
    make_push_key(engine, settings)
    assert shown(engine, settings) is None
    pushing = settings.model_copy(update={"push_contact": "mailto:ops@example.net"})
    assert shown(engine, pushing) is None
    make_push_key(engine, pushing)
    first = shown(engine, pushing)
    assert first
    assert len(first) == 87
    make_push_key(engine, pushing)
    assert shown(engine, pushing) == first
    assert shown(engine, settings) is None
