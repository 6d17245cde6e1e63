"""Reads the bodies of the ingest doors: canonical bytes first, so that hash and validation see the same."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue, ValidationError

from api.core.problems import Invalid
from api.diary.problems import SyncTooLarge
from schemas.base import FieldError, field_errors
from schemas.canonical import NotJson, canonical, parse
from schemas.entry import EntryPut, SyncEnvelope

SYNC_BYTES = 262_144
_NOT_JSON = FieldError(pointer="/", code="json_invalid", message="The body is not sound JSON.")


@dataclass(frozen=True)
class Wanted:
    """One operation of a sync as it was read: an entry to store, or none to delete."""

    id: UUID
    entry: EntryPut | None
    content: bytes


def read_entry(raw: bytes) -> tuple[EntryPut, bytes]:
    """Return the entry that a body holds and its canonical bytes, or raise Invalid."""
    try:
        return _entry(parse(raw))
    except NotJson:
        raise Invalid(errors=[_NOT_JSON]) from None


def _entry(value: JsonValue) -> tuple[EntryPut, bytes]:
    try:
        content = canonical(value)
        return EntryPut.model_validate_json(content, strict=True), content
    except NotJson:
        raise Invalid(errors=[_NOT_JSON]) from None
    except ValidationError as error:
        raise Invalid(errors=field_errors(error)) from None


def read_sync(raw: bytes) -> SyncEnvelope:
    """Return a sync whose operations are still to be read, or raise Invalid or SyncTooLarge."""
    if len(raw) > SYNC_BYTES:
        raise SyncTooLarge(f"The limit is {SYNC_BYTES} bytes and 50 operations.")
    try:
        return SyncEnvelope.model_validate(parse(raw or b"{}"), strict=True)
    except NotJson:
        raise Invalid(errors=[_NOT_JSON]) from None
    except ValidationError as error:
        raise Invalid(errors=field_errors(error)) from None


def operation_id(raw: JsonValue) -> UUID | None:
    """Return the id that an operation names, however wrong the rest of it is."""
    try:
        return UUID(str(raw["id"])) if isinstance(raw, dict) else None
    except (KeyError, ValueError):
        return None


def read_operation(raw: JsonValue) -> Wanted:
    """Return one operation of a sync, or raise Invalid."""
    entry_id = operation_id(raw)
    if not isinstance(raw, dict) or entry_id is None:
        raise Invalid(errors=[FieldError(pointer="/id", code="uuid", message="An operation needs an id.")])
    match raw.get("op"):
        case "delete" if raw.keys() == {"op", "id"}:
            return Wanted(entry_id, None, b"")
        case "put" if raw.keys() == {"op", "id", "entry"}:
            return Wanted(entry_id, *_entry(raw["entry"]))
    raise Invalid(
        errors=[
            FieldError(pointer="/op", code="op", message="An operation is a put with an entry, or a delete.")
        ]
    )
