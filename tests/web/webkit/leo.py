"""Leo at his phone, as tests/web/journey/diary.py has him, through WebDriver."""

import time
from typing import Self

from tests.web.joining.phone import REQUIRED
from tests.web.joining.place import Place
from tests.web.journey.diary import DECISION, HEADLINE
from tests.web.webkit.driver import PATIENCE, Driver

CONSENT = (
    "I have read the information and could ask questions.",
    "I agree to take part, and know that I can stop at any time.",
    "My entries may be part of",
)
_SAID = "translate(normalize-space(), '\u00a0', ' ')"
_STAND = "return document.querySelector('header [role=status]')?.textContent.trim()"
_READY = "return document.documentElement.dataset.ready === 'true'"

_WATCH = """
  window.noted = [];
  const note = (what) => window.noted.push(String(what));
  addEventListener("error", (event) => note(event.message));
  addEventListener("unhandledrejection", (event) => note(event.reason));
  addEventListener("securitypolicyviolation", (event) => note(event.effectiveDirective));
"""


class Leo:
    """One browser of one leader."""

    def __init__(self, driver: Driver, place: Place) -> None:
        self.driver, self.place = driver, place

    def watches(self) -> Self:
        """Note every error of this page from now on, and every breach of its policy."""
        self.driver.run(_WATCH)
        return self

    def noted(self) -> list[str]:
        """Return what went wrong on this page."""
        found: list[str] = self.driver.run("return window.noted")
        return found

    def open(self, path: str = "") -> Self:
        """Open the client at a screen."""
        self.driver.goto(f"{self.place.address}/{path}")
        return self.until(_READY, True)

    def reloads(self) -> Self:
        """Load the page again."""
        self.driver.reload()
        return self.until(_READY, True)

    def goes(self, path: str) -> Self:
        """Go to a screen by its address, as the back button does."""
        self.driver.run("location.hash = arguments[0]", path)
        return self

    def until(self, script: str, wanted: object) -> Self:
        """Wait until a script returns something."""
        end = time.monotonic() + PATIENCE
        while (found := self.driver.run(script)) != wanted:
            assert time.monotonic() < end, f"{found!r} is not {wanted!r}"
            time.sleep(0.05)  # the protocol has no way to wait
        return self

    def sees(self, title: str) -> Self:
        """Wait for a screen by its heading."""
        self.driver.find(f'//h1[{_SAID}="{title}"]')
        return self

    def reads(self, text: str) -> Self:
        """Wait for a text on the screen."""
        self.driver.find(f'//*[contains(text(), "{text}")]')
        return self

    def stands(self, words: str) -> Self:
        """Wait until the line at the top says how the entries stand."""
        return self.until(_STAND, words)

    def tap(self, name: str) -> Self:
        """Tap a button, or a link that looks like one."""
        self.driver.click(f'//*[self::button or self::a][{_SAID}="{name}"]')
        return self

    def taps_row(self, title: str) -> Self:
        """Tap a row of a list."""
        self.driver.click(f'//a[contains(., "{title}")]')
        return self

    def types(self, text: str) -> Self:
        """Type into the first field of the screen."""
        self.driver.type('//main//*[self::textarea or self::input[@type="text" or not(@type)]]', text)
        return self

    def chooses(self, question: str, answer: str) -> Self:
        """Tap one choice of a question."""
        named = f'contains(legend, "{question}") or contains(string(id(@aria-labelledby)), "{question}")'
        choice = f'label[{_SAID}="{answer}" or span[text()[{_SAID}="{answer}"]]]'
        self.driver.click(f"//*[self::fieldset or @role][{named}]//{choice}")
        return self

    def has_joined(self) -> Self:
        """Join by his code, fill in the profile, and come to Today."""
        self.open().types(self.place.world.invite()).tap("Continue").sees("Place leadership")
        for statement in CONSENT:
            self.chooses(statement, "Yes")
        self.tap("Join the study").sees("About you")
        for question, answer in REQUIRED.items():
            self.chooses(question, answer)
        return self.tap("Save").sees("Put Daybook on your home screen").open("#/").sees("Today")

    def decides(self, headline: str = HEADLINE) -> Self:
        """Record a decision from Today, on one page."""
        self.tap("A decision").sees("A decision").types(headline)
        for question, answer in DECISION.items():
            self.chooses(question, answer)
        return self.tap("Save").sees("Saved")

    def is_ready_for_no_network(self) -> Self:
        """Wait until the whole client is on the phone."""
        self.driver.wait("await navigator.serviceWorker.ready")
        return self.until("return Boolean(navigator.serviceWorker.controller)", True)

    def drafts(self) -> list[str]:
        """Return what the decisions that are begun are about."""
        build = "document.querySelector('meta[name=daybook-build]').content"
        found: list[str] = self.driver.wait(
            f"const {{ all }} = await import(`/app/${{{build}}}/store/drafts.js`);"
            "return (await all()).map((one) => one.answers.headline);"
        )
        return found

    def stored(self) -> dict[str, int]:
        """Return what the service has of his decisions, and in which version."""
        answer = self.driver.wait("return (await fetch('/v1/entries')).json()")
        return {one["entry"]["answers"]["headline"]: one["receipt"]["version"] for one in answer["entries"]}
