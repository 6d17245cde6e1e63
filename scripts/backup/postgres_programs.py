"""Runs pg_dump and pg_restore as streams, and says in a sentence why they failed."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.engine import make_url

from api.core.config import Settings
from api.core.storage import Readable
from scripts.backup.archive import pieces
from scripts.backup.refusals import NotDone

_OURS = ("--no-password", "--no-owner", "--no-privileges", "--format=custom")


@contextmanager
def dump(settings: Settings, program: str, snapshot: str) -> Iterator[Readable]:
    """Give what pg_dump writes of one snapshot; the queue of jobs is left out, for the rows are the truth."""
    own = ("--exclude-schema=dbos", "--lock-wait-timeout=60s", f"--snapshot={snapshot}")
    with tempfile.TemporaryFile() as said:
        with _run(
            [program, *_OURS, *own, _database(settings)], settings, said, stdout=subprocess.PIPE
        ) as running:
            yield running.stdout  # type: ignore[misc] # a pipe was asked for
        _refuse_failure(running, said)


def feed(settings: Settings, program: str, source: Readable) -> None:
    """Give a dump to pg_restore, which stores all of it in one transaction or nothing."""
    own = ("--single-transaction", "--exit-on-error")
    with tempfile.TemporaryFile() as said:
        with (
            _run(
                [program, *_OURS, *own, _database(settings)], settings, said, stdin=subprocess.PIPE
            ) as running,
            suppress(BrokenPipeError),  # it ended early: its status says so
            running.stdin as pipe,  # type: ignore[union-attr] # a pipe was asked for
        ):
            for piece in pieces(source):
                pipe.write(piece)
        _refuse_failure(running, said)


def find(settings: Settings, name: str) -> str:
    """Return where a program is."""
    found = shutil.which(name, path=settings.pg_bin or None)
    if found is None:
        raise NotDone(
            f"{name} was not found. Install PostgreSQL's client programs, or set DAYBOOK_PG_BIN to their folder."
        )
    return found


def find_pg_dump(settings: Settings, server: int) -> str:
    """Return where pg_dump is; refuse one that is older than the server, which it could not dump."""
    program = find(settings, "pg_dump")
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - the operator's own program
    found = re.search(r"\(PostgreSQL\) (\d+)", shown)
    if found and int(found[1]) >= server:
        return program
    raise NotDone(
        f"pg_dump is of PostgreSQL {found[1] if found else '?'}, the server is {server}: an older one cannot dump it. "
        "Set DAYBOOK_PG_BIN to the folder of the newer programs."
    )


def place(settings: Settings, database: str | None = None) -> dict[str, Any]:
    """Return how to connect to a database of the configured server."""
    url = make_url(settings.database).set(drivername="postgresql")
    given = dict(conninfo_to_dict(url.render_as_string(hide_password=False)))
    return given | {"connect_timeout": 10} | ({"dbname": database} if database else {})


def _run(arguments: list[str], settings: Settings, said: BinaryIO, **pipes: int) -> "subprocess.Popen[bytes]":
    # A command line is read by every user of the machine: the password goes by the environment.
    secret = {"PGPASSWORD": str(place(settings).get("password") or "")}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    return subprocess.Popen(arguments, **(quiet | pipes), stderr=said, env=os.environ | secret)  # type: ignore[call-overload,no-any-return] # noqa: S603 - the operator's own program


def _database(settings: Settings) -> str:
    open_facts = {name: value for name, value in place(settings).items() if name != "password"}
    return f"--dbname={make_conninfo(**open_facts)}"


def _refuse_failure(ran: "subprocess.Popen[bytes]", said: BinaryIO) -> None:
    if ran.returncode == 0:
        return
    said.seek(0)
    lines = said.read(4096).decode(errors="replace").splitlines()
    first = next((line for line in lines if "error:" in line), "").split('"')[
        0
    ]  # quoted words may be somebody's
    raise NotDone(f"PostgreSQL's program ended with status {ran.returncode}. {first}".strip())
