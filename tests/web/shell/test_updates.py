"""A new version of the client waits for Leo's tap, and a page keeps the version that it began with."""

from playwright.sync_api import BrowserContext

from tests.web.browsing import until
from tests.web.shell.site import (
    Site,
    caches_of,
    look_for_update,
    runs,
    updates,
    visit,
    wait_for_caches,
    wait_for_update,
)


def test_a_new_version_waits_for_the_tap(site: Site, phone: BrowserContext) -> None:
    page, old = visit(phone, site), site.build
    heard = "(() => { let is = null; m.waiting((now) => (is = now))(); return is; })()"
    assert updates(page, heard) is False
    new = site.upgrade()
    wait_for_update(page)
    page.reload()
    assert runs(page, old), "however often it is opened"
    wait_for_update(page)
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    page.evaluate("() => { document.body.dataset.here = 'old'; }")
    updates(page, "m.activate()")
    page.wait_for_function("() => document.body.dataset.here === undefined")
    assert runs(page, new)
    wait_for_caches(page, new)
    assert len(loads) == 1
    assert updates(page, heard) is False
    phone.set_offline(True)
    page.reload()
    assert runs(page, new)


def test_a_new_version_needs_no_tap_once_the_client_was_closed(site: Site, phone: BrowserContext) -> None:
    page = visit(phone, site)
    new = site.upgrade()
    wait_for_update(page)
    page.close()
    page = phone.new_page()
    page.goto(site.address)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.reload()
    assert runs(page, new)
    wait_for_caches(page, new)


def test_another_tab_keeps_its_version_until_it_is_loaded_again(site: Site, phone: BrowserContext) -> None:
    site.stop()
    (site.folder / "core" / "later.js").write_text("export const late = 'old';\n", encoding="utf-8")
    old = site.start()
    first, second = visit(phone, site), visit(phone, site)
    (site.folder / "core" / "later.js").write_text("export const late = 'new';\n", encoding="utf-8")
    new = site.upgrade()
    wait_for_update(first)
    updates(first, "m.activate()")
    assert runs(first, new)
    first.evaluate("async () => (await navigator.serviceWorker.ready).active.postMessage({type: 'started'})")
    late = "build => import(`/app/${build}/core/later.js`).then((m) => m.late)"
    assert second.evaluate(late, old) == "old", "which the server has no more"
    assert first.evaluate(late, new) == "new"
    assert caches_of(second) == sorted([f"daybook-{old}", f"daybook-{new}"])
    assert updates(second, "new Promise((done) => m.waiting((is) => is && done(true)))"), "it is told"
    updates(second, "m.activate()")
    assert runs(second, new)
    wait_for_caches(second, new)


def test_the_first_worker_serves_the_page_that_brought_it(site: Site, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(site.address)
    page.evaluate("() => { document.body.dataset.here = 'still'; }")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    assert page.evaluate("() => document.body.dataset.here") == "still"


def test_the_kill_switch_takes_the_client_off_the_phone_and_leaves_its_entries(
    site: Site, phone: BrowserContext
) -> None:
    page, old = visit(phone, site), site.build
    page.evaluate(
        """() => new Promise((done) => {
          const asked = indexedDB.open("entries", 1);
          asked.onupgradeneeded = () => asked.result.createObjectStore("kept").put("Leo's words", 1);
          asked.onsuccess = () => done(asked.result.close());
        })"""
    )
    page.evaluate("() => { document.body.dataset.here = 'still'; }")
    site.stop()
    site.start(offline=False)
    look_for_update(page)
    wait_for_caches(page)
    until(page, "async () => !(await navigator.serviceWorker.getRegistration())")
    assert page.evaluate("() => document.body.dataset.here") == "still", "nothing is loaded again by force"
    opened = page.reload()
    assert opened is not None
    assert not opened.from_service_worker
    assert runs(page, old)
    assert caches_of(page) == []
    names = page.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)")
    assert "entries" in names
    site.stop()
    site.start()
    page = visit(phone, site)
    wait_for_caches(page, site.build)
