"""Makes a release pass beside the earlier ones: coarser where they told less, and with some people left out."""

from dataclasses import dataclass, replace

from api.releases.gate.held import Past
from api.releases.gate.judging import bounds, published
from api.releases.people import Attributes, People, Shortfall, attempt, recounted
from api.releases.policy import Policy
from api.releases.sdc.differences import Published
from api.releases.sdc.offers import coarser, left_for_later
from api.releases.sensitive import Values


@dataclass(frozen=True)
class Known:
    """What is known of the people who share: their profiles, and what they answered to sensitive questions."""

    attributes: Attributes
    sensitive: Values


def fitted(policy: Policy, known: Known, people: People, past: Past) -> People | None:
    """Return the people whom a release may show, coarse enough; None if k, l or t cannot be kept.

    Leaving people out for one holder may bring others of another below k, so it is done again until nobody is.
    """
    new = published(policy, people, 0)
    for audience in past.audiences:
        new = coarser(new, [held.published for held in bounds(policy, audience)])
    while out := _left_out(policy, new, past):
        new = replace(new, shown={who: told for who, told in new.shown.items() if who not in out})
    shown = {who: new.shown[str(who)] for who in people.shown if str(who) in new.shown}
    try:
        if len(shown) < 2 * policy.k:
            return attempt(policy, {who: known.attributes[who] for who in shown}, known.sensitive)
        return recounted(policy, people, shown, known.sensitive)
    except Shortfall:
        return None


def _left_out(policy: Policy, new: Published, past: Past) -> frozenset[str]:
    """Return who must wait, for any of the holders; everybody where no release can pass."""
    found: set[str] = set()
    for audience in past.audiences:
        out = left_for_later(new, [held.published for held in audience], policy.k)
        if out is None:
            return frozenset(new.shown)
        found |= out & new.shown.keys()
    return frozenset(found)
