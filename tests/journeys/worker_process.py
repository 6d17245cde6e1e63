"""The real worker, as tests fork it: it looks into the queue more often, so that each of its lives can be short."""

from functools import partial

import dbos

from scripts.cli.worker import worker

SOON = 0.02


def serve(host: str, port: int) -> None:
    """Run durable jobs until stopped; a worker listens nowhere."""
    del host, port
    hurried = partial(dbos.DBOS.register_queue, polling_interval_sec=SOON)
    dbos.DBOS.register_queue = hurried  # type: ignore[method-assign] # the service has no setting for it
    worker()
