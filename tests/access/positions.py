"""Every place of a request that can hold an id, found in the OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# What names an object of a study without being a UUID.
NAMES = {"after", "cursor", "instrument", "key", "number", "version"}
# Pointers into a body stop here: a questionnaire's own keys name nothing that is stored elsewhere.
CLOSED_SCHEMAS = {"InstrumentDefinition-Input", "InstrumentDefinition"}
ETAGS = ("If-None-Match", "If-Range")


@dataclass(frozen=True)
class Position:
    """One place: in the path, the query, a header or the body (a pointer whose lists are of one)."""

    route: str
    place: str
    name: str

    def __str__(self) -> str:
        """Name it as a person would."""
        return f"{self.route} {self.place} {self.name}"


def positions(document: dict[str, Any]) -> Iterator[Position]:
    """Walk every parameter and body of every operation."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            route = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                if parameter["name"] in NAMES or _is_id(document, parameter["schema"]):
                    yield Position(route, parameter["in"], parameter["name"])
            content = operation.get("requestBody", {}).get("content", {})
            for schema in (one["schema"] for one in content.values()):
                for pointer in sorted(set(_fields(document, schema, ()))):
                    yield Position(route, "body", "/".join(pointer))


def _fields(
    document: dict[str, Any], schema: dict[str, Any], at: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    if schema.get("$ref", "").rsplit("/", 1)[-1] in CLOSED_SCHEMAS:
        return
    schema = _resolved(document, schema)
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _fields(document, one, at)
    if "items" in schema:
        yield from _fields(document, schema["items"], (*at, "0"))
    for name, inner in schema.get("properties", {}).items():
        if name in NAMES or _is_id(document, inner):
            yield (*at, name)
        else:
            yield from _fields(document, inner, (*at, name))


def _is_id(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    schema = _resolved(document, schema)
    return schema.get("format") == "uuid" or any(_is_id(document, one) for one in schema.get("anyOf", ()))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema
