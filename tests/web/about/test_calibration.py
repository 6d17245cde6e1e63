"""How sure Leah was against what followed: the arithmetic, against numbers worked out by hand and by Python."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.web.browsing import imported

MODULE = "insights/calibration"
CAME = {"as_expected": 1, "better": 1, "worse": 0, "mixed": 0, "reversed": 0, "never_implemented": 0}
OPEN = ["too_early", "overtaken"]


def decision(name: str, confidence: Any = 80, **changes: Any) -> dict[str, Any]:
    answers = {} if confidence is None else {"confidence": confidence}
    return {"id": name, "entry": {"kind": "decision", "answers": answers} | changes}


def followup(about: str, outcome: str, made_at: str = "2026-11-29T12:00:00+00:00") -> dict[str, Any]:
    answers = {"outcome_state": outcome}
    return {
        "id": f"{about} {outcome}",
        "entry": {"kind": "followup", "follows": about, "answers": answers, "made_at": made_at},
    }


def settled(page: Page, *records: dict[str, Any]) -> Any:
    return imported(page, MODULE, "m.settled(given)", list(records))


@pytest.mark.parametrize("outcome", [*CAME, *OPEN])
def test_each_outcome_counts_as_the_documentation_says(blank: Page, outcome: str) -> None:
    found = settled(blank, decision("skills", 70), followup("skills", outcome))
    assert found == ([] if outcome in OPEN else [{"sure": 70, "came": CAME[outcome]}])


def test_an_outcome_unknown_to_this_version_counts_for_nothing(blank: Page) -> None:
    assert settled(blank, decision("skills"), followup("skills", "abandoned")) == []


def test_the_latest_settled_follow_up_counts(blank: Page) -> None:
    """Worse after a week, better after a month, and too early to say once more: better."""
    found = settled(
        blank,
        decision("skills", 60),
        followup("skills", "too_early", "2026-11-29T12:00:00+00:00"),
        followup("skills", "better", "2026-10-30T12:00:00+00:00"),
        followup("skills", "worse", "2026-10-07T12:00:00+01:00"),
    )
    assert found == [{"sure": 60, "came": 1}]


def test_follow_ups_are_ordered_by_instant_not_by_text(blank: Page) -> None:
    """Written in New York in the evening, which is later than London's midnight."""
    found = settled(
        blank,
        decision("skills"),
        followup("skills", "worse", "2026-10-06T20:30:00-05:00"),
        followup("skills", "better", "2026-10-07T00:30:00+01:00"),
    )
    assert found == [{"sure": 80, "came": 0}]


def test_only_decisions_with_a_confidence_and_a_follow_up_count(blank: Page) -> None:
    found = settled(
        blank,
        decision("unsure", None),
        followup("unsure", "better"),
        decision("unfollowed"),
        followup("deleted meanwhile", "better"),
        decision("not a decision", 90, kind="moment"),
        followup("not a decision", "better"),
        decision("no more than nothing", 0),
        followup("no more than nothing", "mixed"),
    )
    assert found == [{"sure": 0, "came": 0}]


def test_the_score_by_hand(blank: Page) -> None:
    """(0.9-1)² + (0.6-0)² + (0.5-1)² = 0.01 + 0.36 + 0.25 = 0.62, of three."""
    pairs = [{"sure": 90, "came": 1}, {"sure": 60, "came": 0}, {"sure": 50, "came": 1}]
    assert imported(blank, MODULE, "m.brier(given)", pairs) == pytest.approx(0.62 / 3)
    assert imported(blank, MODULE, "m.averages(given)", pairs) == pytest.approx(
        {"sure": 200 / 3, "came": 200 / 3}
    )
    assert imported(blank, MODULE, "m.brier([])") is None


def test_groups_by_hand(blank: Page) -> None:
    pairs = [
        {"sure": sure, "came": came} for sure, came in ((0, 0), (19, 1), (20, 1), (79, 0), (80, 1), (100, 1))
    ]
    assert imported(blank, MODULE, "m.groups(given)", pairs) == [
        {"from": 80, "to": 100, "n": 2, "came": 2},
        {"from": 60, "to": 79, "n": 1, "came": 0},
        {"from": 20, "to": 39, "n": 1, "came": 1},
        {"from": 0, "to": 19, "n": 2, "came": 1},
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from([*CAME, *OPEN])), min_size=1, max_size=40))
def test_python_finds_the_same(blank: Page, told: list[tuple[int, str]]) -> None:
    """Any decisions and outcomes: the phone's numbers are those of exact fractions."""
    records = [decision(str(n), sure) for n, (sure, _) in enumerate(told)]
    records += [followup(str(n), outcome) for n, (_, outcome) in enumerate(told)]
    found = imported(
        blank,
        MODULE,
        "(() => { const p = m.settled(given); return [m.brier(p), m.averages(p).came, m.groups(p)]; })()",
        records,
    )
    pairs = [(sure, CAME[outcome]) for sure, outcome in told if outcome in CAME]
    if not pairs:
        assert found == [None, None, []]
        return
    score = sum((Fraction(sure, 100) - came) ** 2 for sure, came in pairs) / len(pairs)
    assert found[0] == pytest.approx(float(score))
    assert found[1] == pytest.approx(100 * sum(came for _, came in pairs) / len(pairs))
    for group in found[2]:
        inside = [came for sure, came in pairs if group["from"] <= sure <= group["to"]]
        assert (group["n"], group["came"]) == (len(inside), sum(inside))
    assert sum(group["n"] for group in found[2]) == len(pairs)
