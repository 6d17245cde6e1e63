"""One item of the checklist, and the lines that are written under it."""

from dataclasses import dataclass

from schemas.compliance import CremasRow, Source

TEAM = "For the team to write: the data do not say it."


@dataclass(frozen=True)
class Line:
    """An item by its number, section and topic."""

    item: int
    section: str
    topic: str

    def row(self, what: str, value: object, source: Source, note: str | None = None) -> CremasRow:
        """Return a line; what is not known stays empty."""
        told = None if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
        return CremasRow(
            item=self.item,
            section=self.section,
            topic=self.topic,
            what=what,
            value=told,
            source=source,
            note=note,
        )

    def computed(self, what: str, value: object, note: str | None = None) -> CremasRow:
        """Return a line of the data."""
        return self.row(what, value, Source.COMPUTED, note)

    def planned(self, what: str, value: object, note: str | None = None) -> CremasRow:
        """Return a line of a schedule."""
        return self.row(what, value, Source.SCHEDULE, note)

    def team(self, what: str, note: str = TEAM) -> CremasRow:
        """Return an empty line for the team."""
        return self.row(what, None, Source.TEAM, note)
