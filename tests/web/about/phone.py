"""Leah's phone: entries go into its store through the store's own functions, screens are looked at as she does."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page

from api.core import clock
from api.core.ids import new_id
from tests.personas import DECISION
from tests.web.browsing import CLIENT

ROOT = CLIENT.parents[2]
DIARY: dict[str, Any] = json.loads(
    (ROOT / "schemas" / "instruments" / "place-leadership-diary.v1.json").read_text(encoding="utf-8")
)
ME = {
    "participant_id": str(new_id()),
    "study_id": str(new_id()),
    "study_title": "Place leadership",
    "study_status": "open",
    "time_zone": "Europe/London",
    "languages": ["en", "cy"],
    "edit_window_hours": 168,
    "status": "enrolled",
    "consent_version": 1,
    "sharing": True,
    "prompts_stopped": False,
}
_IMPORTING = """
  const base = document.querySelector('link[rel=stylesheet]').href.replace('style.css', '');
  const load = (name) => import(`${base}${name}.js`);
"""
_SUBMITTING = """
  const store = await load('store/entries');
  for (const {id, ...entry} of given) await store.submit({id, base: null}, entry);
"""


def entry(kind: str = "decision", days: int = 0, **changes: Any) -> dict[str, Any]:
    """An entry as the phone makes it, so many days ago; `answers` are put over a whole decision's."""
    answers = (DECISION if kind == "decision" else {}) | changes.pop("answers", {})
    at = clock.now().astimezone(ZoneInfo("Europe/London")) - timedelta(days=days)
    return {
        "id": str(new_id()),
        "instrument": DIARY["key"],
        "version": DIARY["version"],
        "kind": kind,
        "answers": answers,
        "happened_at": at.isoformat(),
        "made_at": at.isoformat(),
        "time_zone": "Europe/London",
        "utc_offset": int((at.utcoffset() or timedelta()).total_seconds()) // 60,
        "local_date": at.date().isoformat(),
        "entered_by": "self",
    } | changes


def followed(decision: dict[str, Any], outcome: str, days: int = 0) -> dict[str, Any]:
    """A follow-up of a decision."""
    return entry("followup", days, follows=decision["id"], answers={"outcome_state": outcome})


@dataclass
class Phone:
    """A phone and its page."""

    page: Page
    address: str

    def join(self) -> Self:
        """Let Leah have joined, with the study's diary on the phone; then there is no connection any more."""
        self.page.goto(self.address)
        self.ready()
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self.page.context.set_offline(True)
        self.run("(await load('store/account')).save({me: given})", ME)
        self.run("(await load('store/instruments')).put(given)", DIARY)
        return self

    def run(self, script: str, given: Any = None) -> Any:
        """Run a script in the page; `load(name)` gives a module of the client."""
        return self.page.evaluate(
            f"async (given) => {{ {_IMPORTING} return await (async () => {{ {_returned(script)} }})(); }}",
            given,
        )

    def record(self, *entries: dict[str, Any]) -> Self:
        """Keep entries on the phone."""
        self.run(_SUBMITTING, list(entries))
        return self

    def look(self, path: str) -> Locator:
        """Open a screen anew, as after a start; return what it shows."""
        self.page.goto(f"{self.address}/#{path}")
        self.page.reload()
        self.ready()
        return self.page.locator("main")

    def ready(self) -> None:
        """Wait until the first screen is shown."""
        self.page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")

    def enlarge(self) -> None:
        """Let the text be twice as large."""
        self.run("document.documentElement.style.fontSize = '200%'")

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))


def _returned(script: str) -> str:
    return script if ";" in script else f"return {script}"
