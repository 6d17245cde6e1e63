"""Registration marks of vehicles."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from schemas.review import Kind, Layer

# DVLA's leaflet INF104. Current: a region, an age from 02 on, three letters. Before: a letter for the year in front
# (Q: unknown) or behind. The older forms are looked for in capitals only: "a 1 day" is no mark.
_MARK = re.compile(
    r"(?<![\w])(?:"
    r"(?P<current>(?i:[A-HK-PRSV-Y][A-HJ-PR-Y](?!00|01)[0-9]{2}[ \u00a0]?[A-HJ-PR-Z]{3}))"
    r"|(?P<prefix>[A-HJ-NP-TV-Y][1-9][0-9]{0,2}[ \u00a0]?[A-HJ-PR-Y]{3})"
    r"|(?P<suffix>[A-HJ-PR-Y]{3}[ \u00a0]?[1-9][0-9]{0,2}[A-HJ-NPR-TV-Y])"
    r")(?!\w)",
    re.ASCII,
)


class Vehicles(Finder):
    """A mark of the current, the prefix or the suffix form."""

    layer = Layer.PATTERN

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield marks, with or without their space."""
        for found in _MARK.finditer(text):
            why = f"registration mark, {found.lastgroup} form"
            yield Candidate(found.start(), found.end(), Kind.VEHICLE, self.layer, why)
