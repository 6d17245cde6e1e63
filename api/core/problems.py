"""Problems (RFC 9457): every refusal is one of these, and has one shape.

Problem
 +- BadRequest 400, Unauthenticated 401, Forbidden 403, NotFound 404, MethodNotAllowed 405
 +- BodyTooSlow 408, Conflict 409, Gone 410, BodyTooLarge 413, RangeNotSatisfiable 416, Invalid 422
 +- TooManyAttempts 429
 +- Unexpected 500, Unavailable 503
A feature names its own in its problems.py.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from schemas.base import FieldError
from schemas.problem import ProblemBody

URN = "urn:daybook:problem:"


class Problem(Exception):
    """A refusal with a status, a stable slug and a sentence that a leader could read."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request could not be understood."

    def __init__(
        self, detail: str | None = None, *, errors: list[FieldError] | None = None, **extra: Any
    ) -> None:
        super().__init__(self.slug)
        self.detail = detail
        self.errors = errors
        self.extra = extra

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that the answer needs beside its body."""
        return {}

    def body(self) -> ProblemBody:
        """Return the problem as it crosses the wire."""
        return ProblemBody(
            type=URN + self.slug,
            title=self.title,
            status=self.status,
            detail=self.detail,
            errors=self.errors,
            **self.extra,
        )


class Unauthenticated(Problem):
    """No credentials, or none that are valid now."""

    status, slug, title = 401, "unauthenticated", "Please sign in."

    @property
    def headers(self) -> dict[str, str]:
        """Name the scheme, as RFC 9110 asks of a 401."""
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(Problem):
    """A known member without the verb."""

    status, slug, title = 403, "forbidden", "Your role does not allow this."


class NotFound(Problem):
    """Nothing here that the caller may know of."""

    status, slug, title = 404, "not-found", "There is nothing here."


class MethodNotAllowed(Problem):
    """The address exists, the method does not."""

    status, slug, title = 405, "method-not-allowed", "This address does not offer that method."


class BodyTooSlow(Problem):
    """The body did not arrive in time."""

    status, slug, title = 408, "body-too-slow", "The request took too long to arrive. Please try again."

    @property
    def headers(self) -> dict[str, str]:
        """End the connection: the rest of the body may still come, or never."""
        return {"Connection": "close"}


class Conflict(Problem):
    """Somebody else changed the same thing."""

    status, slug, title = 409, "conflict", "This was changed at the same time. Please reload and try again."


class Gone(Problem):
    """It was here and will never be again."""

    status, slug, title = 410, "gone", "This was deleted."


class BodyTooLarge(Problem):
    """The body is over the limit."""

    status, slug, title = 413, "body-too-large", "The request is too large."


class RangeNotSatisfiable(Problem):
    """The asked range lies outside the file."""

    status, slug, title = 416, "range-not-satisfiable", "The asked part lies outside the file."


class Invalid(Problem):
    """Some fields are wrong; `errors` says which."""

    status, slug, title = 422, "invalid", "Some answers need your attention."


class TooManyAttempts(Problem):
    """Too many attempts failed from this address or for this account; `Retry-After` says when to come back."""

    status, slug, title = (
        429,
        "too-many-attempts",
        "Too many attempts have failed. Please wait a few minutes and try again.",
    )

    def __init__(self, *, retry_after: int = 1) -> None:
        super().__init__()
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Say in how many whole seconds there is room again."""
        return {"Retry-After": str(self.retry_after)}


class Unexpected(Problem):
    """A fault of ours; the request id finds it in the log."""

    status, slug, title = (
        500,
        "unexpected",
        "Something went wrong on our side. Nothing was stored; please try again.",
    )


class Unavailable(Problem):
    """The database or a file store is away for the moment."""

    status, slug, title = (
        503,
        "unavailable",
        "The service is busy or restarting. Please try again in a moment.",
    )

    @property
    def headers(self) -> dict[str, str]:
        """Say when to come back."""
        return {"Retry-After": "5"}


def all_problems(parent: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Yield every problem that the loaded code can answer, parents first."""
    yield parent
    for child in parent.__subclasses__():
        yield from all_problems(child)
