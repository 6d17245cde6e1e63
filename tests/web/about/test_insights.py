"""What Leah gets back from her own entries, without a connection."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page

from tests.web.about.phone import DIARY, Phone, entry, followed
from tests.web.browsing import imported


def rows(screen: Locator, title: str) -> dict[str, str]:
    """The rows of a chart: what each is about, and its number in words."""
    chart = screen.locator("figure", has=screen.page.get_by_role("heading", name=title, exact=True))
    found = chart.locator(".chart li").all()
    return {
        one.locator(".chart-label").inner_text(): one.locator(".chart-value").inner_text() for one in found
    }


def bars(screen: Locator, title: str, row: str) -> list[tuple[float, float]]:
    """Where the bars of a row begin, and how tall they are."""
    chart = screen.locator("figure", has=screen.page.get_by_role("heading", name=title, exact=True))
    drawn = chart.locator("li", has=screen.page.get_by_text(row, exact=True)).locator("rect").all()
    return [(float(one.get_attribute("x") or 0), float(one.get_attribute("height") or 0)) for one in drawn]


def test_before_the_first_entry_it_says_what_will_be_here(phone: Phone) -> None:
    screen = phone.look("/insights")
    assert "After your first entries" in screen.inner_text()
    assert screen.locator("figure").count() == 0


def test_the_last_weeks_by_kind(phone: Phone) -> None:
    """Two decisions today, one eight weeks ago less a day, and one that is older than the chart."""
    moment = entry("moment", 3, answers={"setting": "travel", "valence": 4})
    phone.record(entry(), entry(), entry(days=55), entry(days=56), moment)
    screen = phone.look("/insights")
    assert rows(screen, "Entries per day") == {"A decision": "3", "Right now": "1"}
    assert bars(screen, "Entries per day", "A decision") == [(0.1, 5), (55.1, 10)]
    assert bars(screen, "Entries per day", "Right now") == [(52.1, 5)]
    assert "The tallest bar stands for 2 on one day." in screen.inner_text()


def test_the_phase_of_each_decision(phone: Phone) -> None:
    """From crisis to recovery in two weeks; where no phase applies nothing is drawn."""
    phases = {14: "crisis", 7: "between_crisis_recovery", 1: "recovery", 0: "not_applicable"}
    phone.record(*(entry(days=days, answers={"phase": phase}) for days, phase in phases.items()))
    phone.record(entry("moment", answers={"setting": "travel", "phase": "thriving"}))
    found = rows(phone.look("/insights"), "The phase at each decision")
    assert list(found.items()) == [
        ("Thriving", "0"),
        ("Between recovery and thriving", "0"),
        ("Recovery", "1"),
        ("Between crisis and recovery", "1"),
        ("Crisis", "1"),
    ]


def test_each_chart_can_be_read_as_a_list(phone: Phone) -> None:
    """Whoever sees no bars reads the same days and numbers."""
    phone.record(entry(), entry(), entry(days=9), entry("moment", answers={"setting": "travel"}))
    screen = phone.look("/insights")
    lists = screen.get_by_text("Show as a list")
    assert lists.count() == 2
    lists.first.click()
    told = screen.locator("details[open]").first
    told.locator("dd").first.wait_for()
    day = date.fromisoformat(entry(days=9)["local_date"])
    assert told.locator("dd").all_inner_texts() == ["A decision: 2", "Right now: 1", "A decision: 1"]
    assert told.locator("dt").last.inner_text() == f"{day:%a} {day.day} {day:%b}"


def test_entries_that_are_deleted_are_gone_from_here(phone: Phone) -> None:
    kept, deleted = entry(), entry()
    phone.record(kept, deleted)
    phone.run("(await load('store/entries')).remove(given)", deleted["id"])
    assert rows(phone.look("/insights"), "Entries per day") == {"A decision": "1"}


def test_only_what_is_still_the_leaders_counts(blank: Page) -> None:
    """A withdrawal that waits to be sent, an entry deleted on another phone, and a change that came too late."""
    records: list[dict[str, Any]] = [
        {"id": "1", "state": "queued", "removing": True, "entry": {"kind": "decision"}},
        {"id": "2", "state": "elsewhere", "entry": {"kind": "decision"}},
        {"id": "3", "state": "withdrawn", "entry": None},
        {"id": "4", "state": "rejected", "entry": {"kind": "moment"}},
        {"id": "5", "state": "locked", "entry": {"kind": "day"}, "stored": {"entry": {"kind": "decision"}}},
    ]
    found = imported(blank, "insights/records", "m.present(given).map(r => [r.id, r.entry.kind])", records)
    assert found == [["4", "moment"], ["5", "decision"]]


def test_nothing_is_claimed_from_few_follow_ups(phone: Phone) -> None:
    """Two are settled, a third is too early to say."""
    decisions = [entry(days=40) for _ in range(3)]
    outcomes = ["as_expected", "worse", "too_early"]
    phone.record(
        *decisions, *(followed(one, outcome) for one, outcome in zip(decisions, outcomes, strict=True))
    )
    text = phone.look("/insights").inner_text()
    assert "Too few yet: 2 of 5" in text
    assert "Brier" not in text


def test_how_sure_she_was_and_what_followed(phone: Phone) -> None:
    """Sure of 90% four times and right three times; 50% once, and wrong: a score of (3·0.01 + 0.81 + 0.25) / 5."""
    told = [(90, "as_expected"), (90, "better"), (90, "as_expected"), (90, "reversed"), (50, "mixed")]
    for confidence, outcome in told:
        decision = entry(days=40, answers={"confidence": confidence})
        phone.record(decision, followed(decision, "worse", 20), followed(decision, outcome, 10))
    screen = phone.look("/insights")
    assert (
        "You followed up 5 decisions. You were 82% sure on average, and 60% turned out as expected"
        in screen.inner_text()
    )
    assert "Your Brier score is 0.22:" in screen.inner_text()
    assert rows(screen, "By how sure you were") == {"80 to 100% sure": "3 of 4", "40 to 59% sure": "0 of 1"}


def test_where_attention_went(phone: Phone) -> None:
    """Skills took over from business cases; the day's main decision counts as a decision of its kind."""
    phone.record(*(entry(days=days, answers={"lpip_theme": ["skills", "none"]}) for days in (0, 27, 28)))
    phone.record(*(entry(days=days, answers={"lpip_theme": ["business_cases"]}) for days in (30, 55, 56)))
    phone.record(
        entry(
            "day",
            2,
            answers={"main_decision": "Whom to appoint", "main_decision_kind": "people_or_appointment"},
        )
    )
    screen = phone.look("/insights")
    assert rows(screen, "Themes") == {"Skills": "2, before 1", "Business Cases": "0, before 2"}
    assert rows(screen, "Kinds of decision") == {
        "Money or budget": "2, before 3",
        "People or an appointment": "1, before 0",
    }


def test_a_study_without_these_questions_has_a_timeline_alone(phone: Phone) -> None:
    """Another study's diary, with one question of its own."""
    own = {
        "key": "river_watch",
        "version": 1,
        "title": {"en": "River watch"},
        "default_language": "en",
        "languages": ["en"],
        "questions": [{"key": "level", "type": "number", "label": {"en": "Level"}, "disclosure": "open"}],
        "forms": [
            {
                "kind": "visit",
                "label": {"en": "A visit"},
                "contingency": "event",
                "items": [{"question": "level"}],
            }
        ],
    }
    phone.run(
        "const s = await load('store/db');"
        "await s.run(['instruments'], 'readwrite', (at) => at.instruments.drop(given));",
        [DIARY["key"], DIARY["version"]],
    )
    phone.run("(await load('store/instruments')).put(given)", own)
    phone.record(entry("visit", instrument="river_watch", answers={"level": 3}))
    screen = phone.look("/insights")
    assert screen.get_by_role("heading", level=2).all_inner_texts() == ["Your last 8 weeks"]
    assert rows(screen, "Entries per day") == {"A visit": "1"}


def test_labels_are_the_newest_versions_and_old_options_keep_theirs(blank: Page) -> None:
    def version(n: int, options: dict[str, str]) -> dict[str, Any]:
        given = [{"value": value, "label": {"en": label}} for value, label in options.items()]
        return {
            "version": n,
            "forms": [],
            "questions": [{"key": "phase", "label": {"en": "Phase"}, "options": given}],
        }

    told = [version(2, {"crisis": "In crisis"}), version(1, {"crisis": "Crisis", "decline": "Decline"})]
    labels = "[...m.questionOf(given, 'phase').options.values()].map(o => o.label.en)"
    assert imported(blank, "insights/records", labels, told) == ["In crisis", "Decline"]
    assert imported(blank, "insights/records", "m.questionOf(given, 'confidence')", told) is None


def test_a_thousand_entries_are_drawn_well_within_a_second(phone_of: Callable[..., Phone]) -> None:
    """The years of a leader who never misses a day, on a small phone with large text."""
    small = phone_of(viewport={"width": 320, "height": 640})
    decisions = [entry(days=n % 60) for n in range(500)]
    small.record(*decisions, *(followed(one, "better") for one in decisions))
    seconds = [drawn(small) for _ in range(3)]
    small.enlarge()
    assert small.overflow() == 0
    assert min(seconds) < 1  # the machine may be busy with something else; the phone is not


def drawn(phone: Phone) -> float:
    """Go to Insights from Today; return after how many seconds it is there."""
    phone.look("/")
    began = time.monotonic()
    phone.page.evaluate("() => { location.hash = '#/insights'; }")
    phone.page.get_by_text("You followed up 500 decisions").wait_for()
    return time.monotonic() - began
