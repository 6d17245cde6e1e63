"""Catches what the service would write to its log."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any

import structlog

from api.core import logging as ours
from tests.canaries import WATCH


@contextmanager
def captured_logs(level: str = "DEBUG") -> Iterator[io.StringIO]:
    """Set logging up as `serve` does, with its lines kept here; undo it after."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, was = list(root.handlers), root.level
    root.handlers.clear()  # or basicConfig would close pytest's own
    with redirect_stderr(stream):
        ours.configure(level)
        try:
            yield stream
        finally:
            WATCH.hear("the log", stream.getvalue())
            structlog.reset_defaults()
            logging.raiseExceptions = True
            root.handlers[:] = handlers
            root.setLevel(was)


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines, each of which must be JSON."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]
