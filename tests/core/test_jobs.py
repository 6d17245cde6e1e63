"""Durable jobs, run by the real engine: once each, after the commit, and again after a crash."""

import base64
import json
import pickle
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.core import db, jobs
from api.core.config import Settings
from api.core.jobs import JobContext, Jobs, Worker
from tests.core.logs import captured_logs, entries
from tests.databases import ROOT, make_settings

# A worker whose job never ends the first time: only a crash can end it.
WORKER = """
import sys
import threading
from pathlib import Path
from api.core.jobs import Jobs, Worker, job
from tests.databases import make_settings
settings = make_settings(Path(sys.argv[1]))

@job("long")
def long(context, row_id):
    print("began", context.job_id, row_id, flush=True)
    if sys.argv[2] == "first":
        threading.Event().wait()
    print("ended", context.job_id, row_id, flush=True)

worker = Worker(settings)
worker.start()
if sys.argv[2] == "first":
    Jobs(settings).enqueue("long", "row-1")
sys.stdin.readline()
"""


class Diary:
    """What the jobs of a test wrote down."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._more = threading.Condition()

    def __call__(self, context: JobContext, row_id: str) -> None:
        with self._more:
            self.lines.append((context.job_id, row_id))
            self._more.notify_all()

    def wait_for(self, row_id: str) -> None:
        with self._more:
            assert self._more.wait_for(lambda: row_id in [row for _, row in self.lines], timeout=30), (
                self.lines
            )


class Mallorys:
    """What makes a file when it is read from a pickle."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return Path.touch, (self.file,)


@pytest.fixture
def alone(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    made = Diary()
    monkeypatch.setattr(jobs, "_works", {"note": made})
    monkeypatch.setattr(jobs, "_sweeps", [])
    monkeypatch.setattr(jobs, "_chores", [])
    return made


@pytest.fixture
def worker(alone: Settings, diary: Diary) -> Iterator[Worker]:
    made = Worker(alone)
    made.start()
    yield made
    made.stop()


def test_a_job_that_was_asked_for_twice_runs_once(alone: Settings, diary: Diary, worker: Worker) -> None:
    queue = Jobs(alone)
    queue.enqueue("note", "row-1")
    queue.enqueue("note", "row-1")
    diary.wait_for("row-1")
    queue.enqueue("note", "row-1")
    queue.enqueue("note", "row-2")
    diary.wait_for("row-2")
    assert diary.lines == [("note:row-1:0", "row-1"), ("note:row-2:0", "row-2")]


def test_what_waits_in_the_queue_is_json_and_a_pickle_that_somebody_puts_there_is_never_opened(
    alone: Settings, diary: Diary, tmp_path: Path
) -> None:
    queue, opened = Jobs(alone), tmp_path / "opened"
    before = Worker(alone)
    before.start()
    before.stop()
    for row in ("row-1", "row-2"):
        queue.enqueue("note", row)
    with closing(sqlite3.connect(alone.data_dir / "jobs.sqlite3")) as file:
        kept = file.execute(
            "SELECT serialization, i.inputs FROM workflow_status JOIN workflow_input i USING (workflow_uuid) ORDER BY 2"
        ).fetchall()
        assert [(how, json.loads(what)["positionalArgs"]) for how, what in kept] == [
            ("portable_json", ["row-1"]),
            ("portable_json", ["row-2"]),
        ]
        mine = "WHERE workflow_uuid = 'note:row-1:0'"
        pickled = base64.b64encode(pickle.dumps(Mallorys(opened))).decode()
        file.execute(f"UPDATE workflow_status SET serialization = 'py_pickle' {mine}")
        assert file.execute(f"UPDATE workflow_input SET inputs = ? {mine}", [pickled]).rowcount == 1
        file.commit()
    worker = Worker(alone)
    worker.start()
    diary.wait_for("row-2")
    queue.enqueue("note", "row-3")
    diary.wait_for("row-3")
    worker.stop()
    assert [row for _, row in diary.lines] == ["row-2", "row-3"]
    assert not opened.exists()


def test_a_new_attempt_runs_again(alone: Settings, diary: Diary, worker: Worker) -> None:
    queue = Jobs(alone)
    queue.enqueue("note", "row-1")
    diary.wait_for("row-1")
    queue.enqueue("note", "row-1", attempt=1)
    queue.enqueue("note", "row-2")
    diary.wait_for("row-2")
    assert ("note:row-1:1", "row-1") in diary.lines


def test_a_sweep_picks_up_what_nobody_enqueued(
    alone: Settings, diary: Diary, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leftovers(session: Session) -> Iterator[tuple[str, str, int]]:
        yield from (("note", row, 0) for row in ("row-1", "row-2"))

    monkeypatch.setattr(jobs, "_sweeps", [leftovers])
    engine = db.make_engine(alone)
    Jobs(alone).enqueue("note", "row-1")
    assert worker.sweep_once(engine) == 2
    diary.wait_for("row-1")
    diary.wait_for("row-2")
    assert worker.sweep_once(engine) == 2
    Jobs(alone).enqueue("note", "row-3")
    diary.wait_for("row-3")
    assert sorted(row for _, row in diary.lines) == ["row-1", "row-2", "row-3"]
    engine.dispose()


def test_a_worker_sweeps_by_itself(alone: Settings, diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_sweeps", [lambda _: iter([("note", "row-9", 0)])])
    worker = Worker(alone)
    worker.start()
    diary.wait_for("row-9")
    worker.stop()


def test_a_chore_that_fails_is_logged_and_keeps_no_other_from_its_turn(
    alone: Settings, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(engine: Engine, settings: Settings) -> None:
        raise ConnectionError("secret words")

    def sound(engine: Engine, settings: Settings) -> None:
        diary(JobContext(settings, "sound"), "done")

    monkeypatch.setattr(jobs, "_chores", [broken, sound])
    worker = Worker(alone)
    with captured_logs() as log:
        worker.start()
        diary.wait_for("done")
        worker.stop()
    (line,) = [line for line in entries(log) if line["event"] == "chore failed"]
    assert (line["job"], line["error"]) == ("broken", "ConnectionError")
    assert "secret" not in log.getvalue()


def test_a_job_is_enqueued_only_when_its_row_is_stored(alone: Settings, diary: Diary, worker: Worker) -> None:
    queue, engine = Jobs(alone), db.make_engine(alone)

    def lose(row_id: str) -> None:
        with db.transaction(engine) as session:
            queue.enqueue_after(session, "note", row_id)
            raise LookupError

    with pytest.raises(LookupError):
        lose("lost")
    with db.transaction(engine) as session:
        queue.enqueue_after(session, "note", "kept")
    diary.wait_for("kept")
    assert diary.lines == [("note:kept:0", "kept")]
    engine.dispose()


def test_a_queue_that_is_away_does_not_undo_the_row(alone: Settings, diary: Diary) -> None:
    (alone.data_dir / "jobs.sqlite3").mkdir(parents=True)
    engine, done = db.make_engine(alone), False
    with captured_logs() as log:
        with db.transaction(engine) as session:
            Jobs(alone).enqueue_after(session, "note", "row-1")
        done = True
    assert done
    assert [line["job"] for line in entries(log) if line["event"] == "job not enqueued"] == ["note"]
    engine.dispose()


def test_a_job_that_was_killed_is_resumed_at_the_next_start(tmp_path: Path) -> None:
    def run(which: str, wanted: int) -> list[str]:
        """Start a worker, read some lines of it, and kill it."""
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path), which],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout
        found = [process.stdout.readline() for _ in range(wanted)]
        process.kill()
        process.communicate()
        return found

    assert run("first", 1) == ["began long:row-1:0 row-1\n"]
    assert run("second", 2) == ["began long:row-1:0 row-1\n", "ended long:row-1:0 row-1\n"]
