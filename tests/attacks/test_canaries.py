"""Eve reads every file of every format for words that no reviewer has cleared."""

from pathlib import Path

import pytest

from api.releases import slots
from schemas.questions import Disclosure, Question
from tests.attacks.aviary import Aviary


def test_no_word_leaves_that_no_reviewer_has_cleared(aviary: Aviary, tmp_path: Path) -> None:
    for tier, let_out in (("safeguarded", {aviary.cleared}), ("open", set())):
        held = aviary.scene.given(tier=tier)
        assert aviary.nest.found(held, tmp_path).keys() == let_out
        assert held.finds(tmp_path, *aviary.codes) == set()
        assert len(held.table("entries")) == 12


def test_a_text_that_its_author_calls_open_would_leave_if_authors_were_believed(
    aviary: Aviary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "_class", lambda question: question.effective_disclosure)
    found = set(aviary.nest.found(aviary.scene.given(), tmp_path).values())
    assert {f"a plain answer {kind}_open" for kind in ("short_text", "long_text")} <= found
    assert {"item 0 short_text_open", "item 1 long_text_open"} <= found
    assert not any(place.endswith(("_text", "_never", "_restricted")) for place in found)


def test_texts_would_leave_if_their_class_were_open(
    aviary: Aviary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = slots._class

    def loose(question: Question) -> Disclosure:
        told = strict(question)
        return Disclosure.OPEN if told is Disclosure.TEXT else told

    monkeypatch.setattr(slots, "_class", loose)
    for tier in ("safeguarded", "open"):
        found = set(aviary.nest.found(aviary.scene.given(tier=tier), tmp_path).values())
        assert {"a plain answer long_text_text", "item 1 short_text_text"} <= found


@pytest.mark.parametrize("told", [Disclosure.RESTRICTED, Disclosure.NEVER])
def test_hidden_codes_would_leave_if_their_class_were_forgotten(
    aviary: Aviary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Disclosure
) -> None:
    monkeypatch.setattr(slots, "_HIDDEN", slots._HIDDEN - {told})
    held = aviary.scene.given()
    assert held.finds(tmp_path, *aviary.codes)
    assert {row[f"number_{told}"] for row in held.table("entries")} == {"", aviary.codes[0]}
