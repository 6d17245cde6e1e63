"""Describes the API for client generators and fuzzers."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from schemas.entry import SyncRequest
from schemas.problem import ProblemBody

DESCRIPTION = (
    "The backend of day-in-the-life diary studies. Phones store entries exactly once; researchers pull "
    "de-identified releases with a stated risk. Every refusal is a problem (RFC 9457), listed in docs/problems.md."
)
TAGS = {
    "operations": "Probes and metrics for the operator.",
    "client": "The phone client's own version.",
    "session": "A participant's device sessions.",
    "staff": "Accounts of staff: invitation, sign-in, members, tokens.",
    "studies": "Studies and their documents.",
    "instruments": "Versioned questionnaires.",
    "participants": "Joining, profile, contact data, withdrawal.",
    "prompts": "Planned occasions to make an entry.",
    "diary": "Entries, exactly once.",
    "releases": "De-identified releases.",
}


def describe(app: FastAPI) -> None:
    """Give an application its OpenAPI document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # FastAPI's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary="Diary studies: offline-safe entries in, de-identified releases out.",
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": "/"}],
    )
    schemas = found["components"]["schemas"]
    _, extra = models_json_schema(
        [(SyncRequest, "validation"), (ProblemBody, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    for name, schema in extra["$defs"].items():
        schemas.setdefault(name, schema)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operations in found["paths"].values():
        for operation in operations.values():
            _answer_problems(operation)
    return found


def _answer_problems(operation: dict[str, Any]) -> None:
    """Every refusal has one shape."""
    operation["responses"].pop("422", None)
    for status, text in (("4XX", "Refused; see docs/problems.md."), ("5XX", "Try again later.")):
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
        operation["responses"][status] = {"description": text, "content": content}
