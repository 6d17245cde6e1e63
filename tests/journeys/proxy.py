"""A TCP proxy before PostgreSQL that can fail in the ways in which a network fails."""

import contextlib
import socket
import struct
import threading
from pathlib import Path
from typing import Literal, Self

Mode = Literal["pass", "away", "reset", "stall", "mute", "trickle", "cut after commit"]
"""away: every connection is closed; reset: in the middle of a statement; stall: what comes from either side is
swallowed, and mute: what the database answers; trickle: answers come byte by byte."""
FAULTS: tuple[Mode, ...] = ("away", "reset", "stall", "mute", "trickle", "cut after commit")
_PAUSE = 0.05
_RESET = struct.pack("ii", 1, 0)  # closing with this linger sends a reset


class Proxy:
    """Listens on loopback and forwards to a database's socket, as long as it is told to."""

    def __init__(self, target: Path) -> None:
        self.mode: Mode = "pass"
        self.commits_cut = 0
        self._target = str(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._listener.close()
        self.hang_up()

    def fail(self, mode: Mode) -> None:
        """Begin to fail."""
        self.mode = mode
        if mode == "away":
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
            threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 16):
                if self.mode == "cut after commit" and b"COMMIT" in data:
                    self._cut(client, server, data)
                    return
                if self.mode == "reset":
                    server.sendall(data[: len(data) // 2])
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    client.close()
                elif self.mode != "stall":
                    server.sendall(data)
        if self.mode not in {"stall", "mute"}:  # else the database does not hear that its client has gone
            self._close_both(client, server)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                if self.mode == "trickle":
                    self._trickle(client, data)
                elif self.mode not in {"stall", "mute"}:
                    client.sendall(data)
        self._close_both(client, server)

    def _trickle(self, client: socket.socket, data: bytes) -> None:
        for at in range(len(data)):
            if self.mode != "trickle":
                client.sendall(data[at:])
                return
            client.sendall(data[at : at + 1])
            self._closing.wait(_PAUSE)

    def _cut(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        """Let the COMMIT reach the database and be done, but no word of it reach the client."""
        _close(client)
        server.sendall(data)
        server.shutdown(socket.SHUT_WR)  # the database ends the connection once it has obeyed
        self.commits_cut += 1

    def _close_both(self, *both: socket.socket) -> None:
        for one in both:
            _close(one)
        self._open -= {*both}


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
