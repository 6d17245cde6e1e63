"""Tells what a release would cost, without keeping anything."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from api.core import clock
from api.core.problems import Problem
from api.releases import snapshot
from api.releases.deidentify import Deidentifier
from api.releases.disclosure import service
from api.releases.gate.fitting import Known
from api.releases.gate.held import Past, past_of
from api.releases.gate.service import judged
from api.releases.layout import Layout, lay_out
from api.releases.models import Release
from api.releases.people import NOBODY_ANSWERED, Attributes, People
from api.releases.policy import Policy, QuasiIdentifier
from api.releases.pseudonyms import Scope
from api.releases.sensitive import SensitiveValues, Values, slots_for
from api.releases.snapshot import Frozen
from api.studies.models import Study
from schemas.disclosure import Tier
from schemas.preview import Alternative, AttributeCost, Cost, PreviewAsk, ReleasePreview, SensitiveCost

MOST_ENTRIES = 200_000
"""Entries that are read for the answers to sensitive questions."""
_LABELS, _ALTERNATIVES = 20, 3
_NOT_COUNTED = (
    f"Answers to sensitive questions are not counted in a study of more than {MOST_ENTRIES} entries: "
    "the release may be coarser, or be refused."
)
_NO_RECIPIENT = "No recipient is named: of the earlier releases only the open ones are compared."


@dataclass(frozen=True)
class _Tried:
    """What a release is tried with: who shares, and what its holders may hold already."""

    known: Known
    past: Past
    release: Release


def preview(session: Session, engine: Engine, study: Study, wanted: PreviewAsk) -> ReleasePreview:
    """Say what a release would cost if it were made now, and whether an earlier one stands in its way."""
    policy = service.for_release(session, study, wanted, wanted.policy)
    release = _unasked(study.id, wanted, policy)
    session.rollback()  # searching takes seconds: SQLite's write lock must not wait for it
    attributes, sensitive, past = _read(engine, release, policy)
    notes = [_NO_RECIPIENT] if wanted.recipient is None and wanted.tier is Tier.SAFEGUARDED else []
    if sensitive is None:
        notes.append(_NOT_COUNTED)
        policy, sensitive = policy.model_copy(update={"sensitive": []}), NOBODY_ANSWERED
    tried = _Tried(Known(attributes, sensitive), past, release)
    cost = _cost(policy, tried, advises=True)
    return ReleasePreview(
        tier=policy.tier,
        k=policy.k,
        participants=len(attributes),
        cost=cost,
        alternatives=_alternatives(policy, cost, tried),
        notes=notes,
    )


def _unasked(study_id: UUID, wanted: PreviewAsk, policy: Policy) -> Release:
    """Return the release that nobody has asked for; it is never stored."""
    return Release(
        study_id=study_id,
        number=0,
        tier=wanted.tier,
        recipient=wanted.recipient or "",
        purpose=wanted.purpose or "",
        policy=policy.model_dump(mode="json"),
        cutoff=wanted.cutoff or clock.now(),
        fit_earlier=wanted.fit_earlier,
        not_compared_reason=wanted.not_compared_reason,
        seed="",
    )


def _read(engine: Engine, release: Release, policy: Policy) -> tuple[Attributes, Values | None, Past]:
    """Read who shares, what they answered to sensitive questions unless it is too much, and what is held."""
    with snapshot.frozen(engine, release.study_id, release.cutoff, policy.keys) as view:
        past = past_of(view.session, release)
        if policy.sensitive and snapshot.count(view) > MOST_ENTRIES:
            return view.attributes, None, past
        return view.attributes, _answers(view, policy) if policy.sensitive else NOBODY_ANSWERED, past


def _answers(view: Frozen, policy: Policy) -> Values:
    layout = lay_out(view.versions, policy)
    slots = tuple(slot for one in policy.sensitive for slot in slots_for(layout, one.key))
    layout, scope = Layout(slots, policy), Scope(secrets.token_bytes(32), secrets.token_bytes(32))
    found, made = SensitiveValues(layout), Deidentifier(view, layout, scope)
    for page in snapshot.entries(view):
        found.add(made.entries(page()))
    return found.by_participant(scope.participants(view.attributes))


def _alternatives(policy: Policy, cost: Cost, tried: _Tried) -> list[Alternative]:
    """Leave out, one at a time, the quasi-identifiers that lose most."""
    if len(tried.known.attributes) < 2 * policy.k:
        return []
    losses = {one.key: one.loss for one in cost.attributes}
    most = sorted(policy.quasi_identifiers, key=lambda one: -losses.get(one.key, 0))[:_ALTERNATIVES]
    return [
        Alternative(left_out=one.key, cost=_cost(_without(policy, one), tried, advises=False)) for one in most
    ]


def _without(policy: Policy, one: QuasiIdentifier) -> Policy:
    rest = [other for other in policy.quasi_identifiers if other is not one]
    return policy.model_copy(update={"quasi_identifiers": rest})


def _cost(policy: Policy, tried: _Tried, *, advises: bool) -> Cost:
    try:
        passed = judged(policy, tried.known, tried.past, tried.release, advises=advises)
    except Problem as refused:
        return Cost(refusal=f"{refused.title} {refused.detail or ''}".strip())
    people = passed.people
    return Cost(
        people_left_out=passed.gate.left_out,
        k_reached=people.k_reached,
        quasi_identifiers_shown=not people.without_quasi_identifiers,
        attributes=[_attribute(one, people) for one in policy.quasi_identifiers],
        sensitive=[
            SensitiveCost(
                key=one.key,
                l=one.l,
                l_reached=people.l_reached[one.key],
                t=one.t,
                t_reached=people.t_reached[one.key],
            )
            for one in policy.sensitive
        ],
        people_suppressed=people.suppressed,
        people_recoded=people.recoded,
        cells_suppressed=people.cells_suppressed,
        class_sizes=list(people.class_sizes),
    )


def _attribute(one: QuasiIdentifier, people: People) -> AttributeCost:
    hierarchy, level = one.hierarchy(), people.node[one.key]
    middle = f"level {level} of {hierarchy.height}"
    labels = dict.fromkeys(path[level] for path in hierarchy.levels.values())
    return AttributeCost(
        key=one.key,
        level=level,
        levels=hierarchy.height,
        level_name="as answered" if level == 0 else "hidden" if level == hierarchy.height else middle,
        labels=list(labels)[:_LABELS],
        loss=people.loss[one.key],
    )
