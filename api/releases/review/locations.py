"""Where entries hold free text that a release may show once it is reviewed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from pydantic import JsonValue
from pydantic_core import from_json
from sqlmodel import Session

from api.instruments import service as instruments
from api.releases.review.models import TextReview
from api.releases.slots import Version, slots_of


class Location(NamedTuple):
    """The place of a text in an entry: outside of a repeat, `item` is -1 and `part` empty."""

    question: str
    item: int
    part: str


@dataclass(frozen=True)
class Texts:
    """Which questions of each instrument version are answered by text that is to be reviewed."""

    _asked: Mapping[UUID, Mapping[str, frozenset[str]]]

    def of(self, instrument_version_id: UUID, content: bytes) -> dict[Location, str]:
        """Return the texts of an entry's content."""
        asked = self._asked.get(instrument_version_id, {})
        answers = from_json(content)["answers"]
        return {
            place: text
            for key, parts in asked.items()
            if key in answers
            for place, text in _texts(key, parts, answers[key])
        }


def texts_of(session: Session, study_id: UUID) -> Texts:
    """Return what of a study's entries is to be reviewed: what a release shows as text."""
    versions = [
        Version(row.id, instruments.parse(row))
        for row in instruments.versions(session, study_id, drafts=False)
    ]
    asked: dict[str, dict[str, frozenset[str]]] = {}
    for slot in slots_of(versions, (), texts=True):
        parts = {""} if slot.is_text else {child.key for child in slot.children if child.is_text}
        asked.setdefault(slot.instrument, {})[slot.key] = frozenset(parts)
    return Texts({version.id: asked.get(version.definition.key, {}) for version in versions})


def place_of(row: TextReview) -> Location:
    """Return the place that a row is about."""
    return Location(row.question, row.item, row.part)


def text_at(content: bytes, place: Location) -> str:
    """Return the text at a place of an entry's content; empty if there is none."""
    answer: JsonValue = from_json(content)["answers"].get(place.question)
    if place.item >= 0:
        items = answer if isinstance(answer, list) else []
        item = items[place.item] if place.item < len(items) else None
        answer = item.get(place.part) if isinstance(item, dict) else None
    return answer if isinstance(answer, str) else ""


def _texts(key: str, parts: frozenset[str], answer: JsonValue) -> Iterator[tuple[Location, str]]:
    if isinstance(answer, str) and "" in parts:
        yield Location(key, -1, ""), answer
    elif isinstance(answer, list):
        for number, item in enumerate(answer):
            for part in sorted(parts):
                if isinstance(item, dict) and isinstance(text := item.get(part), str):
                    yield Location(key, number, part), text
