"""Leo's phone has the client when it has no network, and never half of one."""

import pytest
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Error

from tests.web.shell.site import Site, caches_of, look_for_update, runs, visit, wait_for_caches


def test_without_a_network_the_client_is_there(site: Site, phone: BrowserContext) -> None:
    page = visit(phone, site)
    phone.set_offline(True)
    page.reload()
    assert runs(page, site.build)
    page.goto(f"{site.address}/?source=home#/entries")
    assert runs(page, site.build)


def test_what_no_screen_has_asked_for_yet_is_there_too(site: Site, phone: BrowserContext) -> None:
    site.stop()
    (site.folder / "core" / "later.js").write_text("export const late = true;\n", encoding="utf-8")
    site.start()
    page = visit(phone, site)
    phone.set_offline(True)
    assert page.evaluate(f"async () => (await import('/app/{site.build}/core/later.js')).late")


def test_when_the_server_is_down_the_client_is_there(site: Site, phone: BrowserContext) -> None:
    page = visit(phone, site)
    site.stop()
    page.reload()
    assert runs(page, site.build)
    site.start()


@pytest.mark.parametrize("path", ["/console", "/v1/me", "/health/live", "/openapi.json", "/other"])
def test_only_the_client_is_answered_by_the_worker(site: Site, phone: BrowserContext, path: str) -> None:
    page = visit(phone, site)
    opened = page.goto(f"{site.address}{path}")
    assert opened is not None
    assert not opened.from_service_worker
    phone.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{site.address}{path}")


def test_the_worker_touches_no_request_but_its_own_files(site: Site, phone: BrowserContext) -> None:
    page = visit(phone, site)
    for method, path, from_worker in (
        ("GET", "/v1/me", False),
        ("POST", "/v1/sync", False),
        ("POST", "/", False),
        ("GET", f"/app/{site.build}/main.js", True),
        ("GET", "/manifest.webmanifest", False),
    ):
        with page.expect_response(f"**{path}") as heard:
            page.evaluate("([method, path]) => fetch(path, {method}).then(() => 1)", [method, path])
        assert heard.value.from_service_worker is from_worker, (method, path)


def test_a_build_that_does_not_come_whole_is_not_kept(site: Site, phone: BrowserContext) -> None:
    page, old = visit(phone, site), site.build

    def lose_a_file(app: FastAPI) -> None:
        del app.state.shell.files["words/en.js"]

    site.upgrade(spoil=lose_a_file)
    page.evaluate(
        """async () => {
          const all = await navigator.serviceWorker.ready;
          const found = new Promise((done) => all.addEventListener("updatefound", () => done(all.installing)));
          all.update();
          const worker = await found;
          while (worker.state !== "redundant") {
            await new Promise((done) => worker.addEventListener("statechange", done, { once: true }));
          }
        }"""
    )
    assert caches_of(page) == [f"daybook-{old}"]
    page.reload()
    assert runs(page, old)
    site.stop()
    new = site.start()
    look_for_update(page)
    wait_for_caches(page, old, new)


def test_what_the_system_threw_away_is_fetched_again(site: Site, phone: BrowserContext) -> None:
    page = visit(phone, site)
    page.evaluate("build => caches.delete(`daybook-${build}`)", site.build)
    page.reload()
    assert runs(page, site.build)
    wait_for_caches(page, site.build)
    phone.set_offline(True)
    page.reload()
    assert runs(page, site.build)


def test_only_the_workers_address_may_become_a_script(site: Site, phone: BrowserContext) -> None:
    page = phone.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site.address)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    assert complaints == []
    with pytest.raises(Error, match="TrustedScriptURL"):
        page.evaluate("() => navigator.serviceWorker.register('/other.js')")
