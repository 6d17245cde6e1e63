"""What every finder is, and what it finds."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from schemas.review import Kind, Layer


@dataclass(frozen=True, order=True)
class Candidate:
    """A piece of a text, by code points, that may tell of somebody; `why` says in a few words how it was found."""

    start: int
    end: int
    kind: Kind
    layer: Layer
    why: str


class Finder(ABC):
    """Finds one kind of candidate, in time linear in the text; offsets are code points."""

    layer: ClassVar[Layer]

    @abstractmethod
    def find(self, text: str) -> Iterator[Candidate]:
        """Yield what is found, from left to right, without overlaps."""


def several(words: str) -> frozenset[str]:
    """Return the words of a list that is easier to read in one piece."""
    return frozenset(words.split())
