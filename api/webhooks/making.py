"""Makes an entry of a normalised submission, as a phone would have sent it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import JsonValue
from sqlmodel import Session

from api.core import crypto
from api.core.ids import shaped
from api.core.problems import Invalid
from api.diary.reading import read_entry
from api.instruments import service as instruments
from api.instruments.catalogue import Published
from api.webhooks.mapping import map_answers
from api.webhooks.models import WebhookFieldMap, WebhookSource
from api.webhooks.normalised import Normalised
from schemas.base import FieldError
from schemas.canonical import NotJson, canonical
from schemas.entry import EnteredBy, EntryPut, InputMode
from schemas.instrument import InstrumentDefinition
from schemas.source import FieldMap, SourceOptions


@dataclass
class Made:
    """What a map makes of a submission: an entry, or what is wrong."""

    answers: dict[str, JsonValue] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)
    entry: EntryPut | None = None
    content: bytes = b""

    @property
    def sentence(self) -> str:
        """Say in one sentence what is wrong."""
        return " ".join(f"{error.message} ({error.pointer})" for error in self.errors[:5])[:500]


def field_map(session: Session, source: WebhookSource, version: int | None = None) -> FieldMap | None:
    """Return a version of a source's map, the newest if none is named."""
    row = session.get(WebhookFieldMap, (source.id, source.map_version if version is None else version))
    return FieldMap.model_validate(row.map) if row else None


def published(session: Session, study_id: UUID, key: str) -> Published | None:
    """Return the version of an instrument that is in use."""
    found = [row for row in instruments.current(session, study_id) if row.key == key]
    return Published(found[0].id, _definition(found[0].definition)) if found else None


@lru_cache(maxsize=64)
def _definition(text: str) -> InstrumentDefinition:
    return InstrumentDefinition.model_validate_json(text)


def entry_id(secret: str, source: WebhookSource, submission_id: str) -> UUID:
    """Return the id of a submission's entry: always the same, and nobody can look it up in the tool."""
    return shaped(source.created_at, crypto.derive(secret, "webhook entry", str(source.id), submission_id))


def make(
    normalised: Normalised,
    wanted: FieldMap,
    instrument: Published,
    options: SourceOptions,
    received_at: datetime,
) -> Made:
    """Map a submission and check it against its instrument; nothing is stored."""
    mapped = map_answers(normalised.answers, wanted, options.time_zone)
    made = Made(mapped.answers, mapped.errors, mapped.findings)
    if normalised.warnings:
        made.findings["warnings"] = [one[:200] for one in normalised.warnings[:20]]
    made.errors += instrument.definition.validate_answers(wanted.kind, mapped.answers)
    if not made.errors:
        try:
            made.entry, made.content = read_entry(
                canonical(_body(normalised, wanted, instrument, options, received_at, mapped.answers))
            )
        except NotJson:
            made.errors.append(
                FieldError(pointer="/answers", code="json", message="An answer cannot be written as JSON.")
            )
        except Invalid as problem:
            made.errors += problem.errors or []
    return made


def _body(
    normalised: Normalised,
    wanted: FieldMap,
    instrument: Published,
    options: SourceOptions,
    received_at: datetime,
    answers: dict[str, JsonValue],
) -> dict[str, JsonValue]:
    zone = ZoneInfo(options.time_zone)
    finished = normalised.submitted_at
    happened = normalised.started_at or finished or received_at
    there = happened.astimezone(zone)
    offset = there.utcoffset()
    entry: dict[str, JsonValue] = {
        "instrument": wanted.instrument,
        "version": instrument.definition.version,
        "kind": wanted.kind,
        "answers": answers,
        "happened_at": _written(happened),
        "made_at": _written(normalised.revision_time or finished or received_at),
        "time_zone": options.time_zone,
        "utc_offset": int(offset.total_seconds()) // 60 if offset else 0,
        "local_date": there.date().isoformat(),
        "entered_by": EnteredBy.SURVEY_TOOL.value,
        "input_mode": InputMode.IMPORTED.value,
        "client": {"name": normalised.tool, "version": "webhook"},
    }
    if normalised.started_at:
        entry["started_at"] = _written(normalised.started_at)
    if finished:
        entry["finished_at"] = _written(finished)
    return entry


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
