"""Folds a text so that one name is found however it is written, and knows where each folded character stood."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST_CLUSTER = 31  # UAX 15's stream-safe text: to order more marks than that takes quadratic time
_JAMO = range(0x1160, 0x1200)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})


@dataclass(frozen=True)
class Folded:
    """A folded text; character i comes from the code points starts[i] to ends[i] of the original, end excluded."""

    text: str
    starts: list[int]
    ends: list[int]


def fold(text: str) -> str:
    """Return a text in NFKC, without case, invisible characters or double spaces, and with plain quotes and dashes."""
    if text.isascii():  # the same, faster: most names are
        return " ".join(text.lower().split())
    return folded(text).text.strip(" ")


def folded(text: str) -> Folded:
    """Fold a text and keep where each character stood."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for one in _fold_cluster(text[start:end]):
            if one == " " and out[-1:] == [" "]:
                ends[-1] = end
                continue
            out.append(one)
            starts.append(start)
            ends.append(end)
    return Folded("".join(out), starts, ends)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield a character and the marks on it, which may become one character."""
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and at - start < _LONGEST_CLUSTER and _continues(text[at]):
            continue
        yield start, at
        start = at


def _continues(one: str) -> bool:
    return one > "\u02ff" and (unicodedata.combining(one) != 0 or ord(one) in _JAMO)


def _fold_cluster(cluster: str) -> str:
    if cluster.isascii() and cluster.isalnum():
        return cluster.lower()
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    kept = (one for one in whole.translate(_PLAIN) if unicodedata.category(one) != "Cf")
    return "".join(" " if one.isspace() else one for one in kept)
