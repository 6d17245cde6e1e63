"""What must be true of every question type of the client, found by itself, so that a new one cannot hide."""

import importlib
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.schemas.samples import SAMPLES
from tests.web.browsing import CLIENT, imported
from tests.web.form.drawing import Drawn

Axe: Any = importlib.import_module("axe_playwright_python.sync_playwright").Axe  # shipped without types
FORM = CLIENT / "form"
SOURCES = {
    file.relative_to(CLIENT).as_posix(): file.read_text(encoding="utf-8") for file in FORM.rglob("*.js")
}
HINT = {"hint": {"en": "Take a moment."}}
WAYS: dict[str, dict[str, Any]] = {
    "alone": {},
    "compact": {"compact": True, "clearable": True},
    "under a heading": {"labelledBy": "heading"},
    "with an error": {
        "errors": [{"pointer": "/answers/q", "code": "required", "message": "Please answer this."}]
    },
}


@pytest.mark.parametrize("type_", sorted(SAMPLES))
def test_a_type_of_the_server_is_a_file_here(blank: Page, type_: str) -> None:
    assert f"form/questions/{type_}.js" in SOURCES
    assert imported(blank, "form/questions/register", "m.isKnown(given)", type_) is True
    kinds = "['draw', 'words', 'errors'].map((one) => typeof m.renderer(given)[one])"
    assert imported(blank, "form/questions/register", kinds, type_) == ["function"] * 3


@pytest.mark.parametrize("type_", sorted(SAMPLES))
def test_answers_that_the_server_takes_are_read_in_words(blank: Page, type_: str) -> None:
    """And what it refuses, or what came from elsewhere, is at least no stumbling block."""
    drawn = Drawn(blank, type_, **SAMPLES[type_].definition)
    for answer in SAMPLES[type_].good:
        assert drawn.words(answer).strip()
    odd: list[Any] = [*(bad for bad, _ in SAMPLES[type_].bad), None, {}, [], [None], True, 10**16, "\n"]
    for answer in odd:
        if "\\ud" not in json.dumps(answer):  # half a character cannot come back from the browser
            assert isinstance(drawn.words(answer), str)
        Drawn(blank, type_, drawing={"answer": answer}, **SAMPLES[type_].definition)


@pytest.mark.parametrize("type_", sorted(SAMPLES))
def test_a_type_is_accessible(blank: Page, type_: str) -> None:
    for way, drawing in WAYS.items():
        Drawn(blank, type_, drawing=drawing, **HINT, **SAMPLES[type_].definition)
        blank.evaluate(
            "document.querySelector('main').prepend(Object.assign(document.createElement('h1'),"
            " {id: 'heading', textContent: 'How was it?'}))"
        )
        found = Axe().run(blank, context="main")
        assert found.violations_count == 0, (way, found.generate_report())
        if way == "with an error":
            expect(blank.locator("main > .field > .error")).to_have_text("Error: Please answer this.")


@pytest.mark.parametrize("type_", sorted(SAMPLES))
def test_ids_are_given_once_and_lead_to_an_input(blank: Page, type_: str) -> None:
    Drawn(blank, type_, drawing={"id": "mine"}, **HINT, **SAMPLES[type_].definition)
    ids = blank.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    if type_ not in {"note", "repeat_group"}:
        expect(blank.locator("#mine")).to_have_js_property(
            "tagName", "TEXTAREA" if type_ == "long_text" else "INPUT"
        )


def test_every_sentence_that_is_asked_for_exists() -> None:
    """The codes and their variants are read from the source: one without words would only show when it is told."""
    words = set(
        re.findall(r"^  (\w+):", (CLIENT / "words" / "en.js").read_text(encoding="utf-8"), re.MULTILINE)
    )
    source = "\n".join(SOURCES.values())
    faults = re.findall(r'fault\(\s*[^,"`]+(?:`[^`]*`)?,\s*"(\w+)"(?:,\s*\{[^}]*\}(?:,\s*"(\w+)")?)?', source)
    keys = {f"error_{code}" for code, _ in faults} | {f"error_{code}_{kind}" for code, kind in faults if kind}
    keys |= set(re.findall(r'say\("(\w+)"', source))
    keys |= {f"{key}_{n}" for key in re.findall(r'say\.n\("(\w+)"', source) for n in ("one", "other")}
    assert len(keys) > 40
    assert keys - words == set()


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_file_is_small_and_knows_only_what_it_may(name: str) -> None:
    text = SOURCES[name]
    assert len(text.splitlines()) <= 140
    assert "innerHTML" not in text
    for path in re.findall(r'from "([^"]+)"', text):
        found = (CLIENT / name).parent.joinpath(path).resolve().relative_to(CLIENT)
        assert found.parts[0] in {"core", "form"}
