"""What a release says of itself."""

import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from api.releases.gate.service import Passed
from api.releases.models import Release
from api.releases.policy import Policy
from api.releases.sdc.risk import prosecutor
from schemas.disclosure import Dates, Tier
from schemas.release import ReleaseFileView

_TEXTS = {
    True: "only as a person has reviewed it, where the leader allows it; otherwise withheld",
    False: "withheld: coded answers only",
}
_DATES: dict[Dates, str] = {
    "week": "study week and time of day only",
    "week_and_weekday": "study week, day of the week and time of day only",
    "phase": "phase of the study only",
}

_PSEUDONYMS = {
    Tier.SAFEGUARDED: "of participants: stable for this recipient and purpose; of entries: fresh in each release",
    Tier.OPEN: "of participants and of entries: fresh in each release",
}


def text(
    release: Release, title: str, policy: Policy, passed: Passed, files: Sequence[ReleaseFileView]
) -> str:
    """Return manifest.json: what was done, what was reached, and the hash of every file."""
    people = vars(passed.people)
    described = {
        "statement": "De-identified, with the stated risk; not to be linked with other data about the participants.",
        "study": title,
        "release": release.number,
        "tier": release.tier,
        "recipient": release.recipient,
        "purpose": release.purpose,
        "cutoff": release.cutoff.isoformat(),
        "code_version": code_version(),
        "participants": len(people["shown"]),
        "entries": next(file.rows for file in files if file.name == "entries.csv"),
        "k_asked": policy.k,
        "k_reason": policy.k_reason or f"not below the {policy.tier.own_k} of this tier",
        "k_reached": people["k_reached"],
        "k_counts": "distinct participants who share every quasi-identifier",
        "quasi_identifiers": [identifier.key for identifier in policy.quasi_identifiers],
        "quasi_identifiers_shown": not people["without_quasi_identifiers"],
        "generalisation_level": people["node"],
        "loss": {key: round(value, 4) for key, value in people["loss"].items()},
        "participants_fully_suppressed": people["suppressed"],
        "sensitive": _sensitive(policy, people),
        "prosecutor_risk": _risk(policy, people),
        "free_text": _TEXTS[policy.texts],
        "dates": _DATES[policy.dates],
        "earlier_releases": _earlier(release, passed),
        "pseudonyms": _PSEUDONYMS[policy.tier],
        "files": [file.model_dump(exclude_none=True) for file in files],
    }
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _earlier(release: Release, passed: Passed) -> dict[str, Any]:
    """Say which earlier releases this one was compared with; their numbers, never what they show."""
    lost = list(passed.gate.not_compared)
    found: dict[str, Any] = {"compared": [one.earlier for one in passed.gate.compared], "not_compared": lost}
    return found | {"not_compared_reason": release.not_compared_reason} if lost else found


def _sensitive(policy: Policy, people: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "question": one.key,
            "l_asked": one.l,
            "l_reached": people["l_reached"][one.key],
            "t_asked": one.t,
            "t_reached": round(people["t_reached"][one.key], 4),
        }
        for one in policy.sensitive
    ]


def _risk(policy: Policy, people: dict[str, Any]) -> dict[str, Any]:
    risk = prosecutor(people["class_sizes"], policy.k)
    return {
        "highest": round(risk.highest, 4),
        "average": round(risk.average, 4),
        "at_risk": round(risk.at_risk, 4),
        "definition": "highest 1/min f, average J/n, at risk: share of people with 1/f above 1/k",
    }


def code_version() -> str:
    """Return the version of Daybook that runs."""
    try:
        return version("daybook")
    except PackageNotFoundError:
        return "0.1.0"
