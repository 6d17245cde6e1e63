"""Layer 1: what the study knows: its participants, and the names, organisations and places that it keeps a list of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.releases.review.folding import Folded, fold, folded
from api.releases.review.patterns import Candidate
from schemas.review import Kind, Layer

_TOKEN = re.compile(r"\w++|[^\w\s]")
_MOST_TOKENS = 40
_PARTICIPANT, _LISTED, _PART = "a participant", "on the study's list", "part of a participant's name"


@dataclass
class _Node:
    """What may come next in a known name, and what it is if it ends here."""

    after: dict[str, "_Node"] = field(default_factory=dict)
    ends: tuple[Kind, Layer, str] | None = None


class Roster:
    """Finds every known name, whatever its case, spacing and Unicode form, at the bounds of words."""

    def __init__(self) -> None:
        self._root = _Node()

    def know(self, kind: Kind, text: str, *, listed: bool = False) -> None:
        """Know a name; what is known already stays as it was."""
        self._add(text, kind, Layer.ROSTER, _LISTED if listed else _PARTICIPANT)

    def know_person(self, name: str) -> None:
        """Know a participant by their whole name; its parts may be anybody's, and words too, so they only suggest."""
        parts = name.split()
        if len(parts) > 1:
            self._add(name, Kind.PERSON, Layer.ROSTER, _PARTICIPANT)
        for part in parts:
            if len(part) > 2:
                self._add(part, Kind.PERSON, Layer.SUGGESTION, _PART)

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield the longest known name at each place, from left to right."""
        if not self._root.after:
            return
        whole = folded(text)
        tokens = list(_TOKEN.finditer(whole.text))
        at = 0
        while at < len(tokens):
            last, what = self._longest(tokens, at)
            if what is None:
                at += 1
                continue
            candidate = _candidate(whole, tokens[at].start(), tokens[last].end(), what)
            if what[1] is Layer.ROSTER or text[candidate.start].isupper():
                yield candidate
            at = last + 1

    def _longest(self, tokens: list[re.Match[str]], at: int) -> tuple[int, tuple[Kind, Layer, str] | None]:
        node, last, what = self._root, at, None
        for number in range(at, len(tokens)):
            following = node.after.get(tokens[number][0])
            if following is None:
                break
            node = following
            if node.ends:
                last, what = number, node.ends
        return last, what

    def _add(self, text: str, kind: Kind, layer: Layer, why: str) -> None:
        tokens = _TOKEN.findall(fold(text))
        if not tokens or len(tokens) > _MOST_TOKENS:
            return
        node = self._root
        for token in tokens:
            node = node.after.setdefault(token, _Node())
        if node.ends is None or (node.ends[1] is Layer.SUGGESTION and layer is Layer.ROSTER):
            node.ends = (kind, layer, why)


def _candidate(whole: Folded, start: int, end: int, what: tuple[Kind, Layer, str]) -> Candidate:
    return Candidate(whole.starts[start], whole.ends[end - 1], *what)
