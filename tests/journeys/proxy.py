"""A TCP proxy before PostgreSQL that can go away, or cut the line right after a COMMIT."""

import contextlib
import socket
import threading
from pathlib import Path
from typing import Literal, Self

Mode = Literal["pass", "away", "cut after commit"]


class Proxy:
    """Listens on loopback and forwards to a database's socket, as long as it is told to."""

    def __init__(self, target: Path) -> None:
        self.mode: Mode = "pass"
        self.commits_cut = 0
        self._target = str(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.hang_up()

    def go_away(self) -> None:
        """Close every connection, and every one to come."""
        self.mode = "away"
        self.hang_up()

    def hang_up(self) -> None:
        """Close every connection."""
        for one in list(self._open):
            _close(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.mode == "away":
                _close(client)
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            self._open |= {client, server}
            for source, target, asks in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._forward, args=(source, target, asks), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if asks and self.mode == "cut after commit" and b"COMMIT" in data:
                    self._cut(source, target, data)
                    break
                target.sendall(data)
        _close(source)
        _close(target)
        self._open -= {source, target}

    def _cut(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        """Let the COMMIT reach the database and be done, but no word of it reach the client."""
        _close(client)
        server.sendall(data)
        server.shutdown(socket.SHUT_WR)  # the database ends the connection once it has obeyed
        self.commits_cut += 1


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
