"""Random moments of a window, kept apart."""

from random import Random


def apart(wanted: int, gap: int, length: int, random: Random) -> list[int]:
    """Return numbers of 0..length-1, rising and at least `gap` apart: every such choice is equally likely.

    Where fewer than wanted fit, as many as fit: a gap is a promise, a number of prompts is a wish.
    Source: n points with gaps are n points without them on a line shortened by (n - 1) gaps.
    """
    if length <= 0:
        return []
    count = min(wanted, (length - 1) // gap + 1)
    spare = length - (count - 1) * gap
    # Distinct places of a line that is longer by count - 1 are multisets of the line itself, each as likely.
    places = sorted(random.sample(range(spare + count - 1), count))
    return [place - number + number * gap for number, place in enumerate(places)]
