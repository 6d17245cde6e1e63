"""Measures a release: from its written files where they hold the figure, else from the account of its making."""

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from api.releases.gate.judging import Gate
from api.releases.gate.service import Passed
from api.releases.manifest import code_version
from api.releases.models import Release
from api.releases.people import People
from api.releases.policy import Policy, QuasiIdentifier, value_of
from api.releases.report import words
from api.releases.report.background import Background
from api.releases.sdc import risk
from api.releases.sdc.hierarchy import SUPPRESSED, Hierarchy
from api.releases.sdc.recoding import is_suppressed
from api.releases.sdc.suda import suda2
from api.releases.verification.verify import Verdict
from schemas.disclosure import SensitiveAttribute
from schemas.report import (
    ReportAttribute,
    ReportClassSize,
    ReportDates,
    ReportDifference,
    ReportFigures,
    ReportLedger,
    ReportLevel,
    ReportPeople,
    ReportRisk,
    ReportRiskFigures,
    ReportSensitive,
    ReportUniques,
)

_MOST_LABELS = 12
Row = tuple[str, ...]


def measured(
    release: Release, passed: Passed, found: Background, verdict: Verdict, dates: ReportDates
) -> ReportFigures:
    """Return the figures of a release whose tables are written and verified; its numbers tell of nobody alone."""
    policy, people = Policy.model_validate(release.policy), passed.people
    identifiers = policy.quasi_identifiers
    before = {who: tuple(value_of(found.attributes[who], q) for q in identifiers) for who in people.shown}
    hierarchies = [q.hierarchy() for q in identifiers]
    sizes, raw = verdict.class_sizes, list(risk.class_sizes(before.values()).values())
    return ReportFigures(
        code_version=code_version(),
        k=policy.k,
        k_reason=policy.k_reason,
        k_reached=verdict.k,
        suppression_limit=policy.suppression_limit,
        entries=found.entries,
        people=_people(passed, before, hierarchies, found),
        quasi_identifiers_shown=bool(hierarchies) and not people.without_quasi_identifiers,
        attributes=_attributes(identifiers, people, list(before.values())),
        cells_suppressed=_cells(people, hierarchies),
        class_sizes=[ReportClassSize(people=size, classes=n) for size, n in sorted(Counter(sizes).items())],
        sensitive=[_sensitive(one, people, verdict) for one in policy.sensitive],
        risk=_risks(raw, sizes, policy.k),
        symbols=risk.SYMBOLS,
        uniques=ReportUniques(before=_alone(raw), after=_alone(sizes), definition=words.UNIQUES),
        dates=dates,
        texts=found.texts,
        ledger=ledger_of(passed.gate, release.not_compared_reason),
        pseudonyms=words.pseudonyms(policy.tier),
        not_covered=list(words.NOT_COVERED),
    )


def ledger_of(gate: Gate, reason: str | None) -> ReportLedger:
    """Return what the ledger gate compared."""
    compared = [
        ReportDifference(
            release=one.earlier,
            added=one.added,
            removed=one.removed,
            shared=one.shared,
            smallest=min(
                filter(None, (one.smallest_added, one.smallest_removed, one.smallest_shared)), default=0
            ),
        )
        for one in gate.compared
    ]
    lost = list(gate.not_compared)
    return ReportLedger(compared=compared, not_compared=lost, not_compared_reason=reason if lost else None)


def _sensitive(asked: SensitiveAttribute, people: People, verdict: Verdict) -> ReportSensitive:
    reached = verdict.distinct_l[asked.key]
    t = people.t_reached.get(asked.key)
    return ReportSensitive(key=asked.key, l=asked.l, l_reached=reached, t=asked.t, t_reached=t)


def _people(
    passed: Passed, before: dict[UUID, Row], hierarchies: Sequence[Hierarchy], found: Background
) -> ReportPeople:
    people = passed.people
    node = list(people.node.values())
    recoded = 0
    for (values, shown), n in Counter((before[who], shown) for who, shown in people.shown.items()).items():
        as_the_node = [h.generalise(v, level) for h, v, level in zip(hierarchies, values, node, strict=True)]
        recoded += n * (not is_suppressed(shown) and list(shown) != as_the_node)
    return ReportPeople(
        enrolled=found.enrolled,
        sharing=len(found.attributes),
        left_out=passed.gate.left_out,
        exported=len(people.shown),
        suppressed=sum(n for shown, n in Counter(people.shown.values()).items() if is_suppressed(shown)),
        recoded=recoded,
        last_release=found.last_release,
        withdrawn=found.withdrawn,
    )


def _cells(people: People, hierarchies: Sequence[Hierarchy]) -> int:
    """Count the cells that are `*` where the node does not put one."""
    below = [n < h.height for n, h in zip(people.node.values(), hierarchies, strict=True)]
    return sum(
        n * (cell == SUPPRESSED and here)
        for shown, n in Counter(people.shown.values()).items()
        for cell, here in zip(shown, below, strict=True)
    )


def _attributes(
    identifiers: Sequence[QuasiIdentifier], people: People, before: list[Row]
) -> list[ReportAttribute]:
    keys = [one.key for one in identifiers]
    contributions = suda2(before, keys).contributions
    return [
        ReportAttribute(
            key=one.key,
            level=people.node[one.key],
            levels=_levels(one.hierarchy()),
            loss=people.loss[one.key],
            suda2=contributions[one.key],
        )
        for one in identifiers
    ]


def _levels(hierarchy: Hierarchy) -> list[ReportLevel]:
    found = []
    for level in range(hierarchy.height + 1):
        labels = list(dict.fromkeys(path[level] for path in hierarchy.levels.values()))
        middle = f"level {level} of {hierarchy.height}"
        name = "as answered" if level == 0 else "hidden" if level == hierarchy.height else middle
        more = max(len(labels) - _MOST_LABELS, 0)
        found.append(ReportLevel(level=level, name=name, labels=labels[:_MOST_LABELS], more=more))
    return found


def _risks(before: Sequence[int], after: Sequence[int], k: int) -> list[ReportRisk]:
    """Measure each attacker; there is no table of the population, so F = f."""
    pairs = zip(_measures(before, k), _measures(after, k), strict=True)
    return [
        ReportRisk(
            model=then.model,
            definition=risk.DEFINITIONS[then.model],
            before=_figures(then),
            after=_figures(now),
        )
        for then, now in pairs
    ]


def _measures(sizes: Sequence[int], k: int) -> list[risk.Risk]:
    classes = dict(enumerate(sizes))
    return [risk.prosecutor(sizes, k), risk.journalist(classes, None, k), risk.marketer(classes, None, k)]


def _figures(one: risk.Risk) -> ReportRiskFigures:
    return ReportRiskFigures(highest=one.highest, average=one.average, at_risk=one.at_risk)


def _alone(sizes: Iterable[int]) -> int:
    return sum(size == 1 for size in sizes)
