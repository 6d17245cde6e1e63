"""The disclosure-risk report of a release, as its team reads it: every figure with the name of what it is."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from schemas.base import Key, Model
from schemas.disclosure import Dates, Tier
from schemas.release import ReleaseFileView

Share = Annotated[float, Field(ge=0, le=1, description="0 to 1.")]


class ReportPeople(Model):
    """How many people there are, and how many of them the release shows."""

    enrolled: Annotated[int, Field(description="Take part in the study.")]
    sharing: Annotated[int, Field(description="Of these, share their entries.")]
    left_out: Annotated[int, Field(description="Of these, wait for a later release: the ledger gate.")] = 0
    exported: Annotated[int, Field(description="Of these, are in the release.")]
    suppressed: Annotated[int, Field(description="Shown with every quasi-identifier hidden.")]
    recoded: Annotated[int, Field(description="Shown more coarsely than the others, with something left.")]
    last_release: Annotated[int | None, Field(description="The study's last release before this one.")] = None
    withdrawn: Annotated[int, Field(description="Were in the last release and share no more.")] = 0


class ReportLevel(Model):
    """One level of a hierarchy."""

    level: int
    name: Annotated[str, Field(examples=["as answered", "level 1 of 3", "hidden"])]
    labels: Annotated[list[str], Field(description="What people are called at that level, 12 at most.")]
    more: Annotated[int, Field(description="Labels that are not listed.")] = 0


class ReportAttribute(Model):
    """What became of one quasi-identifier."""

    key: Key
    level: Annotated[int, Field(description="The level that the release shows.")]
    levels: list[ReportLevel]
    loss: Annotated[
        Share, Field(description="Mean over people of (leaves under the value - 1) / (leaves - 1).")
    ]
    suda2: Annotated[Share, Field(description="Share of the SUDA2 scores, before generalisation.")]


class ReportClassSize(Model):
    """How many groups have one size."""

    people: int
    classes: int


class ReportSensitive(Model):
    """What is asked and reached for one sensitive attribute."""

    key: Key
    l: Annotated[int, Field(description="Different answers in every group: asked.")]  # noqa: E741 - its name
    l_reached: int
    t: float | None
    t_reached: float | None


class ReportRiskFigures(Model):
    """The risk by one definition."""

    highest: Share
    average: Share
    at_risk: Share


class ReportRisk(Model):
    """The risk from one kind of attacker: by the answers as given, and as the release shows them."""

    model: Annotated[str, Field(examples=["prosecutor", "journalist", "marketer"])]
    definition: str
    before: ReportRiskFigures
    after: ReportRiskFigures


class ReportUniques(Model):
    """People whom their quasi-identifiers single out: by the answers as given, and in the release."""

    before: int
    after: int
    definition: str


class ReportDates(Model):
    """How the release tells time, and whom that still singles out."""

    precision: Dates
    told: str
    singled_out: Annotated[Share, Field(description="People, the mean over the draws.")]
    with_time_of_day: Annotated[
        Share | None,
        Field(
            description="The same, where the parts of the day are known too; None: not told, or not measured."
        ),
    ] = None
    known: Annotated[int, Field(description="True dates that the attacker knows of a person.")]
    draws: Annotated[int, Field(description="Draws of such dates per person.")]
    seed: int
    definition: str


class ReportTexts(Model):
    """Where the texts of those who share stand, and what was replaced in the reviewed ones."""

    exported: Annotated[int, Field(description="Texts in the release.")]
    reviewed: int
    second: Annotated[int, Field(description="Reviewed once, waiting for a second person.")]
    withheld: int
    unreviewed: int
    edited: Annotated[int, Field(description="Edited since their review, and withheld again.")]
    redacted: Annotated[dict[str, int], Field(description="Pieces replaced in reviewed texts, by kind.")]


class ReportDifference(Model):
    """What changed against one earlier release: people, and the fewest of them between two groups."""

    release: int
    added: int
    removed: int
    shared: int
    smallest: Annotated[
        int, Field(description="Fewest people added, removed or shared between two groups; 0: none.")
    ]


class ReportLedger(Model):
    """The comparison with the earlier releases that a holder of this one may have."""

    compared: list[ReportDifference]
    not_compared: Annotated[list[int], Field(description="Releases of which nothing is known any more.")]
    not_compared_reason: Annotated[str | None, Field(description="Why this one was made all the same.")] = (
        None
    )


class ReportFigures(Model):
    """What was measured when a release was made; stored with it and never changed."""

    code_version: str
    k: int
    k_reason: Annotated[str | None, Field(description="Why k is below the tier's own.")] = None
    k_reached: Annotated[int, Field(description="People in the smallest group, counted in the files.")]
    suppression_limit: Share
    entries: int
    people: ReportPeople
    quasi_identifiers_shown: bool
    attributes: list[ReportAttribute]
    cells_suppressed: int
    class_sizes: Annotated[list[ReportClassSize], Field(description="Smallest first.")]
    sensitive: list[ReportSensitive]
    risk: list[ReportRisk]
    symbols: Annotated[str, Field(description="What the letters in the definitions stand for.")]
    uniques: ReportUniques
    dates: ReportDates
    texts: ReportTexts
    ledger: ReportLedger
    pseudonyms: str
    not_covered: Annotated[list[str], Field(description="What the method does not protect against.")]


class ReportAgreement(Model):
    """The agreement that was in force when the release was published."""

    organisation: str
    reference: Annotated[str, Field(description="Where the signed agreement is found.")]
    ends_on: Annotated[date, Field(description="Its last day.")]
    ended_at: Annotated[datetime | None, Field(description="When it was ended before its last day.")]


class ReleaseReport(ReportFigures):
    """The whole report: the figures, and what was released to whom."""

    study: str
    number: int
    tier: Tier
    recipient: str
    purpose: str
    agreement: Annotated[
        ReportAgreement | None, Field(description="None: the tier open, or a study that had recorded none.")
    ] = None
    cutoff: datetime
    requested_at: datetime
    published_at: datetime
    operator: Annotated[str, Field(description="Who asked for the release.")]
    files: list[ReleaseFileView]
