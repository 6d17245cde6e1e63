"""Answers every failure, foreseen or not, as one problem shape."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from api.core import problems
from api.core.database_problem import database_problem
from api.core.logging import request_id
from schemas.base import field_error

_BY_STATUS: dict[int, type[problems.Problem]] = {
    401: problems.Unauthenticated,
    403: problems.Forbidden,
    404: problems.NotFound,
    405: problems.MethodNotAllowed,
    416: problems.RangeNotSatisfiable,
    503: problems.Unavailable,
}


def problem_response(problem: problems.Problem) -> Response:
    """Render a problem."""
    body = problem.body()
    body.request_id = request_id()
    return Response(
        body.model_dump_json(exclude_none=True),
        status_code=problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


def _offered(request: Request) -> set[str]:
    """Return every method that an address offers; the framework knows those of one of its routes only."""
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        if compile_path(route.path or "")[0].match(request.scope["path"])
        for method in route.methods or ()
    }


def install(app: FastAPI) -> None:
    """Register a handler for each way in which a request can fail."""

    @app.exception_handler(problems.Problem)
    async def on_problem(_: Request, error: problems.Problem) -> Response:
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(_: Request, error: RequestValidationError) -> Response:
        errors = [field_error(one["loc"], one["type"], one["msg"]) for one in list(error.errors())[:50]]
        return problem_response(problems.Invalid(errors=errors))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        response = problem_response(_BY_STATUS.get(error.status_code, problems.Problem)())
        if error.status_code == 405:
            response.headers["Allow"] = ", ".join(sorted(_offered(request)))
        return response

    for kind in (DBAPIError, PoolTimeout):

        @app.exception_handler(kind)
        async def on_database(_: Request, error: Exception) -> Response:
            problem = database_problem(error)
            if problem.status == 500:
                raise error
            return problem_response(problem)
