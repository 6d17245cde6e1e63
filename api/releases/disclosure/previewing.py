"""Tells what a release would cost, without keeping anything."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from api.core import clock
from api.core.problems import Problem
from api.releases import snapshot
from api.releases.deidentify import Deidentifier
from api.releases.describing import describe
from api.releases.disclosure import service
from api.releases.layout import Layout, lay_out
from api.releases.people import NOBODY_ANSWERED, Attributes, People
from api.releases.policy import Policy, QuasiIdentifier
from api.releases.pseudonyms import Scope
from api.releases.sensitive import SensitiveValues, Values, slots_for
from api.releases.snapshot import Frozen
from api.studies.models import Study
from schemas.preview import Alternative, AttributeCost, Cost, PreviewAsk, ReleasePreview, SensitiveCost

MOST_ENTRIES = 200_000
"""Entries that are read for the answers to sensitive questions."""
_LABELS, _ALTERNATIVES = 20, 3
_NOT_COUNTED = (
    f"Answers to sensitive questions are not counted in a study of more than {MOST_ENTRIES} entries: "
    "the release may be coarser, or be refused."
)
_LEDGER = "Earlier releases are not compared: the release may be refused because of one."


def preview(session: Session, engine: Engine, study: Study, wanted: PreviewAsk) -> ReleasePreview:
    """Say what a release would cost if it were made now."""
    policy = service.for_release(session, study, wanted, wanted.policy)
    study_id, cutoff = study.id, wanted.cutoff or clock.now()
    session.rollback()  # searching takes seconds: SQLite's write lock must not wait for it
    attributes, sensitive = _read(engine, study_id, cutoff, policy)
    notes = [_LEDGER] if sensitive is not None else [_LEDGER, _NOT_COUNTED]
    if sensitive is None:
        policy, sensitive = policy.model_copy(update={"sensitive": []}), NOBODY_ANSWERED
    cost = _cost(policy, attributes, sensitive)
    return ReleasePreview(
        tier=policy.tier,
        k=policy.k,
        participants=len(attributes),
        cost=cost,
        alternatives=_alternatives(policy, cost, attributes, sensitive),
        notes=notes,
    )


def _read(
    engine: Engine, study_id: UUID, cutoff: datetime, policy: Policy
) -> tuple[Attributes, Values | None]:
    """Read who shares and, if they are not too many, what they answered to sensitive questions."""
    with snapshot.frozen(engine, study_id, cutoff) as view:
        if policy.sensitive and snapshot.count(view) > MOST_ENTRIES:
            return view.attributes, None
        return view.attributes, _answers(view, policy) if policy.sensitive else NOBODY_ANSWERED


def _answers(view: Frozen, policy: Policy) -> Values:
    layout = lay_out(view.versions, policy)
    slots = tuple(slot for one in policy.sensitive for slot in slots_for(layout, one.key))
    layout, scope = Layout(slots, policy), Scope(secrets.token_bytes(32), secrets.token_bytes(32))
    found, made = SensitiveValues(layout), Deidentifier(view, layout, scope)
    for page in snapshot.entries(view):
        found.add(made.entries(page))
    return found.by_participant({who: scope.participant(who) for who in view.attributes})


def _alternatives(policy: Policy, cost: Cost, attributes: Attributes, sensitive: Values) -> list[Alternative]:
    """Leave out, one at a time, the quasi-identifiers that lose most."""
    if len(attributes) < 2 * policy.k:
        return []
    losses = {one.key: one.loss for one in cost.attributes}
    most = sorted(policy.quasi_identifiers, key=lambda one: -losses.get(one.key, 0))[:_ALTERNATIVES]
    return [
        Alternative(left_out=one.key, cost=_cost(_without(policy, one), attributes, sensitive))
        for one in most
    ]


def _without(policy: Policy, one: QuasiIdentifier) -> Policy:
    rest = [other for other in policy.quasi_identifiers if other is not one]
    return policy.model_copy(update={"quasi_identifiers": rest})


def _cost(policy: Policy, attributes: Attributes, sensitive: Values) -> Cost:
    try:
        people = describe(policy, attributes, sensitive)
    except Problem as refused:
        return Cost(refusal=f"{refused.title} {refused.detail or ''}".strip())
    return Cost(
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
