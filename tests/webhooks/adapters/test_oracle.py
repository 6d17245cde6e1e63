"""The library of Standard Webhooks beside our own verifier: what one takes, the other takes."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from api.webhooks.adapters.standard import Standard
from api.webhooks.normalised import Post
from schemas.source import SourceOptions
from tests.webhooks.senders import standard

ADAPTER, OPTIONS = Standard(), SourceOptions(forms=[])
AT = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
KEYS = st.binary(min_size=1, max_size=64)
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
BODIES = st.text(max_size=200)
MORE = settings(max_examples=300, deadline=None)


def ours(body: str, headers: dict[str, str], secret: str) -> bool:
    """Whether our adapter takes a post."""
    return ADAPTER.refusal(Post(body.encode(), "application/json", headers), [secret], OPTIONS) is None


def theirs(body: str, headers: dict[str, str], secret: str) -> bool:
    """Whether the library takes it; it raises a good many things."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except Exception:  # noqa: BLE001 - that it may be anything is why it is not our door
        return False
    return True


@MORE
@given(KEYS, NAMES, BODIES)
def test_what_the_library_signs_our_door_takes(key: bytes, name: str, body: str) -> None:
    secret = f"whsec_{b64encode(key).decode()}"
    with time_machine.travel(AT, tick=False):
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(int(AT.timestamp())),
            "webhook-signature": Webhook(secret).sign(name, AT, body),
        }
        assert ours(body, headers, secret)
        assert not ours(body + " ", headers, secret)


@MORE
@given(KEYS, NAMES, BODIES)
def test_what_our_sender_signs_the_library_takes(key: bytes, name: str, body: str) -> None:
    secret = f"whsec_{b64encode(key).decode()}"
    with time_machine.travel(AT, tick=False):
        _, headers = standard(body.encode(), secret, name)
        assert theirs(body, headers, secret)
        assert ours(body, headers, secret)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "garbage"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,===="},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": "v1,v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "NaN"},
        {"webhook-id": "another"},
        {"webhook-id": ""},
        {},
    ],
)
def test_both_judge_what_is_malformed_alike(change: dict[str, str]) -> None:
    secret = f"whsec_{b64encode(b'key').decode()}"
    with time_machine.travel(AT, tick=False):
        _, headers = standard(b"{}", secret)
        assert ours("{}", headers | change, secret) == theirs("{}", headers | change, secret) == (not change)


@pytest.mark.parametrize("seconds", [-301, -300, -299, 0, 299, 300, 301])
def test_both_have_the_same_patience(seconds: int) -> None:
    secret = f"whsec_{b64encode(b'key').decode()}"
    with time_machine.travel(AT, tick=False):
        _, headers = standard(b"{}", secret, at=AT.timestamp() + seconds)
        assert ours("{}", headers, secret) == theirs("{}", headers, secret) == (abs(seconds) <= 300)
