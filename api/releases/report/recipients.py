"""DISCLOSURE.md, the recipients' report: what was done, what risk is left, and what they must not do."""

import re
from collections.abc import Iterable, Iterator
from math import ceil

from api.releases.models import Release
from api.releases.report import words
from api.releases.report.bands import at_most, band
from schemas.disclosure import Tier
from schemas.report import ReportFigures, ReportSensitive

DISCLOSURE = "DISCLOSURE.md"
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+!|&~-])")
_MUST_NOT = (
    "Do not try to recognise anybody, in this dataset or with its help.",
    "Do not combine it with other data about the people or the organisations in it.",
    "Do not publish a table or an example that describes fewer than {k} people.",
    "If you recognise somebody all the same, do not write it down; tell the study's team, and nobody else.",
)
_SAFEGUARDED = (
    "Do not pass it on. Whoever else needs it asks the study's team for a release of their own.",
    "Do not use it for another purpose than the one above.",
)


def text(release: Release, study: str, figures: ReportFigures) -> str:
    """Return the recipients' report as Markdown: counts in bands, no groups one by one, and nobody's name."""
    parts = (
        _head(release, study, figures),
        _people(figures),
        _descriptions(figures),
        _risk(figures),
        _sensitive(figures.sensitive),
        _time(figures),
        _texts(release, figures),
        _earlier(figures),
        _section("Pseudonyms", [figures.pseudonyms]),
        _section("What the method does not cover", _list(figures.not_covered)),
        _section("What you must not do", _list(_rules(release, figures.k))),
    )
    return "\n".join(line for part in parts for line in part)


def _head(release: Release, study: str, figures: ReportFigures) -> Iterator[str]:
    yield f"# Disclosure control of release {release.number}\n"
    yield f"Study: {plain(study)}  "
    yield f"Tier: {release.tier}  "
    yield f"Recipient: {plain(release.recipient)}  "
    yield f"Purpose: {plain(release.purpose)}  "
    yield f"Made with: Daybook {figures.code_version}\n"
    yield f"{words.STATEMENT}\n"
    yield (
        f"Everybody in this dataset is in a group of people with the same description. Every group has at least "
        f"k = {figures.k} people; k counts people, not entries. "
        f"The smallest group has {band(figures.k_reached, figures.k)} people.\n"
    )
    if figures.k_reason:
        yield f"This k is below the tier's own. The study's reason: {plain(figures.k_reason)}\n"
    yield f"Numbers here are bands. No number of people or of texts below {figures.k} is told.\n"


def _people(figures: ReportFigures) -> Iterator[str]:
    people, k = figures.people, figures.k
    rows = [
        ("People in this release", band(people.exported, k)),
        ("People of whom everything is hidden", band(people.suppressed, k)),
        ("People shown more coarsely than the others", band(people.recoded, k)),
        ("People who stood alone before generalisation", band(figures.uniques.before, k)),
    ]
    if people.last_release is not None:
        rows.append(("People of the last release who share no more", band(people.withdrawn, k)))
    yield from _section("People", _table(("what", "how many"), rows))
    yield "A person stands alone when nobody else has the same quasi-identifiers.\n"


def _descriptions(figures: ReportFigures) -> Iterator[str]:
    yield "## How people are described\n"
    if not figures.attributes:
        yield "Nothing is told of people but their pseudonym.\n"
        return
    yield "Quasi-identifiers are what others may know of a person. They are written at one level for all:\n"
    rows = [
        (f"`{one.key}`", one.levels[one.level].name, at_most(one.loss), _words(one.levels[one.level].labels))
        for one in figures.attributes
    ]
    yield from _table(("attribute", "level", "Loss", "words used"), rows)
    yield ""
    yield "Some people are written more coarsely than that, or as `*`, so that k is reached. "
    yield f"Cells hidden in this way: {band(figures.cells_suppressed, figures.k)}. `*` means hidden.\n"
    yield f"{words.LOSS}\n"


def _words(labels: Iterable[str]) -> str:
    return ", ".join(plain(one) for one in labels)


def _risk(figures: ReportFigures) -> Iterator[str]:
    rows = [
        (one.model, at_most(one.after.highest), at_most(one.after.average), _none_or(one.after.at_risk))
        for one in figures.risk
    ]
    yield from _section(
        "Risk of being recognised", _table(("who tries", "highest", "average", "above 1/k"), rows)
    )
    yield "The risk is that of the descriptions alone.\n"
    yield from (f"- **{one.model}**: {one.definition}" for one in figures.risk)
    yield f"\n{figures.symbols}\n"


def _none_or(share: float) -> str:
    return at_most(share) if share else "nobody"


def _sensitive(sensitive: Iterable[ReportSensitive]) -> Iterator[str]:
    asked = [(f"`{one.key}`", f"{one.l} or more", f"{one.t} or less" if one.t else "") for one in sensitive]
    if asked:
        yield from _section("Sensitive answers", _table(("question", "l", "t"), asked))
        yield f"{words.DISTINCT_L} {words.T_CLOSENESS}\n"


def _time(figures: ReportFigures) -> Iterator[str]:
    dates = figures.dates
    yield from _section("Time", [f"This release tells the {dates.told}."])
    yield (
        f"Somebody who knows {dates.known} true dates of a person's entries singles out, on average, "
        f"this many people: {_band_of(dates.singled_out, figures)}. {dates.definition}\n"
    )
    if dates.with_time_of_day is not None:
        many = _band_of(dates.with_time_of_day, figures)
        yield f"Somebody who knows the part of the day of those entries too singles out this many people: {many}.\n"


def _band_of(share: float, figures: ReportFigures) -> str:
    return band(ceil(round(share * figures.people.exported, 9)), figures.k)


def _texts(release: Release, figures: ReportFigures) -> Iterator[str]:
    if release.tier == Tier.OPEN or not figures.texts.reviewed + figures.texts.second:
        said = words.CODED_ONLY if release.tier == Tier.OPEN else words.ALL_WITHHELD
        yield from _section("Texts", [said])
        return
    texts, k = figures.texts, figures.k
    waiting = texts.second + texts.unreviewed + texts.edited
    rows = [
        ("in this release, as a person has reviewed them", band(texts.exported, k)),
        ("reviewed in all", band(texts.reviewed, k)),
        ("withheld by a reviewer", band(texts.withheld, k)),
        ("not reviewed, and withheld", band(waiting, k)),
        *((f"replaced: {kind.replace('_', ' ')}", band(many, k)) for kind, many in texts.redacted.items()),
    ]
    yield from _section("Texts", _table(("texts", "how many"), rows))
    yield "Placeholders such as [PERSON-1] mean the same within one participant.\n"


def _earlier(figures: ReportFigures) -> Iterator[str]:
    if figures.ledger.compared or figures.ledger.not_compared:
        told = (
            "This release was compared with the earlier ones that its holders may have. Whatever differs between "
            "them concerns nobody, or at least as many people as the lower k of the two."
        )
        why = f"The study's reason: {plain(figures.ledger.not_compared_reason or '')}"
        lost = f"Of some earlier releases nothing is known any more; they could not be compared. {why}"
        yield from _section("Earlier releases", [told, *([lost] if figures.ledger.not_compared else [])])


def _rules(release: Release, k: int) -> list[str]:
    own = () if release.tier == Tier.OPEN else _SAFEGUARDED
    return [rule.format(k=k) for rule in (*_MUST_NOT, *own)]


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from lines
    yield ""


def _list(items: Iterable[str]) -> Iterator[str]:
    return (f"- {one}" for one in items)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def plain(words_of_people: str) -> str:
    """Return somebody's own words on one line, with no meaning as Markdown or HTML."""
    return _MARKS.sub(r"\\\1", " ".join(words_of_people.split()))
