"""Log lines carry allow-listed keys only, and nothing of a library's exception."""

import errno
import logging
from contextlib import redirect_stderr
from io import StringIO

from api.core.logging import ALLOWED, log, set_request_id, where
from tests.core.logs import captured_logs, entries

CANARY = "Whether to close the library"


def test_a_key_that_nobody_allowed_is_dropped() -> None:
    with captured_logs() as stream:
        log().info("request", route="/v1/me", status=200, headline=CANARY, answers={"a": CANARY}, body=CANARY)
    (line,) = entries(stream)
    assert line.keys() - {"request_id"} == {"event", "level", "timestamp", "route", "status"}
    assert not {"headline", "answers", "body", "detail", "email", "code", "token", "exception"} & ALLOWED


def test_an_exception_never_brings_its_text() -> None:
    with captured_logs() as stream:
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            log().error("failed", error=type(error).__name__, where=where(error), exc_info=True)
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
            logging.getLogger("sqlalchemy").exception("INSERT INTO entry VALUES (%s)", CANARY)
    assert CANARY not in stream.getvalue()
    ours, uvicorn, library = entries(stream)
    assert ours["error"] == "ValueError"
    assert ours["where"].endswith(":test_an_exception_never_brings_its_text")
    assert (uvicorn["event"], uvicorn["error"]) == ("Exception in ASGI application", "ValueError")
    assert (library["event"], library["logger"]) == ("a library's message was left out", "sqlalchemy")


def test_a_library_s_line_that_cannot_be_formatted_tells_nothing() -> None:
    with captured_logs() as stream:
        logging.getLogger("uvicorn.error").error("%s of %s", CANARY)  # noqa: PLE1206 - the mistake is meant
    assert CANARY not in stream.getvalue()


def test_the_level_is_obeyed() -> None:
    with captured_logs("WARNING") as stream:
        log().info("request")
        log().warning("job not enqueued")
    assert [line["event"] for line in entries(stream)] == ["job not enqueued"]


def test_a_line_names_its_request() -> None:
    with captured_logs() as stream:
        set_request_id("phone-1234")
        log().info("request")
    assert entries(stream)[0]["request_id"] == "phone-1234"


class FullDisk(StringIO):
    """A file to which nothing can be written."""

    def write(self, _: str) -> int:
        """Refuse."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_cannot_be_written_stops_nothing() -> None:
    with captured_logs() as stream:
        with redirect_stderr(FullDisk()):
            log().error("batch failed")
            log().info("request")
        log().info("request")
    assert [line["event"] for line in entries(stream)] == ["request"]
