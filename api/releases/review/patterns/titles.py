"""People who are named with a title."""

from collections.abc import Iterator
from itertools import pairwise

from api.releases.review.patterns.base import Candidate, Finder
from api.releases.review.patterns.words import TITLES, Run, runs, split
from schemas.review import Kind, Layer


class Titles(Finder):
    """A title, or several, and the name after it: Cllr Jane Smith, Prof Sir John."""

    layer = Layer.SUGGESTION

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield names from their title on, to the next title or the end of the run of capitals."""
        for run in runs(text):
            for part in split(run, _together):
                for named in _named(part):
                    yield Candidate(
                        named[0].start, named[-1].end, Kind.PERSON, self.layer, "a title and a name"
                    )


def _together(before: Run, small: str, _: Run) -> bool:
    """Keep the Bishop of Durham in one piece; Dr Smith of Durham is not called so."""
    return small != "and" and all(word.plain in TITLES for word in before)


def _named(part: Run) -> Iterator[Run]:
    """Yield titles with the words up to the next of them."""
    first = [
        at
        for at, word in enumerate(part)
        if word.plain in TITLES and (at == 0 or part[at - 1].plain not in TITLES)
    ]
    for start, end in pairwise([*first, len(part)]):
        if any(word.plain not in TITLES for word in part[start:end]):
            yield part[start:end]
