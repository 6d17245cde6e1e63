"""NHS numbers."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from schemas.review import Kind, Layer

_SHAPE = re.compile(r"(?<![\w+-])[0-9]{3}[ \u00a0-]?[0-9]{3}[ \u00a0-]?[0-9]{4}(?![\w-])", re.ASCII)


class NhsNumbers(Finder):
    """Ten digits of which the last is the check digit of the others."""

    layer = Layer.PATTERN

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield numbers, written in one piece or in three."""
        for found in _SHAPE.finditer(text):
            if _is_sound([int(one) for one in found[0] if one.isdigit()]):
                yield Candidate(found.start(), found.end(), Kind.NHS_NUMBER, self.layer, "NHS number")


def _is_sound(digits: list[int]) -> bool:
    """Say whether the tenth digit is 11 minus (10 d1 + 9 d2 + ... + 2 d9) mod 11, where 11 is 0 and 10 is none.

    Source: NHS Data Model and Dictionary, NHS number.
    """
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return any(digits) and check % 11 == digits[9] and check != 10
