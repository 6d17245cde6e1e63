"""Addresses of pages."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from schemas.review import Kind, Layer

_TOP = "com|org|net|info|io|eu|ie|int|edu|gov|uk|wales|cymru|scot|london"
_ADDRESS = re.compile(
    rf"(?<![\w@.-])(?:(?:https?|ftp)://[^\s/?#<>\"]++|(?:[a-z0-9-]++\.)+(?:{_TOP})(?![\w-]|\.\w))(?:[/?#][^\s<>\"]*+)?",
    re.IGNORECASE,
)
_AFTER = ".,;:!?'’)]}”"


class Urls(Finder):
    """What begins with a scheme, and bare names under the top-level domains that are met here."""

    layer = Layer.PATTERN

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield addresses without the punctuation that follows them."""
        for found in _ADDRESS.finditer(text):
            end = found.start() + len(found[0].rstrip(_AFTER))
            yield Candidate(found.start(), end, Kind.URL, self.layer, "address of a page")
