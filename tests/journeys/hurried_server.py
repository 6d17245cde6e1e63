"""The real server with its worker inside, as tests fork it: it looks into the queue more often."""

from functools import partial

import dbos

from api.webhooks import waking
from scripts.cli import serve as real

SOON = 0.02


def serve(host: str, port: int) -> None:
    """Serve, and run durable jobs."""
    hurried = partial(dbos.DBOS.register_queue, polling_interval_sec=SOON)
    dbos.DBOS.register_queue = hurried  # type: ignore[method-assign] # the service has no setting for it
    vars(waking)["SOON"] = SOON
    real.serve(host=host, port=port)
