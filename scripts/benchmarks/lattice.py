"""`scripts/bench lattice`: the search over 12,960 nodes and 30,162 people against recomputing every node."""

import time
from collections import Counter
from collections.abc import Callable
from itertools import product
from statistics import median
from typing import Annotated

import numpy as np
import typer

from api.releases.sdc.attribute import Attribute
from api.releases.sdc.hierarchy import Hierarchy
from api.releases.sdc.lattice import solve
from api.releases.sdc.safety import Ints
from scripts.benchmarks.report import keep, show

SHAPE = ((2, 2), (74, 5), (5, 2), (7, 3), (16, 4), (41, 3), (8, 3), (14, 3), (2, 2))  # values, levels
K, LIMIT = 5, 0.05
Count = Callable[[list[Ints]], int]
BAR = "0.15 / 0.03"


def hierarchies() -> list[Hierarchy]:
    """Make nine hierarchies, 12,960 nodes together; neighbouring values are grouped evenly, level by level."""
    found = []
    for number, (values, levels) in enumerate(SHAPE):
        width = max(2, round(values ** (1 / (levels - 1))))
        paths = {
            f"{value:02}": [f"{level}.{value // width**level:02}" for level in range(1, levels - 1)]
            for value in range(values)
        }
        found.append(Hierarchy.from_ancestors(f"attribute {number}", paths))
    return found


def people(found: list[Hierarchy], count: int) -> list[tuple[str, ...]]:
    """Draw people whose values are as unevenly spread as those of a census."""
    random = np.random.default_rng(1)
    columns = []
    for hierarchy in found:
        values = list(hierarchy.levels)
        columns.append(random.choice(values, count, p=random.dirichlet(np.full(len(values), 0.7))).tolist())
    return list(zip(*columns, strict=True))


def naive(columns: list[Ints]) -> int:
    """Count the people in classes below k as the definition says it: a count per row."""
    sizes = Counter(zip(*(column.tolist() for column in columns), strict=True))
    return sum(size for size in sizes.values() if size < K)


def packed(columns: list[Ints]) -> int:
    """Count them by sorting each row packed into one number: the quickest way without the lattice."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        key = key * (int(column.max()) + 1) + column
    _, sizes = np.unique(key, return_counts=True)
    return int(sizes[sizes < K].sum())


def recomputed(count: Count, attributes: list[Attribute], columns: list[Ints], share: int) -> float:
    """Count at every `share`-th node from everybody's values; return the seconds that all nodes would take."""
    nodes = list(product(*(range(a.height + 1) for a in attributes)))
    some = nodes[::share]
    started = time.process_time()
    for node in some:
        count([a.climb(c, level) for a, c, level in zip(attributes, columns, node, strict=True)])
    return (time.process_time() - started) * len(nodes) / len(some)


def main(
    rounds: Annotated[int, typer.Option(help="Interleaved rounds; medians are reported.")] = 3,
    count: Annotated[int, typer.Option(help="How many people.")] = 30_162,
    share: Annotated[int, typer.Option(help="Recompute every so-many-th node, and scale up.")] = 41,
) -> None:
    """Compare the search, recoding and all, with recomputing every node; processor seconds."""
    found = hierarchies()
    rows = people(found, count)
    attributes = [Attribute.of(hierarchy) for hierarchy in found]
    columns = []
    for place, attribute in enumerate(attributes):
        codes = {label: code for code, label in enumerate(attribute.labels[0])}
        columns.append(np.array([codes[row[place]] for row in rows], np.int64))
    seconds: dict[str, list[float]] = {"search": [], "naive": [], "packed": []}
    for _ in range(rounds):
        started = time.process_time()
        solve(rows, found, K, LIMIT)
        seconds["search"].append(time.process_time() - started)
        for name, counting in (("naive", naive), ("packed", packed)):
            seconds[name].append(recomputed(counting, attributes, columns, share))
    middle = {name: median(each) for name, each in seconds.items()}
    ratios = {
        name: median(mine / other for mine, other in zip(seconds["search"], seconds[name], strict=True))
        for name in ("naive", "packed")
    }
    table = [["search", f"{middle['search']:.2f}", "", ""]]
    for name, bar in (("naive", BAR), ("packed", "")):
        table.append([f"{name} recomputation", f"{middle[name]:.1f}", f"{ratios[name]:.4f}", bar])
    nodes = len(list(product(*(range(a.height + 1) for a in attributes))))
    show(
        f"The lattice of {nodes:,} nodes over {count:,} people, {rounds} rounds",
        ["", "seconds", "search to it", "floor / goal"],
        table,
    )
    keep("lattice", {"nodes": nodes, "people": count, "rounds": rounds, "seconds": middle, "ratios": ratios})


if __name__ == "__main__":
    typer.run(main)
