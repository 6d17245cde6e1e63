"""A leader's phone, used as a leader uses it: by what is written on the screen."""

from typing import Any, Self

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.personas import DECISION, entry_body
from tests.web.joining.place import Place

_BUILD = "document.querySelector('meta[name=daybook-build]').content"
READY = "() => document.documentElement.dataset.ready === 'true'"
REQUIRED = {
    "Which sector do you work in?": "Local government",
    "Which country is it in?": "England",
    "What is your role?": "Chief executive or equivalent",
    "Do you hold this role now?": "Yes, I hold it now",
}


class Phone:
    """One browser of one leader; `page` is the tab that is open."""

    def __init__(self, context: BrowserContext, place: Place) -> None:
        self.context, self.place = context, place
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.agree, self.has_touch = True, True
        self._watch()

    def _watch(self) -> None:
        def answer(dialog: Any) -> None:
            self.asked.append(dialog.message)
            dialog.accept() if self.agree else dialog.dismiss()

        self.page.on("dialog", answer)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.errors: list[str] = []

    def open(self, path: str = "") -> Self:
        """Open the client at a screen, as from a bookmark or a link."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.place.address}/{path}")
        self.page.wait_for_function(READY)
        return self

    def killed(self) -> Self:
        """The system ends the browser, and the leader opens it again."""
        self.page.close()
        self.page = self.context.new_page()
        self._watch()
        return self

    def sees(self, title: str) -> Self:
        """Wait for a screen by its heading."""
        expect(self.page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
        return self

    def reads(self, text: str) -> Self:
        """Wait for a text on the screen."""
        expect(self.page.get_by_text(text).first).to_be_visible()
        return self

    def press(self, place: Locator) -> None:
        """Touch a place of the screen; a browser that was started by itself has a mouse for a finger."""
        place.tap() if self.has_touch else place.click()

    def tap(self, name: str) -> Self:
        """Tap a button, or a link that looks like one."""
        self.press(self.found(name))
        return self

    def found(self, name: str) -> Locator:
        """Return the button or link of a name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        return button.or_(self.page.get_by_role("link", name=name, exact=True)).first

    def types(self, text: str) -> Self:
        """Type into the one field of the screen."""
        self.page.get_by_role("textbox").fill(text)
        return self

    def answers(self, statement: str, answer: str) -> Self:
        """Choose an answer within the group of a name."""
        group = self.page.get_by_role("group", name=statement).or_(
            self.page.get_by_role("radiogroup", name=statement)
        )
        self.press(group.get_by_role("radio", name=answer, exact=True))
        return self

    def consents(self, *, sharing: bool = True) -> Self:
        """Answer the statements of the test's form."""
        self.answers("I have read the information and could ask questions.", "Yes")
        self.answers("I agree to take part, and know that I can stop at any time.", "Yes")
        return self.answers("My entries may be part of", "Yes" if sharing else "No")

    def joins(self, code: str | None = None, *, sharing: bool = True) -> Self:
        """Go the whole way in, to the profile."""
        self.open().types(code or self.place.world.invite()).tap("Continue").sees("Place leadership")
        self.consents(sharing=sharing).tap("Join the study").sees("About you")
        return self

    def fills_in_profile(self) -> Self:
        """Answer what the profile requires."""
        for question, answer in REQUIRED.items():
            self.answers(question, answer)
        return self

    def writes(self, headline: str) -> str:
        """Finish an entry, as Save does: it is in the phone's own store, and waits; return its id."""
        made: str = self.module("core/ids", "m.newId()")
        entry = entry_body(DECISION | {"headline": headline})
        self.module("store/entries", "m.submit(given[0], given[1])", [{"id": made}, entry])
        return made

    def begins(self) -> None:
        """Write the first words of an entry, and no more."""
        draft = {"id": self.module("core/ids", "m.newId()"), "touched": True}
        draft |= {"instrument": "place_leadership_diary", "version": 1, "kind": "decision", "answers": {}}
        draft |= {
            "happened": {"choice": "now", "at": None},
            "started_at": entry_body()["made_at"],
            "at": "all",
        }
        self.module("store/drafts", "m.keep(given)", draft)

    def sent(self) -> Self:
        """Wait until everything is sent."""
        outbox = self.module("store/outbox", "m.count()")
        while outbox["unsent"]:
            self.module("sync/engine", "m.now()")
            outbox = self.module("store/outbox", "m.count()")
        return self

    def saves(self, name: str) -> str:
        """Tap what saves a file; return what is in it."""
        with self.page.expect_download() as started:
            self.tap(name)
        return started.value.path().read_text(encoding="utf-8")

    def module(self, name: str, expression: str, given: Any = None) -> Any:
        """Evaluate an expression of `m`, a module that this page runs, and of `given`."""
        imported = f"const m = await import(`/app/${{{_BUILD}}}/{name}.js`);"
        return self.page.evaluate(f"async given => {{ {imported} return await ({expression}); }}", given)

    def settles(self, name: str, expression: str) -> Self:
        """Wait until an expression of a module is true."""
        imported = f"const m = await import(`/app/${{{_BUILD}}}/{name}.js`);"
        again = "await new Promise((done) => setTimeout(done, 50));"
        until = f"for (let n = 0; n < 400; n += 1) {{ if (await ({expression})) return true; {again} }}"
        assert self.page.evaluate(f"async () => {{ {imported} {until} return false; }}"), expression
        return self

    def account(self) -> dict[str, Any]:
        """Return the account row of this phone."""
        found: dict[str, Any] = self.module("store/account", "m.read()")
        return found

    @property
    def me(self) -> str:
        """Return whose diary this is."""
        return str(self.account()["me"]["participant_id"])
