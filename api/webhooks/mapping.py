"""Turns a tool's answers into an entry's by a field map: pure, and it guesses nothing.

What does not fit is a sentence for the researcher; no sentence repeats what somebody answered.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from api.webhooks.normalised import Answer
from schemas.base import FieldError
from schemas.source import FieldMap, MapRow, Transform

_PERSONAL = ("email", "phone", "address", "contact", "signature", "file", "upload")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_NAME = 200
_MOST_NAMES = 200


class Mismatch(Exception):
    """An answer that its row of the map cannot turn into ours; the sentence says why."""


@dataclass
class Mapped:
    """An entry's answers, what is wrong, and what the researcher should know."""

    answers: dict[str, JsonValue] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: str, name: str) -> None:
        """Note something of one of the tool's answers, by its name."""
        names = self.findings.setdefault(what, [])
        if name not in names and len(names) < _MOST_NAMES:
            names.append(name.replace("\x00", "")[:_LONGEST_NAME])


def map_answers(answers: Sequence[Answer], field_map: FieldMap, time_zone: str) -> Mapped:
    """Return an entry's answers, by the question that each belongs to."""
    mapped, used = Mapped(), set()
    for number, row in enumerate(field_map.rows):
        found = [place for place, one in enumerate(answers) if row.answer_key in {one.key, one.alt_key}]
        used |= set(found)
        given = [answers[place] for place in found if not _is_empty(answers[place])]
        try:
            value = _one(row, given, mapped, time_zone)
            if value is None and row.required:
                raise Mismatch("this answer is required, and it is missing.")
            if value is not None and row.question in mapped.answers:
                raise Mismatch("another row of the map answers the same question.")
        except Mismatch as wrong:
            words = f"{row.answer_key}: {wrong}"
            mapped.errors.append(FieldError(pointer=f"/rows/{number}", code="mismatch", message=words))
            continue
        if value is not None:
            mapped.answers[row.question] = value
    for place, one in enumerate(answers):
        if place not in used and not _is_empty(one):
            mapped.note("unmapped", one.key)
    return mapped


def _one(row: MapRow, given: Sequence[Answer], mapped: Mapped, time_zone: str) -> JsonValue:
    if not given:
        return None
    if len(given) > 1:
        raise Mismatch("the tool gave several answers of this name.")
    answer = given[0]
    if answer.type and any(word in answer.type.lower() for word in _PERSONAL):
        raise Mismatch("this is contact data or a file, which does not belong in a diary.")
    value = _CONVERTERS[row.transform](answer, row.value_map, time_zone)
    clean = _without_nul(value)
    if clean != value:
        mapped.note("nul_removed", answer.key)
    return clean


def _as_is(answer: Answer, values: Mapping[str, str], _zone: str) -> JsonValue:
    return values.get(answer.value, answer.value) if isinstance(answer.value, str) else answer.value


def _text(answer: Answer, _values: Mapping[str, str], _zone: str) -> JsonValue:
    match answer.value:
        case str():
            return answer.value
        case int() | float() if not isinstance(answer.value, bool):
            return str(answer.value)
    raise Mismatch("this is not a text.")


def _integer(answer: Answer, values: Mapping[str, str], _zone: str) -> JsonValue:
    match _mapped_text(answer.value, values):
        case bool():
            pass
        case int() as number:
            return number
        case float() as number if number.is_integer():
            return int(number)
        case str() as text if _WHOLE.fullmatch(text.strip()):
            return int(text)
    raise Mismatch("this is not a whole number.")


def _number(answer: Answer, values: Mapping[str, str], _zone: str) -> JsonValue:
    match _mapped_text(answer.value, values):
        case bool():
            pass
        case int() | float() as number:
            return number
        case str() as text if _DECIMAL.fullmatch(text.strip()):
            return float(text)
    raise Mismatch("this is not a number written with a decimal point.")


def _yes_no(answer: Answer, values: Mapping[str, str], _zone: str) -> JsonValue:
    if isinstance(answer.value, bool):
        return answer.value
    said = {values[word] for word in _words(answer) if word in values}
    if len(said) == 1 and said <= {"yes", "no", "true", "false"}:
        return said <= {"yes", "true"}
    raise Mismatch("this is neither yes nor no; say in the value map which answer means which.")


def _choice(answer: Answer, values: Mapping[str, str], _zone: str) -> JsonValue:
    chosen = _chosen(answer, values)
    if len(chosen) > 1:
        raise Mismatch("several options were chosen where one is expected.")
    return chosen[0]


def _choices(answer: Answer, values: Mapping[str, str], _zone: str) -> JsonValue:
    return list(dict.fromkeys(_chosen(answer, values)))


def _chosen(answer: Answer, values: Mapping[str, str]) -> list[str]:
    """Return our option for each of the tool's, known by its id or its words."""
    return [_option(names, values) for names in _options(answer)]


def _option(names: Sequence[str], values: Mapping[str, str]) -> str:
    if not values:
        return names[0]
    ours = {values[name] for name in names if name in values}
    if len(ours) != 1:
        raise Mismatch("an option stands in the value map not at all, or for two of ours.")
    return ours.pop()


def _options(answer: Answer) -> Iterator[list[str]]:
    """Yield what each chosen option is called: its id first, then its words."""
    ids, labels = answer.option_ids, answer.option_labels
    if ids or labels:
        if ids and labels and len(ids) != len(labels):
            raise Mismatch("the tool's options and their words are not equally many.")
        for place in range(max(len(ids), len(labels))):
            yield [names[place] for names in (ids, labels) if names]
        return
    given = answer.value if isinstance(answer.value, list) else [answer.value]
    for one in given:
        if isinstance(one, bool) or not isinstance(one, str | int):
            raise Mismatch("this is not an option.")
        yield [str(one)]


def _date(answer: Answer, _values: Mapping[str, str], zone: str) -> JsonValue:
    text = answer.value.strip() if isinstance(answer.value, str) else ""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        if _DAY.match(text):
            return _moment(text, zone).astimezone(ZoneInfo(zone)).date().isoformat()
    except ValueError:
        pass
    raise Mismatch("this is not a day written like 2026-11-03.")


def _instant(answer: Answer, _values: Mapping[str, str], zone: str) -> JsonValue:
    text = answer.value.strip() if isinstance(answer.value, str) else ""
    try:
        if len(text) > len("2026-11-03") and _DAY.match(text):
            return _moment(text, zone).astimezone(UTC).isoformat()
    except ValueError:
        pass
    raise Mismatch("this is not a time written like 2026-11-03T08:30:00+00:00.")


def _moment(text: str, zone: str) -> datetime:
    """Read a time; one without an offset is meant in the source's zone, if it was there once and once only."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        return found
    here = found.replace(tzinfo=ZoneInfo(zone))
    if here.utcoffset() != here.replace(fold=1).utcoffset():
        raise Mismatch("this time was there twice or never, as the clocks changed.")
    return here


_CONVERTERS: dict[Transform, Callable[[Answer, Mapping[str, str], str], JsonValue]] = {
    Transform.AS_IS: _as_is,
    Transform.TEXT: _text,
    Transform.INTEGER: _integer,
    Transform.NUMBER: _number,
    Transform.YES_NO: _yes_no,
    Transform.CHOICE: _choice,
    Transform.CHOICES: _choices,
    Transform.DATE: _date,
    Transform.INSTANT: _instant,
}


def _mapped_text(value: JsonValue, values: Mapping[str, str]) -> JsonValue:
    return values.get(value, value) if isinstance(value, str) else value


def _words(answer: Answer) -> Iterator[str]:
    for names in _options(answer):
        yield from names


def _is_empty(answer: Answer) -> bool:
    return answer.value in (None, "", []) and not answer.option_ids and not answer.option_labels


def _without_nul(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {key.replace("\x00", ""): _without_nul(one) for key, one in value.items()}
    return value
