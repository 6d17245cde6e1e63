"""Reads a release's CSV files alone, as its recipient could, and counts: no code of Daybook is used here."""

import csv
from collections import Counter
from pathlib import Path


def read(path: Path) -> list[dict[str, str]]:
    """Read one table."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def smallest_class(participants: list[dict[str, str]]) -> int:
    """Count how many distinct people share each description, and return the fewest."""
    descriptions = Counter(
        tuple(value for name, value in row.items() if name != "participant") for row in participants
    )
    assert len({row["participant"] for row in participants}) == len(participants)
    return min(descriptions.values())


def texts(entries: list[dict[str, str]], codebook: list[dict[str, str]]) -> set[str]:
    """Return every value in a column whose class is text."""
    columns = [row["column"] for row in codebook if row["file"] == "entries.csv" and row["class"] == "text"]
    assert columns
    return {entry[column] for entry in entries for column in columns}
