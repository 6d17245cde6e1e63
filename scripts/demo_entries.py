"""Writes one synthetic person's diary, entry by entry, as their phone would send it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.core.ids import new_id
from schemas.instrument import InstrumentDefinition
from scripts.demo_answers import plausible_answers

_ZONE = "Europe/London"
_DIARY = ("decision", "moment", "day", "decision", "nothing_to_report", "moment", "decision", "followup")
_LAST = ("journey", "incident")
_DAYS_APART = 4


def diary_of(
    number: int, definition: InstrumentDefinition, began: datetime, random: Random
) -> Iterator[tuple[UUID, bytes]]:
    """Yield the id and the body of each entry of one person, the earliest first: nine over five weeks."""
    first_decision: UUID | None = None
    for place, kind in enumerate((*_DIARY, _LAST[number % len(_LAST)])):
        entry_id = new_id()
        first_decision = first_decision or entry_id
        happened = began + timedelta(
            days=place * _DAYS_APART + random.randrange(_DAYS_APART - 1), hours=random.randint(0, 9)
        )
        body = entry_body(definition, kind, happened, random)
        if kind == "followup":
            body["follows"] = str(first_decision)
        yield entry_id, json.dumps(body).encode()


def entry_body(
    definition: InstrumentDefinition, kind: str, happened: datetime, random: Random
) -> dict[str, Any]:
    """Return one entry as the JSON that a phone sends."""
    happened = happened.astimezone(UTC).replace(second=0, microsecond=0)
    made = happened + timedelta(minutes=random.randint(1, 240))
    local = happened.astimezone(ZoneInfo(_ZONE))
    offset = local.utcoffset() or timedelta()
    return {
        "instrument": definition.key,
        "version": definition.version,
        "kind": kind,
        "answers": plausible_answers(definition, kind, random),
        "happened_at": happened.isoformat(),
        "made_at": made.isoformat(),
        "started_at": (made - timedelta(seconds=random.randint(30, 170))).isoformat(),
        "finished_at": made.isoformat(),
        "time_zone": _ZONE,
        "utc_offset": int(offset.total_seconds() // 60),
        "local_date": local.date().isoformat(),
        "entered_by": "assistant_on_behalf" if random.random() < 0.1 else "self",
        "input_mode": random.choice(("typed", "dictated", "mixed")),
        "client": {"name": "daybook-demonstration", "version": "1"},
    }
