"""What every report says in words, and how it writes numbers for people."""

from schemas.disclosure import Dates, Tier
from schemas.report import ReportAgreement

STATEMENT = "De-identified, with the stated risk. This is not a promise that nobody can be recognised."
NOT_COVERED = (
    "Background knowledge: what somebody remembers of a meeting or a decision can be found again in the answers.",
    "Rare combinations of answers: only the quasi-identifiers named here were generalised and counted.",
    "Texts, where there are any: people reviewed them, and people overlook things. A description needs no name.",
    "Groups: who knows that somebody is in a group learns what is true of the whole group.",
    "Other data: together with other sources, published or not, the release can single people out.",
    "Rhythm: how often and at what time of the day somebody writes can be a pattern that others know.",
    "Releases passed on: it is assumed that recipients keep theirs to themselves.",
    "Organisations and places: they may be recognised where no person is.",
    "Later knowledge: what becomes public after the release was not known when its risk was measured.",
)
LOSS = "Loss: the mean over people of (leaves under the value shown - 1) / (leaves - 1). 0: as answered, 1: hidden."
UNIQUES = "People who share their quasi-identifiers with nobody else in the release."
SUDA2 = (
    "SUDA2: a minimal sample unique is a smallest set of attributes on which a person is unique; a person's score is "
    "the sum of (A - size)! over theirs, with A attributes. Given is the share of all scores that comes from sets "
    "with the attribute; shares do not add up to 1."
)
DATES = (
    "The attacker knows the true dates of some of a person's entries, and sees of every entry the time as the release "
    "tells it. A person is singled out when nobody else has as many entries at each of those times."
)
LEDGER = (
    "Smallest difference: the fewest people who were added, removed, or are in both, between a group of the earlier "
    "release and one of this. It is nobody, or at least the lower k of the two."
)
CODED_ONLY = "There are no free texts: this tier holds coded answers only."
ALL_WITHHELD = "No person has reviewed a text yet: all of them are withheld."
T_CLOSENESS = (
    "t: the largest distance between a group's answers and everybody's (earth mover's distance, 0 to 1)."
)
DISTINCT_L = "l: the fewest different answers in a group that has any."
TOLD: dict[Dates, str] = {
    "week": "study week and part of the day, never a date",
    "week_and_weekday": "study week, day of the week and part of the day, never a date",
    "phase": "phase of the study only",
}
_PSEUDONYMS = {
    Tier.SAFEGUARDED: (
        "People keep their pseudonym in other releases to the same recipient for the same purpose, and nowhere else. "
        "Pseudonyms of entries are fresh in each release."
    ),
    Tier.OPEN: (
        "Pseudonyms of people and of entries are fresh in each release: nobody can be followed from one to another."
    ),
}


def pseudonyms(tier: Tier) -> str:
    """Say how far pseudonyms reach."""
    return _PSEUDONYMS[tier]


def number(count: int) -> str:
    """Write a count for people: 20,000."""
    return f"{count:,}"


def percent(share: float) -> str:
    """Write a share for people: 16.7 %; never 0 % or 100 % for what is not."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    return f"{share * 100:.1f} %".replace(".0 %", " %")


def people(count: int) -> str:
    """Write a number of people."""
    return "1 person" if count == 1 else f"{number(count)} people"


def agreement(one: ReportAgreement | None) -> str:
    """Say under which agreement a release was published."""
    if one is None:
        return "none was recorded"
    until = f"until {one.ends_on:%d %B %Y}"
    ended = f"; ended on {one.ended_at:%d %B %Y}" if one.ended_at else ""
    return f"{one.reference}, {one.organisation}, {until}{ended}"
