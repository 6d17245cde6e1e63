"""What every benchmark stands on: databases with leaders in them, servers, load, and the machine."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from api.core import logging
from api.core.config import Settings
from tests.databases import Postgres, copy_sqlite, make_settings, sqlite_template
from tests.journeys.people import enrol
from tests.journeys.server import SERVE, Forker, Server

CONNECTIONS = 16
TWIN = "scripts.benchmarks.twin"


@dataclass
class Run:
    """One measured round of requests."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    """Requests per second; milliseconds; milliseconds of the server's processor time per request."""


@dataclass
class Subject:
    """A running server with the tokens of its leaders."""

    name: str
    settings: Settings
    server: Server
    tokens: list[str]

    def measure(self, requests: list[list[str]], expect: set[str]) -> Run:
        """Send requests over one connection per list, and measure; any other status than expected fails."""
        before = self._cpu()
        wanted = json.dumps({"port": self.server.port, "requests": requests})
        done = subprocess.run(
            [sys.executable, "-m", "scripts.benchmarks.load"],
            input=wanted,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        if not set(found["statuses"]) <= expect:
            raise RuntimeError(f"{self.name} answered {found['statuses']}.")
        cut = quantiles(found["latencies"], n=100)
        count = len(found["latencies"])
        cpu = (self._cpu() - before) / count
        waits = (cut[49] * 1000, cut[94] * 1000, cut[98] * 1000)
        return Run(count / found["seconds"], *waits, cpu * 1000)

    def peak_memory(self) -> float:
        """Return the most memory that the server has held, in MiB."""
        return peak_memory(self._process)

    def _cpu(self) -> float:
        fields = (self._process / "stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def _process(self) -> Path:
        return Path(f"/proc/{self.server.pid}")


def peak_memory(process: Path) -> float:
    """Return the high-water mark of a process's resident memory, in MiB."""
    lines = (process / "status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


@contextmanager
def databases() -> Iterator[dict[str, Settings]]:
    """Make an empty, migrated database of each kind, and one more SQLite file for the twin."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        template = sqlite_template(folder / "template")
        for kind in ("sqlite", "twin"):
            copy_sqlite(template, folder / kind)
        postgres = Postgres(folder / "cluster")
        stack.callback(postgres.stop)
        url = stack.enter_context(postgres.copy())
        yield {
            "sqlite": make_settings(folder / "sqlite"),
            "postgresql": make_settings(folder / "postgresql", url),
            "twin": make_settings(folder / "twin"),
        }


def leaders(settings: Settings) -> list[str]:
    """Fill an empty database with a leader per connection; return their tokens."""
    return [leader.token for leader in enrol(settings, CONNECTIONS)]


@contextmanager
def subjects(prepare: Callable[[Settings], list[str]] = leaders) -> Iterator[dict[str, Subject]]:
    """Start one server process per database, and the storing-nothing twin; `prepare` fills each database."""
    logging.configure("WARNING")
    with databases() as found, ExitStack() as stack:
        forker = Forker()
        stack.callback(forker.close)
        started = {}
        for name, settings in found.items():
            tokens = prepare(settings)
            module = TWIN if name == "twin" else SERVE
            server = stack.enter_context(Server(settings, forker.launch, module))
            started[name] = Subject(name, settings, server, tokens)
        yield started


def request(method: str, path: str, token: str, body: Any) -> str:
    """Write one HTTP/1.1 request as it goes over the wire; the body is ASCII."""
    text = json.dumps(body)
    head = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(text)}",
    ]
    return "\r\n".join([*head, "", text])


def machine() -> str:
    """Describe where this ran."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"
