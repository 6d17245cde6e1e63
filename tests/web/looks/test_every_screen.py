"""Leo goes over every screen of his phone: it can be read, pressed and understood, however he has set it up."""

import pytest

from tests.web.looks.filled import Looked
from tests.web.looks.looking import axe, misbuilt, too_small, too_wide
from tests.web.looks.screens import JOINED, NOT_JOINED, registered, shown_by
from tests.web.looks.sweeping import TALL, all_of, sweep


def test_no_screen_is_left_out() -> None:
    assert list(JOINED) == registered()
    for pattern, paths in JOINED.items():
        assert {shown_by(path) for path in paths} == {pattern}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_can_be_read_and_pressed(filled: Looked, scheme: str) -> None:
    filled.page.set_viewport_size({"width": 390, "height": TALL})
    filled.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    looks = [misbuilt, axe, too_small] if scheme == "light" else [axe]
    sweep(filled, all_of(filled), *looks)


def test_every_screen_fits_a_small_phone_with_large_text(filled: Looked) -> None:
    filled.page.set_viewport_size({"width": 320, "height": 640})
    filled.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    sweep(filled, all_of(filled), too_wide)
    filled.page.evaluate("() => { document.documentElement.style.fontSize = ''; }")


def test_a_new_phone_can_be_read_and_pressed(new: Looked) -> None:
    new.page.set_viewport_size({"width": 390, "height": TALL})
    for scheme in ("light", "dark"):
        new.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        sweep(new, [*NOT_JOINED], misbuilt, axe, too_small)
        sweep(new, [*NOT_JOINED], too_wide)
