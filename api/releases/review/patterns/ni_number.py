"""National Insurance numbers."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from schemas.review import Kind, Layer

# HMRC's manual NIM39110: no D F I Q U V in the prefix, no O second, and some prefixes never used; suffix A to D.
_NUMBER = re.compile(
    r"(?<![\w])(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]"
    r"[ \u00a0.-]?[0-9]{2}[ \u00a0.-]?[0-9]{2}[ \u00a0.-]?[0-9]{2}[ \u00a0.-]?[A-D](?!\w)",
    re.IGNORECASE | re.ASCII,
)


class NiNumbers(Finder):
    """Two letters that may begin one, six digits, and a letter from A to D."""

    layer = Layer.PATTERN

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield numbers, however they are spaced."""
        for found in _NUMBER.finditer(text):
            yield Candidate(
                found.start(), found.end(), Kind.NI_NUMBER, self.layer, "National Insurance number"
            )
