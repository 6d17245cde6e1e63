"""One origin for a browser: the client's files, and the real server behind it, with the faults of a network between.

Each leader has an address of their own (leo.localhost), so that one browser keeps their cookies and stores apart.
"""

import contextlib
import http.client
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from api.core.middleware import SECURITY_HEADERS
from tests.journeys.server import HOST
from tests.web.browsing import CLIENT

Fault = Literal["none", "away", "lost", "cut", "stall", "portal"]
"""away: the connection is reset; lost: the server answers, the phone hears 502; cut: it hears half of the answer;
stall: nothing is heard until the fault is over; portal: a hotel's page answers everything."""
FAULTS: tuple[Fault, ...] = ("away", "lost", "cut", "stall")
_RESET = struct.pack("ii", 1, 0)  # closing with this linger sends a reset
_BAD_GATEWAY = b"<h1>Bad Gateway</h1>"
_BUSY = b'{"type": "urn:daybook:problem:unavailable", "status": 503, "title": "Busy."}'
_PAGE = b"<!doctype html><html lang=en><title>Daybook</title><main></main>"
_KINDS = {".js": "text/javascript", ".css": "text/css"}
_HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Gateway(ThreadingHTTPServer):
    """Serves and forwards; what befalls whom is set by the first label of an address."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, backend: int) -> None:
        super().__init__((HOST, 0), _Handler)
        self.backend = backend
        self.faults: dict[str, Fault] = {}
        self.once: dict[str, deque[Fault]] = {}
        self.asked: Counter[tuple[str, str]] = Counter()
        self.bodies: list[tuple[str, bytes]] = []
        self.over = threading.Event()
        self.busy: dict[str, int] = {}
        self.planted: dict[str, tuple[str, str]] = {}

    def address(self, name: str) -> str:
        """Return the origin of a leader."""
        return f"http://{name}.localhost:{self.server_port}"

    def heal(self) -> None:
        """End every fault."""
        self.faults.clear()
        self.once.clear()
        self.busy.clear()
        self.over.set()
        self.over = threading.Event()

    def fault(self, name: str) -> Fault:
        """Return what befalls the next request of a leader."""
        planned = self.once.get(name)
        return planned.popleft() if planned else self.faults.get(name, "none")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of browsers that hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.startswith("/v1/") or self.path.startswith("/health/"):
            self._forward(body)
        elif self.path.startswith("/client/"):
            file = CLIENT / self.path.removeprefix("/client/")
            self._say(
                200,
                _KINDS.get(file.suffix, "text/plain"),
                self._planted(file),
                {"Cache-Control": "max-age=600"},
            )
        else:
            self._say(200, "text/html", _PAGE)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the standard library's names

    def _forward(self, body: bytes) -> None:
        name = self.headers["host"].split(".")[0]
        self.server.asked[name, self.path] += 1
        self.server.bodies.append((name, body))
        fault, over = self.server.fault(name), self.server.over
        if fault == "stall":
            over.wait(3)
        if fault in {"away", "stall"}:
            self._reset()
        elif fault == "portal":
            self._say(200, "text/html", b"<h1>Welcome to the Grand Hotel</h1>")
        elif seconds := self.server.busy.pop(name, 0):
            self._say(503, "application/problem+json", _BUSY, {"Retry-After": str(seconds)})
        else:
            self._pass_on(body, fault)

    def _pass_on(self, body: bytes, fault: Fault) -> None:
        try:
            status, headers, answer = self._ask(body)
        except (OSError, http.client.HTTPException):
            return self._say(502, "text/html", _BAD_GATEWAY)
        if fault == "lost":
            return self._say(502, "text/html", _BAD_GATEWAY)
        self.send_response(status)
        for key, value in headers:
            if key.lower() not in _HOPS:
                self.send_header(key, value)
        if status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer[: len(answer) // 2] if fault == "cut" else answer)
        if fault == "cut":
            self._reset()
        return None

    def _planted(self, file: Path) -> bytes:
        """Return a file of the client, with the fault that a test wants to see caught."""
        text = file.read_text(encoding="utf-8")
        for name, (right, wrong) in self.server.planted.items():
            if CLIENT / name == file:
                assert right in text, f"{name} does not hold what is to be spoiled."
                text = text.replace(right, wrong)
        return text.encode()

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        with contextlib.closing(http.client.HTTPConnection(HOST, self.server.backend, timeout=30)) as backend:
            backend.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = backend.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _say(self, status: int, kind: str, body: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", SECURITY_HEADERS["Content-Security-Policy"])
        for key, value in (more or {}).items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        return


@contextmanager
def gateway(backend: int) -> Iterator[Gateway]:
    """Stand before a server."""
    with Gateway(backend) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield made
        made.heal()
        made.shutdown()
        thread.join()
