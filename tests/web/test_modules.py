"""The client's smallest modules, each on its own."""

from playwright.sync_api import Page

from tests.web.browsing import imported


def test_a_leaders_words_stay_text(blank: Page) -> None:
    """What looks like HTML is shown as it was written."""
    made = imported(blank, "core/dom", "m.h('p', {class: 'a'}, '<b>x</b>', null, ['y', false]).outerHTML")
    assert made == '<p class="a">&lt;b&gt;x&lt;/b&gt;y</p>'


def test_a_click_is_heard(blank: Page) -> None:
    clicked = (
        "(() => { let n = 0; m.h('button', {onclick: () => n++, disabled: false}).click(); return n; })()"
    )
    assert imported(blank, "core/dom", clicked) == 1


def test_labels_fall_back(blank: Page) -> None:
    labels = {"en": "Where?", "cy": "Ble?"}
    assert imported(blank, "core/words", "m.label(given)", labels) == "Where?"
    assert imported(blank, "core/words", "m.label(given)", {"fr": "Où?"}) == "Où?"
