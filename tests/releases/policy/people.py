"""Leaders without a database: who they are, and what a policy asks."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.releases.policy import Policy, QuasiIdentifier, SensitiveQuestion

SECTORS = {
    "central": ["government"],
    "local": ["government"],
    "university": ["others"],
    "charity": ["others"],
}
COUNTRIES = {"england": ["uk"], "wales": ["uk"], "france": ["abroad"]}


def a_policy(**changes: Any) -> Policy:
    """A policy over sector and country, k = 5."""
    known: dict[str, Any] = {
        "quasi_identifiers": [
            QuasiIdentifier(key="sector", ancestors=SECTORS),
            QuasiIdentifier(key="country", ancestors=COUNTRIES),
        ],
        "k": 5,
        "suppression_limit": 0.05,
    }
    return Policy(**(known | changes))


def people(*groups: tuple[int, Mapping[str, str]]) -> dict[UUID, dict[str, Any]]:
    """So many people of each description."""
    described = [dict(description) for count, description in groups for _ in range(count)]
    return {UUID(int=number): one for number, one in enumerate(described, start=1)}


def phases(*groups: tuple[int, Sequence[str]]) -> dict[UUID, dict[str, frozenset[str]]]:
    """So many people with each set of phases, in the order of `people`."""
    given = [frozenset(values) for count, values in groups for _ in range(count)]
    return {UUID(int=number): {"phase": values} for number, values in enumerate(given, start=1)}


def phase(**changes: Any) -> SensitiveQuestion:
    """The sensitive question about the phase."""
    return SensitiveQuestion(**({"key": "phase", "values": ["crisis", "recovery", "thriving"]} | changes))
