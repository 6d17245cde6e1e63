"""Names of accounts on social networks."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from schemas.review import Kind, Layer

_HANDLE = re.compile(r"(?<![\w.%+'’@-])@[^\W\d]\w++")


class Handles(Finder):
    """An at sign and a name."""

    layer = Layer.SUGGESTION

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield account names with their at sign."""
        for found in _HANDLE.finditer(text):
            yield Candidate(found.start(), found.end(), Kind.OTHER, self.layer, "name of an account")
