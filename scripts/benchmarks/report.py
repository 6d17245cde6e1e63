"""Prints what was measured, and keeps it as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from scripts.benchmarks.lab import Run, machine

out = Console(width=120)


def middle(runs: Sequence[Run]) -> Run:
    """Return the medians of several rounds."""
    return Run(*(median(getattr(run, name) for run in runs) for name in ("rate", "p50", "p95", "p99", "cpu")))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of rounds that ran side by side."""
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def keep(name: str, found: Mapping[str, object]) -> None:
    """Write bench-NAME.json into the current folder, and say where it ran."""
    out.print(f"[dim]{machine()}[/dim]")
    path = Path(f"bench-{name}.json")
    path.write_text(json.dumps({"machine": machine(), **found}, indent=1) + "\n")
    out.print(f"[dim]written to {path}[/dim]")
