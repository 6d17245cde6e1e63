"""A leader's phone with everything on it that an entry can become, and a browser that is looked at in many ways."""

from typing import Any

from playwright.sync_api import BrowserContext

from tests.personas import DECISION, entry_body
from tests.web.joining.place import Place
from tests.web.journey.diary import HEADLINE, Leader

AN_HOUR = 3_600_000
REFUSED = {"slug": "entry-not-valid", "title": "This entry cannot be stored.", "status": 422}
PROBLEMS: dict[str, dict[str, Any]] = {
    "rejected": REFUSED
    | {"errors": [{"pointer": "/answers/phase", "message": "Choose one of the options."}]},
    "conflict": {"slug": "entry-conflict", "title": "This entry was changed elsewhere.", "status": 409},
    "locked": {"slug": "edit-window-over", "title": "This entry can no longer be changed.", "status": 409},
    "elsewhere": {"slug": "entry-gone", "title": "This entry was deleted.", "status": 410},
}
_KEEPING = """m.run(["entries", "outbox"], "readwrite", async (at) => {
  for (const { record, op } of given) {
    await at.entries.put(record);
    await at.outbox.put(op);
  }
})"""


class Looked(Leader):
    """A leader's phone that is looked at screen by screen, without being loaded anew."""

    def __init__(self, context: BrowserContext, place: Place) -> None:
        super().__init__(context, place)
        self.ids: dict[str, str] = {}

    def look(self, path: str) -> None:
        """Show a screen, drawn anew, and wait until it is there."""
        self.module(
            "core/router",
            """new Promise((done, failed) => {
              setTimeout(() => failed(new Error(`Nothing is shown at ${given}.`)), 20_000);
              addEventListener("daybook-shown", () => setTimeout(done), { once: true });
              m.go(given);
            })""",
            path,
        )

    def fill(self) -> "Looked":
        """Have a decision that is sent and due, one in every other state, and three drafts."""
        self.backdated(40).sent()
        [sent] = self.module("store/entries", "m.all()")
        self.ids["synced"] = sent["id"]
        states = ["queued", *PROBLEMS]
        self.module("store/db", _KEEPING, [self._waiting(state, sent) for state in states])
        for kind in ("decision", "day", "followup"):
            self._begin(kind, sent["id"] if kind == "followup" else None)
        return self

    def _waiting(self, state: str, sent: dict[str, Any]) -> dict[str, Any]:
        self.ids[state] = made = self.module("core/ids", "m.newId()")
        entry = entry_body(DECISION | {"headline": f"{HEADLINE}, {state}", "phase": "crisis"})
        stored = {"entry": sent["entry"], "receipt": sent["receipt"]}
        held = None if state == "queued" else state
        record = sent | {"id": made, "state": state, "entry": entry, "problem": PROBLEMS.get(state)}
        record["stored"] = stored if state in {"conflict", "locked"} else None
        op = {"id": made, "owner": sent["owner"], "op": "put", "entry": entry, "turn": made, "attempts": 1}
        later: float = self.page.evaluate("wait => Date.now() + wait", AN_HOUR)
        return {"record": record, "op": op | {"held": held, "not_before": 0 if held else later}}

    def _begin(self, kind: str, follows: str | None) -> None:
        self.ids[f"{kind} begun"] = made = self.module("core/ids", "m.newId()")
        happened = {"choice": "now", "at": None}
        draft = {
            "id": made,
            "touched": True,
            "instrument": "place_leadership_diary",
            "version": 1,
            "kind": kind,
        }
        answers = DECISION if kind == "decision" else {}
        draft |= {"answers": answers, "happened": happened, "started_at": entry_body()["made_at"]}
        draft |= {
            "follows": follows,
            "entered_by": "self",
            "prompt_id": None,
            "at": "check",
            "editing": False,
        }
        self.module("store/drafts", "m.keep(given)", draft)
