"""Checks what a reviewer marked in a text, and replaces it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from api.releases.review.patterns import Candidate
from api.releases.review.placeholders import Numbers, label_of, written
from api.releases.review.problems import CandidatesLeft, SpansUnsound
from schemas.base import FieldError
from schemas.review import Kind, Span

_OVERLAPS = ("overlap", "Two pieces lie on top of each other.")
_OUTSIDE = ("outside", "This piece is empty or lies outside the text.")
_OTHER_KIND = ("kind", "This placeholder is of another kind.")
_UNKNOWN = ("unknown", "Nobody has this number. Use a letter for somebody new.")


def require_sound(text: str, spans: Sequence[Span], numbers: Numbers) -> None:
    """Raise SpansUnsound unless each piece lies in the text, off the others, with a placeholder that exists."""
    wrong = [(at, why) for at, span in enumerate(spans) if (why := _wrong(text, span, numbers))]
    ordered = sorted(range(len(spans)), key=lambda at: (spans[at].start, spans[at].end))
    wrong += [
        (after, _OVERLAPS) for before, after in pairwise(ordered) if spans[after].start < spans[before].end
    ]
    if wrong:
        raise SpansUnsound(
            errors=[
                FieldError(pointer=f"/spans/{at}", code=code, message=message)
                for at, (code, message) in wrong[:50]
            ]
        )


def require_dealt_with(found: Iterable[Candidate], spans: Iterable[Span]) -> None:
    """Raise CandidatesLeft unless every piece found is inside of what was replaced or cleared."""
    marked = {at for span in spans for at in range(span.start, span.end)}
    left = [one for one in found if not marked.issuperset(range(one.start, one.end))]
    if left:
        raise CandidatesLeft(
            errors=[
                FieldError(
                    pointer="/spans",
                    code=one.kind.value,
                    message=f"From {one.start} to {one.end}: {one.why}.",
                )
                for one in left[:50]
            ]
        )


def redacted(text: str, spans: Iterable[Sequence[Any]]) -> str:
    """Return a text with its pieces replaced; a piece is [start, end, kind, number], cleared where that is 0."""
    parts, at = [], 0
    for start, end, kind, number in sorted(spans, key=lambda span: int(span[0])):
        if number:
            parts += [text[at:start], written(Kind(kind), number)]
            at = end
    return "".join([*parts, text[at:]])


def _wrong(text: str, span: Span, numbers: Numbers) -> tuple[str, str] | None:
    if not span.start < span.end <= len(text):
        return _OUTSIDE
    if span.placeholder is None:
        return None
    label = label_of(span.kind, span.placeholder)
    if label is None:
        return _OTHER_KIND
    if label.isdigit() and not numbers.has(span.kind, int(label)):
        return _UNKNOWN
    return None
