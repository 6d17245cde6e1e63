"""A leader's page: the real client's store and engine, asked by name."""

from typing import Any
from uuid import uuid4  # noqa: TID251 - an id of the browser's kind, made outside of the service

from playwright.sync_api import Page

from tests.personas import DECISION, entry_body
from tests.web.browsing import CLIENT
from tests.web.sync.gateway import Gateway

MODULES = [
    f"{path.parent.name}/{path.stem}"
    for folder in ("core", "store", "sync")
    for path in sorted((CLIENT / folder).glob("*.js"))
]
SOON = {"least": 100, "most": 400}
"""The engine's pauses, in milliseconds: a tenth of a phone's and less, so that tests need not wait."""
_CALL = """async ([module, name, given]) => {
  const m = await import(`/client/${module}.js`);
  return (await m[name](...given)) ?? null;
}"""
_LOAD = "modules => Promise.all(modules.map((module) => import(`/client/${module}.js`)))"
_WRITE = """async (entry) => {
  const { newId } = await import("/client/core/ids.js");
  const { submit } = await import("/client/store/entries.js");
  return (await submit({ id: newId() }, entry)).id;
}"""
_EDIT = """async ([id, entry]) => {
  const { get, submit } = await import("/client/store/entries.js");
  await submit({ id, base: (await get(id))?.receipt?.version ?? null }, entry);
}"""
# The engine must come to rest by itself: it is only listened to.
_REST = """async ([phases, all]) => {
  const engine = await import("/client/sync/engine.js");
  const { count } = await import("/client/store/outbox.js");
  await new Promise((resolve, reject) => {
    const look = async () => {
      const { unsent, attention } = await count();
      if (phases.includes(engine.state().phase) && (!all || unsent === attention)) resolve();
    };
    engine.subscribe(look);
    look();
    setTimeout(() => reject(new Error(`Not at rest: ${JSON.stringify(engine.state())}`)), 60000);
  });
}"""
_YES = "{read: true, take_part: true, share: true}"
_JOIN = f"""async ([code, attempt]) => {{
  const {{ call }} = await import("/client/core/api.js");
  const account = await import("/client/store/account.js");
  const consent = {{document_version: 1, statements: {_YES}}};
  await call("POST", "/v1/join", {{code, attempt, consent, device_name: "Phone", cookies: true}});
  const {{ body }} = await call("GET", "/v1/me");
  await account.save({{me: body}});
  return body.participant_id;
}}"""


def said(text: str, **changes: Any) -> dict[str, Any]:
    """An entry whose headline is its mark; `answers` are more of them."""
    return entry_body(DECISION | {"headline": text} | changes.pop("answers", {}), **changes)


class Phone:
    """One tab of a leader's browser."""

    def __init__(self, page: Page, gateway: Gateway, name: str) -> None:
        self.page, self.gateway, self.name = page, gateway, name
        self.participant = ""
        page.goto(gateway.address(name))
        self.load()

    def load(self) -> "Phone":
        """Load every module, as the shell does: offline, none could be fetched."""
        self.page.evaluate(_LOAD, MODULES)
        return self

    def do(self, module: str, name: str, *given: Any) -> Any:
        """Call a function of a client module."""
        return self.page.evaluate(_CALL, [module, name, [*given]])

    def join(self, code: str) -> "Phone":
        """Join the study; the session is in cookies."""
        self.participant = self.page.evaluate(_JOIN, [code, str(uuid4())])
        return self

    def start(self, **pace: int) -> "Phone":
        """Start the engine."""
        self.do("sync/engine", "start", SOON | pace)
        return self

    def write(self, text: str, **changes: Any) -> str:
        """Save a new entry; return its id."""
        return str(self.page.evaluate(_WRITE, said(text, **changes)))

    def edit(self, entry: str, text: str) -> None:
        """Save a change of an entry as this page shows it."""
        self.page.evaluate(_EDIT, [entry, said(text)])

    def remove(self, entry: str) -> None:
        """Withdraw an entry."""
        self.do("store/entries", "remove", entry)

    def record(self, entry: str) -> Any:
        """What the phone has of an entry."""
        return self.do("store/entries", "get", entry)

    def texts(self) -> dict[str, str]:
        """Every entry's headline as this phone shows it."""
        found = self.do("store/entries", "all")
        return {record["id"]: record["entry"]["answers"]["headline"] for record in found}

    def states(self) -> dict[str, str]:
        """Every entry's state."""
        return {record["id"]: record["state"] for record in self.do("store/entries", "all")}

    def words(self, entry: str) -> str:
        """What the leader reads about an entry."""
        return str(self.do("sync/words", "stateWords", self.record(entry)))

    def state(self) -> Any:
        """How the synchronising stands."""
        return self.do("sync/engine", "state")

    def now(self) -> "Phone":
        """Synchronise."""
        self.do("sync/engine", "now")
        return self

    def quiet(self) -> "Phone":
        """Wait until nothing waits any more, but for its leader."""
        self.page.evaluate(_REST, [["idle", "blocked"], True])
        return self

    def until(self, phase: str) -> "Phone":
        """Wait until the engine is in a phase."""
        self.page.evaluate(_REST, [[phase], False])
        return self
