"""Writes rows in an order that tells nothing, in flat memory: a seeded shuffle through temporary buckets."""

import pickle
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

BUCKETS = 64


class Shuffle:
    """Takes lines in, and gives them back in a random order that the seed repeats."""

    def __init__(self, folder: Path, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - an order to be repeated, not a secret
        self._paths = [folder / f"bucket-{number}" for number in range(BUCKETS)]
        self._files = [path.open("wb") for path in self._paths]
        self.count = 0

    def add(self, lines: Sequence[str]) -> None:
        """Scatter lines over the buckets."""
        scattered: dict[int, list[str]] = defaultdict(list)
        for line, bucket in zip(lines, self._random.choices(range(BUCKETS), k=len(lines)), strict=True):
            scattered[bucket].append(line)
        for bucket, some in scattered.items():
            pickle.dump(some, self._files[bucket])
        self.count += len(lines)

    def lines(self) -> Iterator[list[str]]:
        """Yield all lines, a shuffled bucket at a time."""
        for file, path in zip(self._files, self._paths, strict=True):
            file.close()
            some = list(_stored(path))
            path.unlink()
            self._random.shuffle(some)
            yield some


def _stored(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        while file.peek(1):
            yield from pickle.load(file)  # noqa: S301 - written a moment ago by this process, in its own folder
