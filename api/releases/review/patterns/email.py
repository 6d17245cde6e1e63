"""E-mail addresses."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from schemas.review import Kind, Layer

_LOCAL = r"\w.%+'’-"
_ADDRESS = re.compile(rf"(?<![{_LOCAL}])[{_LOCAL}]++@(?:[\w-]++\.)+[^\W\d_]{{2,}}+")


class Emails(Finder):
    """A local part, an at sign, and a host whose last label is of letters."""

    layer = Layer.PATTERN

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield addresses without the quotes and full stops that lead up to them."""
        for found in _ADDRESS.finditer(text):
            start = found.end() - len(found[0].lstrip(".'’-"))
            yield Candidate(start, found.end(), Kind.EMAIL, self.layer, "e-mail address")
