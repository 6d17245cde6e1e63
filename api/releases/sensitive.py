"""Collects, for each participant, the values that they gave to the sensitive questions of a policy."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

import polars as pl
from polars import selectors

from api.releases.layout import Layout
from api.releases.slots import Slot

Values = Mapping[UUID, Mapping[str, frozenset[str]]]
"""Per participant and sensitive question, the values as a release writes them."""


class SensitiveValues:
    """Remembers who gave which values, over all pages of staged entries."""

    def __init__(self, layout: Layout) -> None:
        self._asked = {one.key: slots_for(layout, one.key) for one in layout.policy.sensitive}
        self._found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def add(self, staged: pl.DataFrame) -> None:
        """Remember the values in a page of staged entries."""
        for key, slots in self._asked.items():
            for slot in slots:
                given = staged.select("participant", value=pl.col(slot.name)).drop_nulls()
                given = given.cast({selectors.float() | selectors.boolean(): pl.Int64})  # as they are written
                if isinstance(given.schema["value"], pl.List):
                    given = given.explode("value")
                for person, value in given.with_columns(pl.col("value").cast(pl.String)).unique().iter_rows():
                    self._found[person][key].add(value)

    def by_participant(self, pseudonyms: Mapping[UUID, str]) -> Values:
        """Return what was found, by participant; who gave no value has none."""
        return {
            who: {key: frozenset(values) for key, values in self._found[name].items()}
            for who, name in pseudonyms.items()
            if name in self._found
        }


def slots_for(layout: Layout, key: str) -> list[Slot]:
    """Return the questions of a key whose coded answers a release shows, one per instrument that asks it."""
    return [slot for slot in layout.slots if slot.key == key and slot.is_staged and not slot.children]
