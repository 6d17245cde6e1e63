"""Items 10 to 14 of the checklist: what became of people and prompts."""

from collections.abc import Iterator, Sequence

import polars as pl

from api.prompts.compliance.attrition import curve
from api.prompts.compliance.figures import Counted, figures, ratio
from api.prompts.compliance.grouping import ByWave
from api.prompts.compliance.lines import Line
from api.prompts.compliance.studied import Studied
from schemas.compliance import ComplianceRow, CremasRow, Latency
from schemas.participant import ParticipantStatus

_SECTION = "Results"
_MONTH = 31
"""Up to so many monitoring days each has a line; in a longer study every seventh has."""
_OF_THEM = "They are in no other figure."


def results(found: Studied) -> Iterator[CremasRow]:
    """Yield the lines of the results section."""
    group = ByWave(found.study, found.known)
    waves = [group.row(one) for one in figures(found.prompts, group.keys())]
    yield from _attrition(found, waves)
    yield from _delivery(found)
    latency = Line(12, _SECTION, "Latency")
    yield from _latency(latency, "sending to opening", found.total.to_opened)
    yield from _latency(latency, "sending to answer", found.total.to_answered)
    yield from _compliance(found, waves)
    missing = Line(14, _SECTION, "Missing data")
    yield missing.computed("prompts sent and missed", found.total.missed)
    yield missing.computed("prompts sent and still open", found.total.open, "They are not missing.")
    yield missing.team("whether compliance is related to demographic or time-varying variables")


def _attrition(found: Studied, waves: Sequence[ComplianceRow]) -> Iterator[CremasRow]:
    line = Line(10, _SECTION, "Attrition")
    take_part, left = (
        found.standing.get(status, 0) for status in (ParticipantStatus.ENROLLED, ParticipantStatus.WITHDRAWN)
    )
    yield line.computed("participants who take part", take_part)
    yield line.computed("participants who left the study", left, _OF_THEM)
    days = curve(found.prompts)
    for one in days[:: 1 if len(days) <= _MONTH else 7]:
        value = f"{one.answering} of {one.asked}"
        yield line.computed(f"still answering on day {one.day} after enrolment or later", value)
    for row in waves:
        asked, answering = row.figures.participants_asked, row.figures.participants_answering
        yield line.computed(f"participants answering, {_named(row)}", f"{answering} of {asked}")


def _delivery(found: Studied) -> Iterator[CremasRow]:
    line, total = Line(11, _SECTION, "Prompt delivery"), found.total
    yield line.computed("prompts planned", total.planned)
    yield line.computed("prompts sent", total.sent, "Handed over on at least one channel.")
    yield line.computed("prompts that a phone confirmed to have shown", total.confirmed)
    for reason, number in total.skipped.items():
        yield line.computed(f"not sent: {reason.value.replace('_', ' ')}", number)
    yield line.computed("answered before they were sent", total.answered_unsent)
    yield line.computed("over without having been sent", total.never_sent)
    yield line.computed("not sent yet", total.waiting)


def _latency(line: Line, what: str, found: Latency) -> Iterator[CremasRow]:
    note = f"Seconds, over {found.prompts} prompts that were sent and answered."
    yield line.computed(f"{what}, median", found.median, note)
    for name, value in (("lower", found.lower_quartile), ("upper", found.upper_quartile)):
        yield line.computed(f"{what}, {name} quartile", value, note)


def _compliance(found: Studied, waves: Sequence[ComplianceRow]) -> Iterator[CremasRow]:
    line, total = Line(13, _SECTION, "Compliance rate"), found.total
    yield line.computed("prompts sent and answered", total.answered)
    yield line.computed("answered / sent", total.compliance)
    yield line.computed(
        "answered / (answered + missed)", total.compliance_closed, "Without those still open."
    )
    mean = ratio(total.answered, total.participants_asked)
    yield line.computed("answered per participant asked, mean", mean)
    for one in _by_monitoring_day(found):
        yield line.computed(f"answered / sent on day {one.key[0]} after enrolment", one.figures.compliance)
    for row in waves:
        yield line.computed(f"answered / sent, {_named(row)}", row.figures.compliance)


def _by_monitoring_day(found: Studied) -> Sequence[Counted]:
    days = [*figures(found.prompts, [pl.col("number")])]
    return days[:: 1 if len(days) <= _MONTH else 7]


def _named(row: ComplianceRow) -> str:
    asked = row.schedule or f"{row.instrument}, {row.kind}"
    return f"{asked}, wave {row.wave}" if row.wave else f"{asked}, study week {row.week}"
