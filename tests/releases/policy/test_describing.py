"""Who is described how, what is refused, and what would make it possible."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.releases.describing import describe
from api.releases.layout import lay_out
from api.releases.problems import NotReachable, TooFewParticipants
from api.releases.slots import Version
from schemas.disclosure import Tier
from schemas.instrument import InstrumentDefinition
from tests.releases.policy.people import COUNTRIES, SECTORS, a_policy, people, phase, phases
from tests.schemas.shipped import DIARY

LOCAL, CENTRAL = {"sector": "local", "country": "england"}, {"sector": "central", "country": "england"}
CHARITY = {"sector": "charity", "country": "wales"}


def refusal(*given: Any) -> str:
    """Return what a refusal says."""
    with pytest.raises((NotReachable, TooFewParticipants)) as found:
        describe(*given)
    return str(found.value.detail)


def test_three_people_are_told_how_many_more_are_needed() -> None:
    assert refusal(a_policy(), people((3, LOCAL))) == (
        "3 people share their entries and k is 5: 2 more must share. With these, k = 3 could be reached; "
        "a k below 5 needs its reason in the study's disclosure policy."
    )
    assert refusal(a_policy(), people((2, LOCAL))) == (
        "2 people share their entries and k is 5: 3 more must share."
    )
    assert "k = 12 could be reached; the study's disclosure policy can say so." in refusal(
        a_policy(k=20), people((12, LOCAL))
    )
    assert "a k below 10 needs its reason" in refusal(a_policy(tier=Tier.OPEN, k=10), people((9, LOCAL)))


def test_of_fewer_than_two_classes_of_people_nothing_is_told() -> None:
    found = describe(a_policy(), people((4, LOCAL), (5, CENTRAL)))
    assert found.without_quasi_identifiers
    assert (set(found.shown.values()), found.class_sizes, found.k_reached) == ({("*", "*")}, (9,), 9)
    assert not describe(a_policy(), people((5, LOCAL), (5, CENTRAL))).without_quasi_identifiers


def test_when_everybody_would_be_hidden_it_is_refused_and_said_what_would_help() -> None:
    odd = people((8, LOCAL), (3, {"sector": "charity", "country": "france"}))
    assert refusal(a_policy(), odd) == (
        "Only with every description hidden would 5 people share each of them; at most 5% of 11 people may be "
        "hidden. Ask for a release without quasi-identifiers; or Lower k to 3 (a k below 5 needs its reason in "
        "the study's disclosure policy)."
    )
    assert describe(a_policy(k=3), odd).k_reached == 3
    assert describe(a_policy(quasi_identifiers=[]), odd).class_sizes == (11,)


def test_a_higher_suppression_limit_is_offered_where_it_helps() -> None:
    many = people((80, LOCAL), (10, CENTRAL), (9, {"sector": "charity", "country": "france"}))
    assert "Raise the suppression limit, up to 0.2" in refusal(a_policy(k=10), many)
    assert describe(a_policy(k=10, suppression_limit=0.2), many).k_reached >= 10


def test_who_answered_nothing_is_a_category_and_never_a_wildcard() -> None:
    silent = describe(a_policy(), people((6, LOCAL), (6, CENTRAL), (5, {})))
    assert Counter(silent.shown.values()) == {("local", "england"): 6, ("central", "england"): 6, ("", ""): 5}
    said = refusal(a_policy(), people((6, LOCAL), (6, CENTRAL), (4, {})))
    assert "4 people have answered none of sector, country." in said


def test_a_class_needs_different_answers_to_a_sensitive_question() -> None:
    who = people((6, LOCAL), (6, CENTRAL))
    mixed = phases((3, ["crisis"]), (3, ["recovery"]), (6, ["crisis", "thriving"]))
    apart = describe(a_policy(sensitive=[phase()]), who, mixed)
    assert (apart.class_sizes, apart.l_reached) == ((6, 6), {"phase": 2})
    same = phases((6, ["crisis"]), (6, ["recovery"]))
    together = describe(a_policy(sensitive=[phase()]), who, same)
    assert (together.class_sizes, together.l_reached) == ((12,), {"phase": 2})
    assert describe(a_policy(), who, same).class_sizes == (6, 6)


def test_an_l_that_nobody_s_answers_reach_is_refused() -> None:
    who = people((6, LOCAL), (6, CENTRAL))
    assert refusal(a_policy(sensitive=[phase(l=3)]), who, phases((12, ["crisis"]))) == (
        "All 12 people together gave 1 different answers to phase; l is 3. "
        "Take phase off the sensitive attributes."
    )


def test_people_are_described_more_coarsely_where_t_needs_it() -> None:
    who = people((6, LOCAL), (6, CENTRAL))
    apart = phases((5, ["crisis"]), (1, ["recovery"]), (1, ["crisis"]), (5, ["recovery"]))
    held = describe(a_policy(sensitive=[phase(t=0.2)]), who, apart)
    assert (set(held.shown.values()), held.t_reached["phase"]) == ({("government", "england")}, 0)
    kept = describe(a_policy(sensitive=[phase(t=0.34)]), who, apart)
    assert (set(kept.shown.values()), kept.class_sizes) == (
        {("local", "england"), ("central", "england")},
        (6, 6),
    )
    assert kept.t_reached["phase"] == pytest.approx(1 / 3)


def test_a_t_that_only_hiding_everybody_keeps_is_refused_and_the_attribute_named_that_gives_it_away() -> None:
    who = people((6, LOCAL), (6, CHARITY))
    apart = phases((5, ["crisis"]), (1, ["recovery"]), (1, ["crisis"]), (5, ["recovery"]))
    policy = a_policy(sensitive=[phase(t=0.2)], quasi_identifiers=a_policy().quasi_identifiers[:1])
    said = refusal(policy, who, apart)
    assert said.startswith("Answers to phase differ between groups by t = 0.33; the most is 0.2. ")
    assert "Leave out the quasi-identifier sector" in said
    assert "Take phase off the sensitive attributes" in said


def test_the_order_of_answers_counts_where_they_have_one() -> None:
    who = people((6, LOCAL), (6, CENTRAL))
    ends_and_middle = phases((3, ["crisis"]), (3, ["thriving"]), (5, ["recovery"]), (1, ["crisis"]))
    plain = describe(a_policy(sensitive=[phase()]), who, ends_and_middle).t_reached["phase"]
    ordered = describe(a_policy(sensitive=[phase(ordered=True)]), who, ends_and_middle).t_reached["phase"]
    assert [plain, ordered] == pytest.approx([5 / 12, 5 / 24])


PERSON = st.fixed_dictionaries(
    {}, optional={"sector": st.sampled_from(sorted(SECTORS)), "country": st.sampled_from(sorted(COUNTRIES))}
)
NEVER = st.dictionaries(st.sampled_from(["income", "home_town"]), st.text(max_size=5))


@given(st.lists(st.tuples(PERSON, NEVER), max_size=40), st.integers(3, 6))
def test_answers_that_never_leave_change_nothing(given: list[tuple[Any, Any]], k: int) -> None:
    def outcome(described: list[dict[str, str]]) -> object:
        try:
            return describe(a_policy(k=k), people(*((1, one) for one in described)))
        except (NotReachable, TooFewParticipants) as refused:
            return refused.detail

    plain = outcome([one for one, _ in given])
    assert plain == outcome([one | never for one, never in given])


@given(st.lists(PERSON, max_size=40), st.integers(3, 6))
def test_whatever_is_described_is_shared_by_k_people(given: list[dict[str, str]], k: int) -> None:
    try:
        found = describe(a_policy(k=k), people(*((1, one) for one in given)))
    except (NotReachable, TooFewParticipants):
        return
    assert min(Counter(found.shown.values()).values()) >= k
    hidden = sum(set(shown) == {"*"} for shown in found.shown.values())
    assert found.without_quasi_identifiers or hidden <= 0.05 * len(given)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["never", None]), max_size=4))
def test_questions_that_never_leave_change_no_table(classes: list[str | None]) -> None:
    diary = DIARY.model_dump(mode="json", exclude_none=True)
    for number, disclosure in enumerate(classes):
        hidden = {"type": "yes_no", "key": f"hidden_{number}", "label": {"en": "Hidden"}}
        diary["questions"].insert(0, hidden | ({"disclosure": disclosure} if disclosure else {}))
        diary["forms"][0]["items"].insert(0, {"question": f"hidden_{number}"})
    more = InstrumentDefinition.model_validate(diary)
    policy = a_policy(sensitive=[phase()])
    tables = [lay_out([Version(UUID(int=1), definition)], policy).tables for definition in (DIARY, more)]
    assert tables[0] == tables[1]
