"""A leader's phone for `scripts/bench client`: a real Chromium, a slow processor, a slow network, watched by CDP."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from api.core.ids import new_id
from tests.personas import DECISION, entry_body
from tests.web.browsing import PHONE

SLOWER = 4
# Lighthouse's slow 4G; bytes per second.
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
AT_ONCE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
CUT = AT_ONCE | {"offline": True}
STATEMENTS = {"read": True, "take_part": True, "share": True}
_LOADING = "const at = document.querySelector('link[rel=stylesheet]').href.replace('style.css', '');"
_JOINING = """
  const { call } = await load("core/api");
  const signing = await load("sync/signing");
  const { body: seen } = await call("POST", "/v1/join/preview", { code: given.code });
  const consent = { document_version: 1, statements: given.statements };
  const asked = { code: given.code, attempt: given.attempt, consent, device_name: "A phone", cookies: true };
  const { body: joined } = await call("POST", "/v1/join", asked);
  const me = { study_title: seen.study_title, languages: seen.languages, consent_version: 1, sharing: true };
  await signing.begin(joined, { me, documents: seen.documents, consented: given.statements });
  await (await load("sync/study")).refreshStudy();
"""
# Today is shown, a decision is tapped, its first question is shown; as soon as each can be.
_WALKING = """
  addEventListener("daybook-shown", ({ detail: { path } }) => {
    window.shownAt ??= {};
    window.shownAt[path.startsWith("/entry/") ? "question" : path] ??= performance.now();
    if (path === "/") location.hash = "#/new/decision";
  });
"""
_WRITING = """
  const { submit } = await load("store/entries");
  for (const { id, entry } of given) await submit({ id }, entry);
"""
_FLUSHING = """
  const [engine, outbox] = [await load("sync/engine"), await load("store/outbox")];
  const started = performance.now();
  while ((await outbox.count()).unsent) await engine.now();
  return performance.now() - started;
"""


@dataclass
class Opened:
    """One start of the client: milliseconds to Today and to the first question, and the bytes that came."""

    today: float
    question: float
    requests: int
    shell: int
    calls: int


@dataclass
class Traffic:
    """What a page fetches: the bytes of each address, headers included, as CDP counts them."""

    cdp: CDPSession
    sizes: dict[str, int] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cdp.on("Network.requestWillBeSent", self._begun)
        self.cdp.on("Network.loadingFinished", self._finished)
        self.cdp.send("Network.enable")

    def bytes_of(self, *, calls: bool) -> int:
        """Return the bytes of the service's answers, or of everything else."""
        return sum(size for path, size in self.sizes.items() if path.startswith("/v1/") == calls)

    def _begun(self, event: dict[str, Any]) -> None:
        self._names[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def _finished(self, event: dict[str, Any]) -> None:
        path = self._names.get(event["requestId"], "/unknown")
        self.sizes[path] = self.sizes.get(path, 0) + int(event["encodedDataLength"])


class Phone:
    """A phone whose leader has joined."""

    def __init__(self, browser: Browser, address: str, code: str, *, keeps_shell: bool = True) -> None:
        self.address = address
        workers: Any = "allow" if keeps_shell else "block"
        self.context: BrowserContext = browser.new_context(**PHONE, service_workers=workers)
        self.context.set_default_timeout(60_000)
        page = self._loaded(self.context.new_page())
        _run(page, _JOINING, {"code": code, "attempt": str(new_id()), "statements": STATEMENTS})
        if keeps_shell:
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.close()

    def forgets_the_shell(self) -> None:
        """Empty the cache; the diary stays."""
        page = self.context.new_page()
        cdp = self.context.new_cdp_session(page)
        kinds = {"origin": self.address, "storageTypes": "service_workers,cache_storage"}
        cdp.send("Storage.clearDataForOrigin", kinds)
        cdp.send("Network.clearBrowserCache")
        page.close()

    def opens(self, network: dict[str, Any] | None = None) -> Opened:
        """Open Daybook in a new tab and go on to the first question."""
        page = self.context.new_page()
        page.add_init_script(_WALKING)
        cdp = self.context.new_cdp_session(page)
        traffic = Traffic(cdp)
        self._slow(cdp, network or SLOW_4G)
        page.goto(self.address)
        page.wait_for_function("() => window.shownAt?.question !== undefined")
        times = page.evaluate("() => window.shownAt")
        page.wait_for_load_state("networkidle")
        page.close()
        shell, calls = traffic.bytes_of(calls=False), traffic.bytes_of(calls=True)
        requests = sum(1 for path in traffic.sizes if not path.startswith("/v1/"))
        return Opened(times["/"], times["question"], requests, shell, calls)

    def flushes(self, count: int) -> float:
        """Keep entries without a connection, find one again; return the seconds until everything is sent."""
        page = self._loaded(self.context.new_page())
        cdp = self.context.new_cdp_session(page)
        self._slow(cdp, CUT)
        entries = [{"id": str(new_id()), "entry": entry_body(DECISION)} for _ in range(count)]
        _run(page, _WRITING, entries)
        self._slow(cdp, SLOW_4G)
        took = float(_run(page, _FLUSHING))
        page.close()
        return took / 1000

    def _loaded(self, page: Page) -> Page:
        page.goto(self.address)
        page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
        return page

    def _slow(self, cdp: CDPSession, network: dict[str, Any]) -> None:
        cdp.send("Network.enable")
        cdp.send("Network.emulateNetworkConditions", network)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _run(page: Page, script: str, given: Any = None) -> Any:
    load = "const load = (name) => import(`${at}${name}.js`);"
    return page.evaluate(f"async (given) => {{ {_LOADING} {load} {script} }}", given)
