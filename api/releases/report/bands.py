"""Writes counts so that none below k is told: what a recipient reads."""

from math import ceil

_EDGES = tuple(step * 10**power for power in range(1, 9) for step in (1, 2, 5))


def band(count: int, k: int) -> str:
    """Return the band of a count: `fewer than 5, or none`, `5 to 9`, `10 to 19` ...

    Nothing and fewer than k are one band, so that a lone person, or a lone withdrawal, is not told from nobody.
    """
    if count < k:
        return f"fewer than {k}, or none"
    edges = [k, *(edge for edge in _EDGES if edge >= 2 * k)]
    low = max(edge for edge in edges if edge <= count)
    high = next(edge for edge in edges if edge > count) - 1
    return f"{low:,} to {high:,}"


def at_most(share: float) -> str:
    """Return the next whole 5 % at or above a share."""
    return f"at most {min(ceil(round(share * 20, 9)) * 5, 100)} %"
