"""Whatever else is written like a name."""

from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from api.releases.review.patterns.words import Run, runs, split
from schemas.review import Kind, Layer


class Capitals(Finder):
    """A run of capitalised words, or letters that stand for a name."""

    layer = Layer.SUGGESTION

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield names: letters as an organisation, several words as a person, one as a name of any kind."""
        for run in runs(text):
            for part in split(run, _together):
                yield Candidate(part[0].start, part[-1].end, _kind(part), self.layer, "written like a name")


def _kind(part: Run) -> Kind:
    if len(part) > 1:
        return Kind.PERSON
    return Kind.ORGANISATION if part[0].shouted else Kind.OTHER


def _together(before: Run, small: str, _: Run) -> bool:
    """Keep Stoke on Trent in one piece; Jane Smith of Leeds is two."""
    return len(before) == 1 and small != "and"
