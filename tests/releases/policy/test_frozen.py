"""The policy that is frozen with a release."""

from api.core import clock
from api.core.ids import new_id
from api.releases.models import Release
from api.releases.policy import Policy
from api.releases.pseudonyms import pseudonym_scope
from schemas.disclosure import Tier


def test_a_policy_that_was_stored_before_there_were_tiers_can_be_read() -> None:
    stored = {
        "quasi_identifiers": [{"key": "sector", "ancestors": {"local_gov": ["government"]}}],
        "k": 5,
        "suppression_limit": 0.05,
    }
    found = Policy.model_validate(stored)
    assert (found.tier, found.dates, found.sensitive, found.k_reason) == (Tier.SAFEGUARDED, "week", [], None)
    assert found.quasi_identifiers[0].hierarchy().levels == {"local_gov": ("local_gov", "government", "*")}


def test_only_the_safeguarded_tier_has_texts() -> None:
    tiers = {tier: Policy(tier=tier, quasi_identifiers=[], k=10, suppression_limit=0.05) for tier in Tier}
    assert {tier: policy.texts for tier, policy in tiers.items()} == {
        Tier.SAFEGUARDED: True,
        Tier.OPEN: False,
    }


def a_release(tier: str, seed: str) -> Release:
    return Release(
        study_id=new_id(),
        number=1,
        tier=tier,
        recipient="Dr Ana Analyst",
        purpose="themes",
        policy={},
        cutoff=clock.now(),
        seed=seed,
    )


def test_pseudonyms_stay_for_a_recipient_and_purpose_but_never_in_the_open_tier() -> None:
    assert pseudonym_scope(a_release("safeguarded", "1")) == pseudonym_scope(a_release("safeguarded", "2"))
    assert pseudonym_scope(a_release("open", "1")) != pseudonym_scope(a_release("open", "2"))
