"""The columns hierarchy_1, hierarchy_2 ... of the sheet choices: what a release makes of an option."""

from pydantic import JsonValue

from api.instruments.xlsform.choices import Choice
from api.instruments.xlsform.findings import Findings

MOST_LEVELS = 9


def hierarchy(choices: list[Choice], levels: int, findings: Findings) -> dict[str, JsonValue]:
    """Return each option's ancestors, finest first."""
    found: dict[str, JsonValue] = {}
    for choice in choices:
        ancestors: list[JsonValue] = []
        for level in range(1, min(levels, MOST_LEVELS) + 1):
            column = f"hierarchy_{level}"
            if not choice.row.word(column):
                reason = "This choice lacks a level of its hierarchy."
                findings.refuse(choice.row.place(column), "hierarchy", reason)
            ancestors.append(choice.row.word(column))
        found[choice.value] = ancestors
    return found


def deepest(choices: list[Choice]) -> int | None:
    """Return how many levels a list's columns fill, or None where it has no hierarchy."""
    filled = [name for choice in choices for name in choice.row.cells if name.startswith("hierarchy_")]
    return max((int(name.removeprefix("hierarchy_")) for name in filled), default=None)
