"""Organisations that call themselves so."""

from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from api.releases.review.patterns.words import ORGANISATIONS, Run, runs, split
from schemas.review import Kind, Layer


class Organisations(Finder):
    """Capitals with a word for an organisation among them: Bradford City Council, University of Leeds."""

    layer = Layer.SUGGESTION

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield names of several words."""
        for run in runs(text):
            for part in split(run, _together):
                if len(part) > 1 and _is_organisation(part):
                    yield Candidate(
                        part[0].start,
                        part[-1].end,
                        Kind.ORGANISATION,
                        self.layer,
                        "a name of an organisation",
                    )


def _is_organisation(part: Run) -> bool:
    return any(word.plain in ORGANISATIONS for word in part)


def _together(before: Run, small: str, after: Run) -> bool:
    """Keep the University of Leeds in one piece, and two councils apart."""
    return _is_organisation(before) and not (small == "and" and _is_organisation(after))
