"""The real worker, as tests fork it: it looks for work more often, by a clock that the test sets."""

import os
from datetime import datetime
from functools import partial
from pathlib import Path

import dbos

from api.core import clock, jobs
from scripts.cli import worker as real

CLOCK, LOOKING = "TEST_CLOCK", "TEST_LOOKING"
SOON = 0.05


def serve(host: str, port: int) -> None:
    """Run durable jobs; a worker listens nowhere."""
    path, soon = Path(os.environ[CLOCK]), float(os.environ.get(LOOKING, SOON))
    clock.now = lambda: datetime.fromisoformat(path.read_text())
    jobs.SWEEP_SECONDS = soon  # type: ignore[assignment] # how long it waits; what it is called by stays as it was
    hurried = partial(dbos.DBOS.register_queue, polling_interval_sec=soon)
    dbos.DBOS.register_queue = hurried  # type: ignore[method-assign] # the service has no setting for it
    real.worker()
