"""A university's OpenID provider: a real server with keys of its own, and every way to be wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.core import clock

CLIENT_ID, CLIENT_SECRET = "daybook", "a secret: +% of our own"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Change = Callable[[dict[str, Any]], dict[str, Any]]


@cache
def rsa_key(name: str, bits: int = 2_048) -> rsa.RSAPrivateKey:
    """Make a key, once in this process."""
    return rsa.generate_private_key(65_537, bits)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _public(key: Key) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        return jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@dataclass
class Organisation:
    """What the provider holds, and what it does wrong."""

    sub: str = "nia at the university"
    email: str = ""
    email_verified: object = True
    key: Key = field(default_factory=lambda: rsa_key("first"))
    kid: str = "first"
    algorithm: str = "RS256"
    published: dict[str, Key] = field(default_factory=lambda: {"first": rsa_key("first")})
    uses: dict[str, str] = field(default_factory=dict)
    change: Change = lambda claims: claims
    sign: Callable[["Organisation", dict[str, Any]], str] | None = None
    methods: list[str] = field(default_factory=lambda: ["client_secret_basic"])
    description: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    refuses: str | None = None

    def __post_init__(self) -> None:
        organisation = self

        class Handler(_Handler):
            home = organisation

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=lambda: self.server.serve_forever(0.02), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Go away."""
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def describe(self) -> dict[str, Any]:
        own = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize?tenant=1",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": self.methods,
            "response_types_supported": ["code"],
        }
        return own | self.description

    def keys(self) -> dict[str, Any]:
        named = [
            _public(key) | {"kid": kid, "use": self.uses.get(kid, "sig")}
            for kid, key in self.published.items()
        ]
        return {"keys": named}

    def authorize(self, query: dict[str, str]) -> str:
        """Sign the person in; return where their browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["tenant"] == "1"
        answer = {"state": query["state"], "iss": self.url, "session_state": "of the provider"}
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode(answer | {'error': self.refuses})}"
        code = secrets.token_urlsafe(16)
        self.grants[code] = query
        return f"{query['redirect_uri']}?{urlencode(answer | {'code': code})}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Give an ID token for a code, once, to the client that can show its verifier."""
        self.forms.append(form)
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client"}
        asked = self.grants.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        shown = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(shown).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        now = int(clock.now().timestamp())
        claims: dict[str, Any] = {"iss": self.url, "aud": CLIENT_ID, "sub": self.sub, "nonce": nonce}
        claims |= {"iat": now, "exp": now + 300, "email": self.email, "email_verified": self.email_verified}
        claims = self.change(claims)
        if self.sign is not None:
            return self.sign(self, claims)
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": self.kid})

    def _is_client(self, form: dict[str, str], authorization: str) -> bool:
        if "client_secret_basic" in self.methods:
            given = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
            return [unquote_plus(part) for part in given] == [CLIENT_ID, CLIENT_SECRET]
        return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)


def unsigned(_: Organisation, claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT', 'kid': 'first'})}.{encoded(claims)}."


def signed_with_the_public_key(home: Organisation, claims: dict[str, Any]) -> str:
    """Take what everybody can read for a shared secret."""
    public = home.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': 'first'})}.{encoded(claims)}"
    mark = hmac.new(public, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


class _Handler(BaseHTTPRequestHandler):
    home: Organisation

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not self._instead(parts.path):
            match parts.path:
                case "/.well-known/openid-configuration":
                    self._json(200, self.home.describe())
                case "/keys":
                    self._json(200, self.home.keys())
                case "/authorize":
                    self._answer(303, b"", {"Location": self.home.authorize(query)})
                case _:
                    self._json(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if not self._instead(self.path):
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._json(*self.home.exchange(form, self.headers.get("Authorization", "")))

    def _instead(self, path: str) -> bool:
        self.home.asked[path] += 1
        if path in self.home.instead:
            self._answer(*self.home.instead[path])
        return path in self.home.instead

    def _json(self, status: int, value: object) -> None:
        self._answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items() | {("Content-Length", str(len(body)))}:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""
