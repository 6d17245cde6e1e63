"""Looks for what no released cell may hold."""

import re
from collections.abc import Iterable, Sequence
from unicodedata import normalize

_SHORT_WORD = 8
_SHORT_CELL = 64
_REMEMBERED = 200_000
_HEAD = 8
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}(?![0-9a-f])")
_STARTERS = frozenset("=+-@\t\r\n\0＝＋－＠")


class Scanner:
    """Look for what no cell may hold; remembers clean cells, since coded answers repeat."""

    def __init__(self, forbidden: Iterable[str]) -> None:
        needles = {_folded(text) for text in forbidden} - {""}
        self._words = {text for text in needles if text.isalpha() and len(text) < _SHORT_WORD}
        self._anywhere = needles - self._words
        # Only the first letters are a pattern: one of whole identifiers takes seconds to make for many people.
        self._sizes: dict[str, set[int]] = {}
        for text in self._anywhere:
            self._sizes.setdefault(text[:_HEAD], set()).add(len(text))
        self._heads = re.compile(_tree(sorted(self._sizes))) if self._sizes else None
        self._clean: set[str] = set()

    def problems(self, cell: str) -> list[str]:
        """Return the kinds of problem in one cell or header."""
        if cell in self._clean:
            return []
        text = _folded(cell)
        found = []
        if _runs(cell):
            found.append("a cell that a spreadsheet could run as a formula")
        if self._forbids(text):
            found.append("a forbidden string")
        if "@" in text and _EMAIL.search(text):
            found.append("an e-mail address")
        if len(text) >= 32 and _UUID.search(text):
            found.append("a UUID")
        if not found and len(cell) <= _SHORT_CELL and len(self._clean) < _REMEMBERED:
            self._clean.add(cell)
        return found

    def _forbids(self, text: str) -> bool:
        head = self._heads.search(text) if self._heads else None
        while head and self._heads:
            at = head.start()
            if any(text[at : at + size] in self._anywhere for size in self._sizes[head[0]]):
                return True
            head = self._heads.search(text, at + 1)
        return bool(self._words) and not self._words.isdisjoint(re.findall(r"\w+", text))


def _folded(text: str) -> str:
    plain = text if text.isascii() else normalize("NFKC", text)
    return " ".join(plain.casefold().split())


def _runs(cell: str) -> bool:
    return cell.lstrip(" \u3000")[:1] in _STARTERS and not _NUMBER.fullmatch(cell)


def _tree(words: Sequence[str]) -> str:
    """Return a pattern that finds any of the sorted words: a prefix tree, so that many cost little more."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    parts = []
    for group in groups.values():
        first, last = group[0], group[-1]
        shared = max(i for i in range(1, len(first) + 1) if last.startswith(first[:i]))
        rest = [word[shared:] for word in group]
        parts.append(re.escape(first[:shared]) + (_tree(rest) if rest[0] else ""))
    return f"(?:{'|'.join(parts)})"
