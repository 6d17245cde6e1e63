"""Telephone numbers: of the United Kingdom by the rules of its numbering plan, others by their plus sign."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder
from schemas.review import Kind, Layer

_RUN = re.compile(r"(?<![\w+])[(+]{0,2}[0-9](?:[ \u00a0().‐‑–-]{0,3}[0-9])*+(?!\w)")
_GROUP = re.compile(r"[0-9]++")
# Ofcom's National Telephone Numbering Plan: what may follow the 0, and of how many digits.
_NATIONAL = re.compile(
    r"1[1-9][0-9]{7,8}|2[03489][0-9]{8}|3[0347][0-9]{8}|5[56][0-9]{8}|7[0-9]{9}"
    r"|800(?:1111|[0-9]{6,7})|808[0-9]{7}|8[47][0-9]{8}|84546[0-9]{2}|9[018][0-9]{8}",
    re.ASCII,
)
_ABROAD = re.compile(r"[1-9][0-9]{7,14}", re.ASCII)
_MOST = 15


class Phones(Finder):
    """Groups of digits that together make one number."""

    layer = Layer.PATTERN

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield numbers with their plus sign or opening bracket."""
        for run in _RUN.finditer(text):
            groups = list(_GROUP.finditer(text, run.start(), run.end()))
            first = 0
            while first < len(groups):
                last = self._last(text, groups, first, run.start())
                if last is None:
                    first += 1
                    continue
                start = groups[first].start()
                while start > run.start() and text[start - 1] in "(+":
                    start -= 1
                yield Candidate(start, groups[last].end(), Kind.PHONE, self.layer, "telephone number")
                first = last + 1

    def _last(self, text: str, groups: list[re.Match[str]], first: int, run_start: int) -> int | None:
        """Return the last of the groups that make the longest number from the first on."""
        begin = groups[first].start()
        international = begin > run_start and text[begin - 1] == "+"
        digits, found = "", None
        for number in range(first, min(first + _MOST, len(groups))):
            digits += groups[number][0]
            if len(digits) > _MOST + 3:
                break
            if _is_number(digits, international=international):
                found = number
        return found


def _is_number(digits: str, *, international: bool) -> bool:
    if not international and digits.startswith("00"):
        international, digits = True, digits[2:]
    if international:
        if digits.startswith("44"):
            return _NATIONAL.fullmatch(digits[2:].removeprefix("0")) is not None
        return _ABROAD.fullmatch(digits) is not None
    return digits.startswith("0") and _NATIONAL.fullmatch(digits[1:]) is not None
