"""Makes an entry out of a row, as a phone would have sent it, and reads it by the phones' own door."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from api.auth.principals import ParticipantPrincipal
from api.core.problems import Invalid
from api.diary.operations import Put, prepare
from api.diary.reading import read_entry
from api.instruments.catalogue import Published
from schemas.canonical import NotJson, canonical
from schemas.entry import EnteredBy, InputMode
from scripts.importers.mpath.instants import BadRow, Times, zone
from scripts.importers.mpath.instrument import Mapping
from scripts.importers.mpath.mappers import Lost
from scripts.importers.mpath.reading import Row
from scripts.importers.mpath.report import Report

CLIENT: dict[str, JsonValue] = {"name": "m-path", "version": "export"}


def answers(mapping: Mapping, row: Row, report: Report) -> dict[str, JsonValue]:
    """Return a row's answers; a cell that cannot be one is counted and left out."""
    found: dict[str, JsonValue] = {}
    for mapper in mapping.forms.get(row["questionListName"], ()):
        if row[mapper.item.column]:
            try:
                found |= mapper.answers(row)
            except Lost as lost:
                report.lost[mapper.item.column, str(lost)].append(row.line)
    return found


def body(
    mapping: Mapping, published: Published, row: Row, at: Times, place: str, found: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    """Return the entry of an answered row: it happened when it was started, in that place's time."""
    assert at.started  # noqa: S101 - the caller has looked
    stopped = at.stopped or at.started
    entry: dict[str, JsonValue] = {
        "instrument": published.definition.key,
        "version": published.definition.version,
        "kind": mapping.lists[row["questionListName"]].kind,
        "answers": found,
        "happened_at": _written(at.started),
        "made_at": _written(stopped),
        "started_at": _written(at.started),
        "time_zone": place,
        "utc_offset": int(at.offset.total_seconds()) // 60,
        "local_date": at.started.astimezone(ZoneInfo(place)).date().isoformat(),
        "entered_by": EnteredBy.SELF.value,
        "input_mode": InputMode.IMPORTED.value,
        "client": CLIENT,
    }
    return entry | ({"finished_at": _written(at.stopped)} if at.stopped else {})


def operation(
    principal: ParticipantPrincipal, entry_id: UUID, raw: dict[str, JsonValue], published: Published
) -> Put:
    """Return the operation that stores an entry, or raise BadRow."""
    try:
        entry, content = read_entry(canonical(raw))
        return prepare(principal, entry_id, entry, content, published, None)
    except NotJson:
        raise BadRow("it cannot be written as JSON") from None
    except Invalid as problem:
        wrong = sorted({f"{error.pointer} {error.code}" for error in problem.errors or []})
        raise BadRow(f"its instrument refuses it: {', '.join(wrong)}") from None


def place_of(home: str, at: Times) -> str:
    """Return the zone of an answered row at the instant when it was started."""
    assert at.started  # noqa: S101 - the caller has looked
    return zone(home, at.started, at.offset)


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
