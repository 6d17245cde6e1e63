"""JSON log lines with allow-listed keys only: diary text has no key to travel by."""

import logging
import sys
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import structlog

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "logger",
        "request_id",
        "method",
        "route",
        "status",
        "duration_ms",
        "bytes",
        "error",
        "where",
        "job",
        "job_id",
        "attempt",
        "study_id",
        "release_id",
        "participant_id",
        "count",
        "rows",
        "worker",
        "version",
        "setting",
        "slug",
    ]
)
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def request_id() -> str | None:
    """Return the id of the request being served, if any."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Name the request that this context serves."""
    _request_id.set(value)


def _keep_allowed(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    kept = {key: value for key, value in event.items() if key in ALLOWED}
    if current := _request_id.get():
        kept.setdefault("request_id", current)
    return kept


class _Lines(structlog.PrintLogger):
    """Prints lines; one that cannot be written (a full disk) is lost, but not the work that it tells of."""

    def msg(self, message: str) -> None:
        """Print a line."""
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = msg


class _LibraryFormatter(logging.Formatter):
    """Writes a library's line as JSON, without its exception text, which may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.startswith(("uvicorn", "daybook", "dbos", "alembic"))
        line = {
            "event": record.getMessage() if own else "a library's message was left out",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return str(structlog.processors.JSONRenderer()(None, "", line))


def configure(level: str) -> None:
    """Send every log line of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LibraryFormatter())
    logging.raiseExceptions = False  # otherwise a line that cannot be formatted is printed with its arguments
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "dbos"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.error").setLevel(level)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        # Looked up at each line: what stood here at the start may have been closed since, as test runners do.
        logger_factory=lambda *_: _Lines(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log() -> structlog.typing.FilteringBoundLogger:
    """Return the logger."""
    return structlog.get_logger()  # type: ignore[no-any-return] # structlog types its proxy as Any


def where(error: BaseException) -> str:
    """Say where an error arose, by file and line, without its text."""
    trace = error.__traceback__
    places = []
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return " > ".join(places[-8:])
