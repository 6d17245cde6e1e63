"""`daybook worker`."""

import signal
import threading

from api.core.jobs import Worker
from scripts.cli.operating import settings


def worker() -> None:
    """Run durable jobs, such as releases, until stopped."""
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    running = Worker(settings())
    running.start()
    stopping.wait()
    running.stop()
