"""Finds an export's questionnaires: what kind of entry each makes, and what occasions it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scripts.importers.mpath.codebook import slug
from scripts.importers.mpath.reading import Row

Contingency = Literal["event", "signal", "interval", "once"]
_DAY = 86_400
_SAYS_NOTHING = {"questionnaire", "questionlist", "consent", "and"}
TAKEN = {"profile"}


@dataclass(frozen=True)
class Questionnaire:
    """One m-Path question list; its name alone decides its kind, so that a later export agrees."""

    name: str
    kind: str
    contingency: Contingency


def is_answered(row: Row) -> bool:
    """Say whether a row holds answers; the others are missed prompts."""
    return bool(row["timeStampStart"])


def is_planned(row: Row) -> bool:
    """Say whether a beep was planned; the participant started the others."""
    return row["scheduledBeepId"] not in {"", "0", "-1"}


def questionnaires(rows: Sequence[Row]) -> dict[str, Questionnaire]:
    """Return the questionnaires by name."""
    names = sorted({row["questionListName"] for row in rows} - {""})
    kinds: dict[str, str] = {}
    for name in names:
        words = [word for word in slug(name).split("_") if word not in _SAYS_NOTHING]
        wanted = "_".join(words) or "questionnaire"
        wanted = wanted if wanted[0].isalpha() else f"list_{wanted}"
        taken = TAKEN | set(kinds.values())
        kinds[name] = next(k for k in _candidates(wanted) if k not in taken)
    return {
        name: Questionnaire(
            name, kind, _contingency([row for row in rows if row["questionListName"] == name])
        )
        for name, kind in kinds.items()
    }


def _candidates(wanted: str) -> list[str]:
    return [wanted, *(f"{wanted}_{number}" for number in range(2, 1_000))]


def _contingency(rows: Sequence[Row]) -> Contingency:
    planned = {row["timeStampScheduled"] for row in rows if is_planned(row)}
    if planned:
        times = {int(stamp) % _DAY for stamp in planned if stamp.isdecimal()}
        return "interval" if len(times) == 1 else "signal"
    people = {row["connectionId"] for row in rows}
    return "once" if len(people) == len(rows) else "event"
