"""A leader at work: what they tap is counted, what they type is not."""

from datetime import timedelta
from typing import Any, Self

from playwright.sync_api import BrowserContext, Locator, Page, expect

from api.core import clock
from tests.personas import DECISION as ANSWERS
from tests.personas import entry_body
from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

DECISION = {
    "Where were you?": "In a scheduled meeting",
    "Who else was involved?": "A council",
    "Where does the decision stand?": "Made",
    "What kind of decision was it?": "Money or budget",
    "Which themes did it touch?": "Skills",
    "Which phase is the partnership or place in?": "Recovery",
    "How sure are you that it will turn out as you expect?": "70 %",
    "When should we ask how it turned out?": "In 30 days",
}
HEADLINE = "Whether to pool the skills budget with two neighbouring councils"


class Leader(Phone):
    """A leader and their phone."""

    def __init__(self, context: BrowserContext, place: Place) -> None:
        super().__init__(context, place)
        self.taps = 0
        self.origins: set[str] = set()
        context.on("request", lambda request: self.origins.add(request.url.split("/", 3)[2]))

    def has_joined(self) -> Self:
        """Join, and come to Today."""
        self.joins().fills_in_profile()
        self.tap("Save").sees("Put Daybook on your home screen")
        return self.goes("/").sees("Today")

    def goes(self, path: str) -> Self:
        """Go to a screen by its address, as the back button does."""
        self.page.evaluate("path => { location.hash = path; }", path)
        return self

    def tap(self, name: str) -> Self:
        """Tap a button or a link."""
        self.taps += 1
        return super().tap(name)

    def chooses(self, question: str, answer: str) -> Self:
        """Tap one choice of a question."""
        self.taps += 1
        self.press(self.choice(question, answer))
        return self

    def choice(self, question: str, answer: str) -> Locator:
        """Return the radio or checkbox of a choice."""
        group = self.page.get_by_role("group", name=question).or_(
            self.page.get_by_role("radiogroup", name=question)
        )
        radio = group.get_by_role("radio", name=answer, exact=True)
        return radio.or_(group.get_by_role("checkbox", name=answer, exact=True))

    def decides(self, headline: str = HEADLINE, **changes: str) -> Self:
        """Record a decision from Today, on one page."""
        self.tap("A decision").sees("A decision")
        self.page.keyboard.type(headline)
        for question, answer in (DECISION | changes).items():
            self.chooses(question, answer)
        return self.tap("Save").sees("Saved")

    def answers_the_rest(self) -> Self:
        """Choose everything of a decision that is not written."""
        for question, answer in DECISION.items():
            self.chooses(question, answer)
        return self

    def goes_through(self, answers: dict[str, str]) -> Self:
        """Answer some questions of a form that asks one a page, skip the others, and save."""
        while (title := self.page.get_by_role("heading", level=1).inner_text()) != "Check your answers":
            if title in answers:
                self.chooses(title, answers[title])
            else:
                self.tap("Skip")
            expect(self.page.get_by_role("heading", level=1)).not_to_have_text(title)
        return self.tap("Save")

    def changes(self, headline: str, question: str, answer: str) -> Self:
        """Change one answer of a past entry."""
        self.goes("/past").sees("Past entries").tap_row(headline).sees(headline).tap("Change")
        self.sees("Check your answers").tap(f"Change: {question}").sees(question)
        self.chooses(question, answer)
        return self.sees("Check your answers").tap("Save").sees("Saved")

    def tap_row(self, title: str) -> Self:
        """Tap a row of a list."""
        self.taps += 1
        self.press(self.page.locator("a.row").filter(has_text=title).first)
        return self

    def signs_in_beside(self, other: "Leader") -> Self:
        """Open the same diary on a second phone, by a code that the first one shows."""
        other.goes("/devices").sees("Devices").tap("Show a code")
        code = other.page.locator("p.code").inner_text()
        return self.open("#/sign-in").types(code).tap("Sign in").sees("Today").stands("Everything is sent")

    def backdated(self, days: int) -> Self:
        """Keep a decision of some days ago, as this phone's own store does."""
        long_ago = (clock.now() - timedelta(days=days)).replace(microsecond=0)
        changes = {"happened_at": long_ago.isoformat(), "local_date": long_ago.date().isoformat()}
        entry = entry_body(ANSWERS | {"headline": HEADLINE}, **changes)
        made = {"id": self.module("core/ids", "m.newId()")}
        self.module("store/entries", "m.submit(given[0], given[1])", [made, entry])
        return self

    def narrow(self) -> Self:
        """Give a browser of its own a phone's screen."""
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.has_touch = False
        return self

    def stands(self, words: str) -> Self:
        """Wait until the line at the top says how the entries stand."""
        expect(self.page.get_by_role("banner").get_by_role("status")).to_have_text(words)
        return self

    def is_ready_for_no_network(self) -> Self:
        """Wait until the whole client is on the phone."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        return self

    def offline(self, *, is_so: bool = True) -> Self:
        """Lose the network, or find it again."""
        self.context.set_offline(is_so)
        return self

    def stored(self) -> list[dict[str, Any]]:
        """Return the entries that the service has of this leader, once the phone has sent what it can send."""
        self.settles("store/outbox", "m.count().then(({ unsent, attention }) => unsent === attention)")
        found = self.page.evaluate("() => fetch('/v1/entries').then((answer) => answer.json())")
        entries: list[dict[str, Any]] = found["entries"]
        return entries

    def headlines(self) -> list[str]:
        """Return what the service knows of this leader's decisions."""
        return sorted(one["entry"]["answers"]["headline"] for one in self.stored())


def main_of(page: Page) -> Locator:
    """Return what a screen shows, without its frame."""
    return page.locator("main")
