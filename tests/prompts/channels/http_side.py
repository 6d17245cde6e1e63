"""A push service and an SMS gateway of a test's own, on plain HTTP on this machine."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from api.core.config import Settings
from api.core.ids import new_id
from api.prompts.channels.base import Address
from tests.prompts.channels.other_side import OtherSide

HANGS_UP = 0


@dataclass(frozen=True)
class Request:
    """One request; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


class Server:
    """Answers every request with `status`, and remembers those that it took."""

    def __init__(self) -> None:
        self.status = 201
        self.asked: list[Request] = []

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Answer until the end; give the port."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    @property
    def taken(self) -> list[Request]:
        """Return what it took, whether or not it said so."""
        return [one for one in self.asked if one.headers["x-answer"] in {"200", "201", str(HANGS_UP)}]


def _handler(owner: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            owner.asked.append(Request(self.path, headers | {"x-answer": str(owner.status)}, body))
            if owner.status != HANGS_UP:
                self.send_response(owner.status)
                self.send_header("location", "http://127.0.0.1:9/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


class HttpSide(OtherSide):
    """Whoever takes reminders by HTTP."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.server = Server()
        self.port = 0

    def come(self) -> None:
        self.port = self._open.enter_context(self.server.listening())
        self.settings = self.settings.model_copy(update=self.given())

    def given(self) -> dict[str, object]:
        raise NotImplementedError

    def read(self, request: Request) -> str:
        raise NotImplementedError

    def arrived(self) -> list[str]:
        return [f"{one.path} {one.headers} {self.read(one)}" for one in self.server.taken]

    def die_with_it(self) -> None:
        self.server.status = HANGS_UP

    def refuse(self) -> None:
        self.server.status = 400

    def put_off(self) -> None:
        self.server.status = 429

    def take(self) -> None:
        self.server.status = 201


class SmsSide(HttpSide):
    """An SMS gateway."""

    def given(self) -> dict[str, object]:
        url = f"http://127.0.0.1:{self.port}/send"
        return {"sms_url": SecretStr(url), "sms_token": SecretStr("gateway secret")}

    @property
    def address(self) -> Address:
        return Address("020 7946 0000")

    def read(self, request: Request) -> str:
        return str(json.loads(request.body))


class Browser:
    """A browser that subscribed: it alone can read what is pushed to it."""

    def __init__(self) -> None:
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.name = new_id().hex
        self.id = new_id()

    def subscription(self, port: int) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": point, "auth": self.auth}
        written = {name: base64.urlsafe_b64encode(key).rstrip(b"=").decode() for name, key in keys.items()}
        return {"endpoint": f"http://127.0.0.1:{port}/push/{self.name}"} | written

    def address(self, port: int) -> Address:
        return Address(json.dumps(self.subscription(port)), self.id)

    def read(self, request: Request) -> dict[str, Any]:
        plain = http_ece.decrypt(
            request.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        found: dict[str, Any] = json.loads(plain)
        return found


class PushSide(HttpSide):
    """A push service, and a browser that it delivers to."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.browser = Browser()

    def given(self) -> dict[str, object]:
        return {"push_contact": "mailto:ops@mail.example.net", "push_hosts": ("127.0.0.1",)}

    @property
    def address(self) -> Address:
        return self.browser.address(self.port)

    def read(self, request: Request) -> str:
        return str(self.browser.read(request))
