"""The team's report as one page: no script, nothing from elsewhere, readable on a phone and on paper."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from api.releases.report import figures, words
from api.releases.report.markup import Html, el, joined, pairs, table
from api.releases.report.style import STYLE
from api.releases.report.words import number, percent
from schemas.disclosure import Tier
from schemas.report import ReleaseReport, ReportAttribute, ReportDates

_IN_THE_PAGE = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)
POLICY = f"{_IN_THE_PAGE}; frame-ancestors 'none'"


def html(report: ReleaseReport) -> str:
    """Return the page; every word of people in it is escaped."""
    title = f"Disclosure-risk report: release {report.number}"
    head = el(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_IN_THE_PAGE}">'),
        el("title", f"{title}, {report.study}"),
        el("style", STYLE),
    )
    body = el("body", el("main", el("h1", title), *_sections(report)))
    return f"<!DOCTYPE html>\n{el('html', head, body, lang='en')}\n"


def _sections(report: ReleaseReport) -> Iterable[Html]:
    yield el(
        "p",
        words.STATEMENT,
        " For the study's team: it holds figures that recipients do not see.",
        class_="statement",
    )
    yield _section("In short", _in_short(report))
    yield _section("Released", _released(report))
    yield _section("People", _people(report))
    yield _section("How people are described", _described(report))
    yield _section("Groups", figures.class_sizes(report), *_sensitive(report))
    yield _section("Risk", figures.risk(report), _definitions(report), _uniques(report))
    yield _section("Time", _time(report))
    yield _section("Texts", _texts(report))
    yield _section("Earlier releases", _ledger(report))
    yield _section("Pseudonyms", el("p", report.pseudonyms))
    yield _section("What the method does not cover", _list(report.not_covered))
    yield _section("Files", _files(report))


def _section(title: str, *parts: Html) -> Html:
    name = title.lower().replace(" ", "-")
    return el("section", el("h2", title, id=name), *parts, aria_labelledby=name)


def _in_short(report: ReleaseReport) -> Html:
    people, after = report.people, report.risk[0].after
    smallest = f"{words.people(report.k_reached)} in the smallest group; asked: {report.k}"
    rows = [
        ("k, counted on people", smallest),
        *([("Why k is so low", report.k_reason)] if report.k_reason else []),
        ("People in the release", f"{number(people.exported)} of {number(people.sharing)} who share"),
        ("Everything hidden", f"{words.people(people.suppressed)}"),
        (
            "Highest risk for a person",
            f"{percent(after.highest)} (as answered: {percent(report.risk[0].before.highest)})",
        ),
        ("Entries", number(report.entries)),
    ]
    return pairs("Main figures", rows)


def _released(report: ReleaseReport) -> Html:
    rows = [
        ("Study", report.study),
        ("Release", str(report.number)),
        ("Tier", report.tier.value),
        ("Recipient", report.recipient),
        ("Purpose", report.purpose),
        ("Agreement", words.agreement(report.agreement)),
        ("Asked for by", report.operator),
        ("Asked for", f"{report.requested_at:%d %B %Y, %H:%M} UTC"),
        ("Published", f"{report.published_at:%d %B %Y, %H:%M} UTC"),
        ("Entries received up to", f"{report.cutoff:%d %B %Y, %H:%M} UTC"),
        ("Made with", f"Daybook {report.code_version}"),
    ]
    return pairs("What was released to whom", rows)


def _people(report: ReleaseReport) -> Html:
    people = report.people
    since = f"In release {people.last_release}, and share no more"
    rows = [
        ("Take part in the study", number(people.enrolled)),
        ("Share their entries", number(people.sharing)),
        ("Wait for a later release, so that it singles nobody out", number(people.left_out)),
        ("In this release", number(people.exported)),
        ("Everything about them hidden", number(people.suppressed)),
        ("Shown more coarsely than the others", number(people.recoded)),
        *([(since, number(people.withdrawn))] if people.last_release is not None else []),
    ]
    return pairs("How many people", rows)


def _described(report: ReleaseReport) -> Html:
    if not report.attributes:
        return el("p", "Nothing is told of people but their pseudonym.")
    fewer = (
        None
        if report.quasi_identifiers_shown
        else el(
            "p", f"Fewer than {2 * report.k} people are in the release: every quasi-identifier is hidden (*)."
        )
    )
    hidden = f"Single cells hidden so that k is reached: {number(report.cells_suppressed)}. "
    limit = f"At most {percent(report.suppression_limit)} of people may be hidden. "
    return joined(
        fewer,
        figures.loss(report),
        el("p", hidden, limit, words.LOSS, class_="note"),
        *(_levels(one) for one in report.attributes),
    )


def _levels(one: ReportAttribute) -> Html:
    rows = [
        (
            f"{level.level}: {level.name}" + (" (shown)" if level.level == one.level else ""),
            ", ".join(level.labels) + (f" and {number(level.more)} more" if level.more else ""),
        )
        for level in one.levels
    ]
    return table(f"Levels of {one.key}", ("level", "people are called"), rows)


def _sensitive(report: ReleaseReport) -> Iterable[Html]:
    if report.sensitive:
        rows = [
            (one.key, f"{one.l_reached} ({one.l})", f"{_t(one.t_reached)} ({_t(one.t)})")
            for one in report.sensitive
        ]
        header = ("question", "l reached (asked)", "t reached (asked)")
        yield table("Sensitive answers in each group", header, rows)
        yield el("p", words.DISTINCT_L, " ", words.T_CLOSENESS, class_="note")


def _t(t: float | None) -> str:
    return "not asked" if t is None else f"{t:.2f}"


def _definitions(report: ReleaseReport) -> Html:
    items = (el("li", el("strong", one.model), f": {one.definition}") for one in report.risk)
    return el("div", el("ul", *items), el("p", report.symbols), class_="note")


def _uniques(report: ReleaseReport) -> Html:
    found = report.uniques
    rows = [
        ("As answered", number(found.before)),
        ("In this release", number(found.after)),
        *_by_moments(report.dates),
        *((f"SUDA2, as answered: {one.key}", percent(one.suda2)) for one in report.attributes),
    ]
    return joined(
        el("h3", "People who stand alone"),
        pairs("People who stand alone, and the attributes that make them so", rows),
        el("p", found.definition, " ", words.SUDA2 if report.attributes else None, class_="note"),
    )


def _by_moments(dates: ReportDates) -> Iterable[tuple[str, str]]:
    if dates.with_time_of_day is not None:
        yield f"By {dates.known} true dates with the part of the day", percent(dates.with_time_of_day)


def _time(report: ReleaseReport) -> Html:
    dates = report.dates
    rows = [
        ("Told", dates.told),
        ("Singled out", f"{percent(dates.singled_out)} of people"),
        ("By somebody who knows", f"{dates.known} true dates of a person's entries"),
        ("Measured with", f"{number(dates.draws)} random draws for each person, seed {dates.seed}"),
    ]
    return joined(pairs("How time is told", rows), el("p", dates.definition, class_="note"))


def _texts(report: ReleaseReport) -> Html:
    texts = report.texts
    if report.tier is Tier.OPEN:
        return el("p", words.CODED_ONLY)
    if not texts.reviewed + texts.second:
        return el("p", words.ALL_WITHHELD)
    rows = [
        ("In this release", number(texts.exported)),
        ("Reviewed", number(texts.reviewed)),
        ("Waiting for a second person", number(texts.second)),
        ("Withheld by a reviewer", number(texts.withheld)),
        ("Not reviewed yet, and withheld", number(texts.unreviewed)),
        ("Edited since their review, and withheld", number(texts.edited)),
        *((f"Replaced: {kind.replace('_', ' ')}", number(many)) for kind, many in texts.redacted.items()),
    ]
    return pairs("Texts of those who share", rows)


def _ledger(report: ReleaseReport) -> Html:
    rows = [
        (
            str(one.release),
            f"{number(one.added)} added, {number(one.removed)} removed, {number(one.shared)} in both",
            number(one.smallest),
        )
        for one in report.ledger.compared
    ]
    header = ("release", "people", "smallest difference")
    none = el("p", "Nobody who may hold this release holds an earlier one.")
    compared = table("Releases that a holder may have", header, rows) if rows else none
    unknown = ", ".join(map(str, report.ledger.not_compared))
    why = f" The study's reason: {report.ledger.not_compared_reason}"
    lost = el("p", f"Of these releases nothing is known any more: {unknown}.{why}") if unknown else None
    return joined(compared, lost, el("p", words.LEDGER, class_="note") if rows else None)


def _list(items: Iterable[str]) -> Html:
    return el("ul", *(el("li", one) for one in items))


def _files(report: ReleaseReport) -> Html:
    rows = [
        (
            joined(
                one.name,
                ", ",
                f"{number(one.rows)} rows, " if one.rows is not None else "",
                f"{number(one.bytes)} bytes",
            ),
            el("code", one.sha256),
        )
        for one in report.files
    ]
    return table("Files and their hashes", ("file", "SHA-256"), rows)
