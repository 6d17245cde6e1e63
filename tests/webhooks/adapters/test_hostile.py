"""Whatever comes, an adapter refuses with a reason or says that it is unreadable, and raises nothing else."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Normalised, Post, Stage, Unreadable
from schemas.source import Proof
from tests.webhooks.adapters.finding import MODULES
from tests.webhooks.samples import needs_samples
from tests.webhooks.senders import SENDERS

pytestmark = needs_samples
TWISTED = [
    tool
    for tool in MODULES
    if tool in SENDERS and (SENDERS[tool].fetched or SENDERS[tool].content_type.endswith("json"))
]
BODIES = {
    "empty": b"",
    "not text": bytes(range(256)),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "latin-1": '{"a": "é"}'.encode("latin-1"),
    "cut off": b'{"event": "responseFinished", "data": {"id": "1"',
    "NaN": b'{"a": NaN}',
    "infinite": b'{"a": -Infinity}',
    "infinite in digits": b'{"a": 1e999}',
    "5,000 digits": b'{"a": ' + b"9" * 5_000 + b"}",
    "100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "100,000 deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "61 deep": b'{"a":' * 61 + b"1" + b"}" * 61,
    "contradicting": b'{"a": 1, "a": 2}',
    "no object": b"[]",
    "null": b"null",
    "a text": b'"text"',
    "multipart flood": b"--x\r\n" * 50_000,
    "fields": b"&".join(b"a%d=1" % number for number in range(5_000)),
    "repeated": b"MSG=%7B%7D&MSG=%7B%7D&HMAC=00",
    "bad escapes": b"MSG=%ff%fe&HMAC=%zz",
    "template": b'{"participant":"P-0042","answers":{"a":"She said "no" to\nthe board"}}',
}
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain; charset=utf-16",
    "",
)
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**45), 10**45),
    st.floats(),
    st.text(st.characters(codec=None, exclude_categories=()), max_size=8),
    st.sampled_from(["", "\x00", "\ud800", "1980-01-01 00:00:00", "2025-13-45T99:99", "x" * 5_000]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
SIGNS = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
HEADERS = st.one_of(
    st.sampled_from(["v1,", "sha256=", "Basic ", "Basic =", "v1,=== v1,", "1764000000", "=", "\x00", "é"]),
    SIGNS,
    SIGNS.map("v1,".__add__),
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def unknown(word: str) -> str:
    """Return a secret that no header of this test can hold by chance."""
    return hashlib.sha256(repr(word).encode()).hexdigest()


def read(tool: str, post: Post, document: bytes | None = None) -> list[Normalised]:
    """Do all that a job does with a post; Unreadable is a good end, everything else is a bug."""
    adapter, options = ADAPTERS[tool], SENDERS[tool].options
    try:
        envelopes = adapter.envelopes(post, options)
        for envelope in envelopes:
            adapter.fetch(envelope, "token", options)
        readable = [one for one in envelopes if one.stage in {Stage.COMPLETE, Stage.PARTIAL}]
        return [adapter.normalise(one, document or post.body, options) for one in readable]
    except Unreadable as unreadable:
        return [] if unreadable.reason.endswith(".") else pytest.fail(unreadable.reason)


@pytest.mark.parametrize("tool", MODULES)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_bad_body_is_unreadable_and_nothing_worse(tool: str, body: bytes) -> None:
    sender = SENDERS[tool]
    for content_type in {*TYPES, sender.content_type}:
        assert read(tool, Post(body, content_type)) == []
        if sender.options.proof is not Proof.PATH_TOKEN:
            assert ADAPTERS[tool].refusal(Post(body, content_type), ["secret"], sender.options)
        assert isinstance(ADAPTERS[tool].without_secrets(body, sender.options), bytes)
    if sender.fetched is not None:
        (envelope,) = ADAPTERS[tool].envelopes(sender.made(), sender.options)
        with pytest.raises(Unreadable):
            ADAPTERS[tool].normalise(envelope, body, sender.options)


@pytest.mark.parametrize("tool", MODULES)
@QUICK
@given(st.data())
def test_no_bytes_and_no_headers_make_a_verifier_raise_or_believe(tool: str, data: st.DataObject) -> None:
    sender, adapter = SENDERS[tool], ADAPTERS[tool]
    names = sorted({*adapter.headers, sender.options.header_name.lower(), "authorization"})
    headers = data.draw(st.dictionaries(st.sampled_from(names), HEADERS))
    body = data.draw(st.one_of(st.binary(max_size=60), st.sampled_from(list(BODIES.values()))))
    post = Post(body, data.draw(st.sampled_from([*TYPES, sender.content_type])), headers)
    secrets = data.draw(st.lists(SIGNS.map(unknown), max_size=3))
    refusal = adapter.refusal(post, secrets, sender.options)
    assert isinstance(refusal, str) or sender.options.proof is Proof.PATH_TOKEN
    read(tool, post)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Name every place in a JSON value."""
    found = [path]
    pairs: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, part in pairs:
        found += places(part, (*path, key))
    return found


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a JSON value with one place changed."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


def twisted(data: st.DataObject, recorded: bytes) -> bytes:
    """Return a recorded body with two places changed."""
    value = json.loads(recorded)
    for _ in range(2):
        value = changed(value, data.draw(st.sampled_from(places(value))), data.draw(VALUES))
    return json.dumps(value).encode()


def sound(found: Normalised) -> None:
    """Assert that both databases can store what was read."""
    json.dumps([vars(answer) for answer in found.answers], allow_nan=False).encode()
    told = repr((found.answers, found.claims, found.submission_id, found.form_id, found.warnings))
    assert "\\x00" not in told.replace("\\\\", "")
    assert "\\ud8" not in told.replace("\\\\", "")


@pytest.mark.parametrize("tool", TWISTED)
@QUICK
@given(st.data())
def test_a_twisted_body_is_read_or_unreadable(tool: str, data: st.DataObject) -> None:
    sender = SENDERS[tool]
    post = sender.made()
    body = twisted(data, sender.document(post))
    for found in read(tool, post, body) if sender.fetched else read(tool, replace(post, body=body)):
        sound(found)


@pytest.mark.parametrize("tool", MODULES)
@QUICK
@given(st.data())
def test_a_damaged_post_is_read_or_unreadable(tool: str, data: st.DataObject) -> None:
    sender = SENDERS[tool]
    made = sender.made()
    first, last = (data.draw(st.integers(0, len(made.body))) for _ in range(2))
    middle = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"\r\n", b"--", b"&", b"=", b'"', b"%00", b"\\ud800"])
    )
    damaged = replace(made, body=made.body[:first] + middle + made.body[max(first, last) :])
    ADAPTERS[tool].refusal(damaged, [sender.secret], sender.options)
    ADAPTERS[tool].without_secrets(damaged.body, sender.options)
    for found in read(tool, damaged, sender.document(damaged)):
        sound(found)
