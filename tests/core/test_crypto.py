"""Codes, signed tokens and the encryption of contact data."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa

from api.core import clock, crypto
from api.core.crypto import MasterKeys
from api.core.ids import new_id

KEY = "k" * 40
KEYS = MasterKeys(KEY)
HEADERS = {"typ": "access+jwt", "kid": crypto.derive(KEY, "kid").hex()[:16]}
WHO = UUID("018f4c1e-7a3b-7c4d-8e5f-0123456789ab")


RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def claims(**changes: Any) -> dict[str, Any]:
    now = clock.now()
    sound = {
        "iss": "daybook",
        "aud": "access",
        "typ": "access",
        "sub": str(WHO),
        "jti": str(new_id()),
        "iat": now,
        "exp": now + timedelta(minutes=15),
    }
    return {name: value for name, value in (sound | changes).items() if value is not None}


def signed(payload: dict[str, Any], key: Any = None, algorithm: str = "HS256", **headers: Any) -> str:
    """Sign with our own key and headers, but for what is given; a header of None is left out."""
    names = HEADERS | headers
    return jwt.encode(
        payload,
        crypto.derive(KEY, "jwt", "access") if key is None else key,
        algorithm=algorithm,
        headers={name: value for name, value in names.items() if value is not None},
    )


def by_hand(header: dict[str, Any], payload: dict[str, Any]) -> str:
    """Sign any header with our own key: what no library would sign."""
    body = unsigned(header, payload).rstrip(".")
    mac = hmac.new(crypto.derive(KEY, "jwt", "access"), body.encode(), hashlib.sha256).digest()
    return f"{body}.{crypto.opaque(mac)}"


def unsigned(header: dict[str, Any], payload: dict[str, Any]) -> str:
    parts = (
        json.dumps(part, default=lambda when: int(when.timestamp())).encode() for part in (header, payload)
    )
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def test_a_code_is_forgiven_its_case_spaces_and_dashes() -> None:
    code = crypto.new_code()
    assert crypto.normalise_code(code) == code
    for typed in (
        code.lower(),
        code.replace("-", ""),
        f"  {code.replace('-', ' ')} ",
        code.replace("-", "\u2013"),
    ):
        assert crypto.normalise_code(typed) == code
    assert crypto.normalise_code(code[:-1]) != code


def test_codes_have_no_letters_that_look_alike_and_do_not_repeat() -> None:
    made = {crypto.new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert not set("".join(made)) & set("01OIlUu")


def test_a_token_says_what_was_signed() -> None:
    found = crypto.verify((KEY,), "access", crypto.sign(KEY, "access", WHO, 15, study="s"))
    assert (found["sub"], found["study"], found["typ"]) == (str(WHO), "s", "access")
    assert crypto.verify((KEY,), "access", signed(claims()))["sub"] == str(WHO)


BAD: dict[str, Callable[[], str]] = {
    "expired": lambda: signed(claims(exp=clock.now() - timedelta(seconds=31))),
    "other audience": lambda: signed(claims(aud="refresh")),
    "other issuer": lambda: signed(claims(iss="elsewhere")),
    "other kind": lambda: signed(claims(typ="refresh")),
    "no kind": lambda: signed(claims(typ=None)),
    "no end": lambda: signed(claims(exp=None)),
    "no start": lambda: signed(claims(iat=None)),
    "no id": lambda: signed(claims(jti=None)),
    "no subject": lambda: signed(claims(sub=None)),
    "from the future": lambda: signed(claims(iat=clock.now() + timedelta(seconds=40))),
    "other key": lambda: signed(claims(), crypto.derive("z" * 40, "jwt", "access")),
    "key of another kind": lambda: signed(claims(), crypto.derive(KEY, "jwt", "refresh")),
    "master key itself": lambda: signed(claims(), KEY.encode()),
    "other algorithm": lambda: signed(claims(), crypto.derive(KEY, "jwt", "access") * 2, "HS512"),
    "algorithm none": lambda: unsigned(HEADERS | {"alg": "none"}, claims()),
    "algorithm None": lambda: unsigned(HEADERS | {"alg": "nOnE"}, claims()),
    "algorithm none, signed": lambda: by_hand(HEADERS | {"alg": "none"}, claims()),
    "algorithm missing": lambda: by_hand(HEADERS, claims()),
    "RS256 of a key of its own": lambda: signed(claims(), RSA_KEY, "RS256"),
    "RS256 over our secret": lambda: by_hand(HEADERS | {"alg": "RS256"}, claims()),
    "a key unknown": lambda: signed(claims(), kid="0" * 16),
    "a key unnamed": lambda: signed(claims(), kid=None),
    "a key that is a number": lambda: by_hand(HEADERS | {"alg": "HS256", "kid": 1}, claims()),
    "a key that is a list": lambda: by_hand(HEADERS | {"alg": "HS256", "kid": ["a"]}, claims()),
    "a key of its own": lambda: by_hand(HEADERS | {"alg": "HS256", "jwk": {"kty": "oct"}}, claims()),
    "a key elsewhere": lambda: by_hand(HEADERS | {"alg": "HS256", "jku": "https://example.org"}, claims()),
    "must be understood": lambda: by_hand(HEADERS | {"alg": "HS256", "crit": ["b64"], "b64": True}, claims()),
    "must be understood, nothing": lambda: by_hand(HEADERS | {"alg": "HS256", "crit": []}, claims()),
    "another type": lambda: signed(claims(), typ="JWT"),
    "no type": lambda: signed(claims(), typ=""),
    "a list": lambda: base64.urlsafe_b64encode(b"[1]").decode() + ".a.b",
    "long": lambda: signed(claims(note="x" * 2_000)),
    "no signature": lambda: signed(claims()).rsplit(".", 1)[0] + ".",
    "another's signature": lambda: (
        signed(claims()).rsplit(".", 1)[0] + "." + signed(claims(sub="x")).split(".")[2]
    ),
    "empty": lambda: "",
    "dots": lambda: "..",
    "not base64": lambda: "\u00e9.\u00e9.\u00e9",
    "deep": lambda: base64.urlsafe_b64encode(b'{"a":' * 20_000).decode() + ".a.b",
    "a number too long": lambda: base64.urlsafe_b64encode(b"1" * 10_000).decode() + ".a.b",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_is_refused(kind: str) -> None:
    with pytest.raises(crypto.BadToken):
        crypto.verify((KEY,), "access", BAD[kind]())


@pytest.mark.parametrize(("early", "late"), [(timedelta(seconds=-30), timedelta(minutes=15, seconds=29))])
def test_machines_of_ours_whose_clocks_are_half_a_minute_apart_believe_each_other(
    early: timedelta, late: timedelta
) -> None:
    made = datetime(2026, 11, 3, tzinfo=UTC)
    with time_machine.travel(made, tick=False) as at:
        token = crypto.sign(KEY, "access", WHO, 15)
        for off in (early, late):
            at.move_to(made + off)
            assert crypto.verify((KEY,), "access", token)
        for off in (early - timedelta(seconds=1), late + timedelta(seconds=1)):
            at.move_to(made + off)
            with pytest.raises(crypto.BadToken):
                crypto.verify((KEY,), "access", token)


def test_the_first_key_signs_and_each_is_believed_by_its_name() -> None:
    for keys in ((KEY, "z" * 40), ("z" * 40, KEY), ("y" * 40, "z" * 40, KEY)):
        assert crypto.verify(keys, "access", crypto.sign(KEY, "access", WHO, 15))
    for others in (("z" * 40,), ("z" * 40, "y" * 40)):
        with pytest.raises(crypto.BadToken):
            crypto.verify(others, "access", crypto.sign(KEY, "access", WHO, 15))
    assert crypto.verify(
        (KEY,), "access", by_hand(HEADERS | {"alg": "HS256"}, claims())
    )  # the hand signs soundly


def test_contact_data_makes_the_round_trip_and_no_cipher_text_repeats() -> None:
    wrapped = crypto.new_wrapped_key(KEYS)
    first, second = (
        crypto.encrypt(KEYS, wrapped, "leo@example.org"),
        crypto.encrypt(KEYS, wrapped, "leo@example.org"),
    )
    assert first != second
    assert b"leo" not in first
    assert crypto.decrypt(KEYS, wrapped, first) == crypto.decrypt(KEYS, wrapped, second) == "leo@example.org"


@pytest.mark.parametrize("spoil", ["master", "key", "text", "destroyed", "short"])
def test_without_the_right_key_nothing_opens(spoil: str) -> None:
    wrapped = crypto.new_wrapped_key(KEYS)
    sealed = crypto.encrypt(KEYS, wrapped, "leo@example.org")
    cases: dict[str, tuple[MasterKeys, bytes | None, bytes]] = {
        "master": (MasterKeys("z" * 40, ("y" * 40,)), wrapped, sealed),
        "key": (KEYS, crypto.new_wrapped_key(KEYS), sealed),
        "text": (KEYS, wrapped, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        "destroyed": (KEYS, None, sealed),
        "short": (KEYS, wrapped, b"short"),
    }
    with pytest.raises(crypto.KeyDestroyed):
        crypto.decrypt(*cases[spoil])


def test_an_old_master_key_opens_and_the_current_one_wraps() -> None:
    wrapped = crypto.new_wrapped_key(KEYS)
    sealed = crypto.encrypt(KEYS, wrapped, "leo@example.org")
    both = MasterKeys("z" * 40, ("y" * 40, KEY))
    assert crypto.decrypt(both, wrapped, sealed) == "leo@example.org"
    anew = crypto.rewrap(both, wrapped)
    assert anew != wrapped
    assert crypto.rewrap(both, anew) == anew
    assert crypto.decrypt(MasterKeys("z" * 40), anew, sealed) == "leo@example.org"
    with pytest.raises(crypto.KeyDestroyed):
        crypto.decrypt(KEYS, crypto.new_wrapped_key(both), sealed)
    with pytest.raises(crypto.KeyDestroyed):
        crypto.rewrap(MasterKeys("z" * 40), wrapped)
    assert "kkkk" not in repr(MasterKeys(KEY, (KEY,)))


def test_derived_keys_differ_where_their_parts_do() -> None:
    keys = [("a", "b"), ("ab",), ("a", "b", ""), ("", "ab"), ("b", "a")]
    assert len({crypto.derive(KEY, *parts) for parts in keys}) == len(keys)
    assert {len(crypto.derive(KEY, *parts)) for parts in keys} == {32}
