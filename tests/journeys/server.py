"""A real server process: started on a free port, asked over TCP, stopped or killed with -9, its log kept."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import httpx
from pydantic import SecretStr

from api.core.config import Settings
from tests.canaries import WATCH

HOST = "127.0.0.1"
SERVE = "scripts.cli.serve"
PATIENCE = 30.0
Launch = Callable[[str, int, dict[str, str], Path], int]
"""Starts the `serve` of a module on a port, with an environment and a log file; returns the process id."""


class Server:
    """One server of one database; it may die and be started again on the same port."""

    def __init__(self, settings: Settings, launch: Launch, module: str = SERVE) -> None:
        self.settings = settings
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.log_path = settings.data_dir / f"server-{self.port}.log"
        self.pid: int | None = None
        self._launch, self._module = launch, module

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        WATCH.hear("the log of a server", self.log())

    def start(self, *, ready: bool = True) -> Self:
        """Start the process; wait until it is ready to serve, or only until it lives."""
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.pid = self._launch(self._module, self.port, environment(self.settings), self.log_path)
        self.wait_for("/health/ready" if ready else "/health/live")
        return self

    def wait_for(self, path: str, seconds: float = PATIENCE) -> float:
        """Wait until an address answers 200; return the seconds that took."""
        started = time.monotonic()
        with httpx.Client(base_url=self.url, timeout=5, trust_env=False) as client:
            while time.monotonic() - started < seconds:
                try:
                    if client.get(path).status_code == 200:
                        return time.monotonic() - started
                except httpx.TransportError:
                    pass
                if not self.alive:
                    break
                time.sleep(0.01)
        raise AssertionError(f"The server did not answer {path}. Its log ends: {self.log()[-2000:]}")

    def kill(self) -> None:
        """End the process with -9: it gets no chance to finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the process as an operator does, if it runs; it must not need to be killed."""
        if self.alive:
            self._end(signal.SIGTERM)

    @property
    def alive(self) -> bool:
        """Say whether the process exists."""
        if self.pid is None:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def log(self) -> str:
        """Return everything the server has written, over all its lives."""
        return self.log_path.read_text() if self.log_path.exists() else ""

    def _end(self, name: signal.Signals) -> None:
        assert self.pid is not None
        os.kill(self.pid, name)
        until = time.monotonic() + PATIENCE
        while self.alive:
            assert time.monotonic() < until, f"The server ignored {name.name}. {self.log()[-2000:]}"
            time.sleep(0.005)
        self.pid = None


class Forker:
    """Keeps a process that has imported the service, and forks servers from it: a start costs no second import.

    `modules` are what it imports, instead of what a server needs.
    """

    def __init__(self, *modules: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.forking", *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=clean,
            text=True,
        )

    def launch(self, module: str, port: int, given: dict[str, str], log: Path) -> int:
        """Fork a server; see Launch."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([module, HOST, port, given, str(log)]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the process, and with it every server that it forked."""
        self._process.communicate(timeout=PATIENCE)


def environment(settings: Settings) -> dict[str, str]:
    """Write settings as the environment that an operator would set."""
    found = {}
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        found[f"DAYBOOK_{name.upper()}"] = str(plain)
    return found


def free_port() -> int:
    """Return a port that nobody listens on, below those the system gives to clients.

    A client that knocks at a closed port of that range may be given the same port and so connect to itself.
    """
    while True:
        port = random.SystemRandom().randrange(12_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port
