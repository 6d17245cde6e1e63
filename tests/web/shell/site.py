"""The whole service in a thread, at an address that stays, with any folder of client files; and a phone that visits."""

import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page

from api.core.config import Settings
from api.main import create_app
from api.web.assets import CLIENT
from tests.web.browsing import until

BUILD = "() => document.querySelector('meta[name=daybook-build]').content"


class Site:
    """A service that can be stopped and started again with other files or settings."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        shutil.copytree(CLIENT, folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.build = ""

    def start(self, *, offline: bool = True, spoil: Callable[[FastAPI], None] = lambda _: None) -> str:
        """Serve; return the build."""
        app = create_app(self.settings.model_copy(update={"offline_client": offline}), client=self.folder)
        spoil(app)
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen()  # who comes before it serves waits
        self._server, self._listening = uvicorn.Server(config), listening
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]})
        self._thread.start()
        self.build = str(app.state.shell.build)
        return self.build

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()

    def upgrade(self, **how: Any) -> str:
        """Serve a new build, of which one file is different; return it."""
        self.stop()
        with (self.folder / "style.css").open("a", encoding="utf-8") as file:
            file.write("/* changed */\n")
        return self.start(**how)


def visit(context: BrowserContext, site: Site) -> Page:
    """Open the client on a phone, and wait until it works offline."""
    page = context.new_page()
    page.goto(site.address)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def runs(page: Page, build: str) -> bool:
    """Wait until a page of this build is there and drawn."""
    page.wait_for_function(f"build => ({BUILD})() === build", arg=build)
    page.wait_for_function("() => document.getElementById('main').childElementCount > 0")
    return True


def caches_of(page: Page) -> list[str]:
    """Return which builds the phone keeps."""
    found: list[str] = page.evaluate("() => caches.keys()")
    return sorted(found)


def wait_for_caches(page: Page, *builds: str) -> None:
    """Wait until the phone keeps these builds, whole, and no others."""
    until(
        page,
        """async (wanted) => {
          const names = (await caches.keys()).sort();
          const pages = names.map((name) => `/app/${name.replace("daybook-", "")}/index.html`);
          const kept = await Promise.all(names.map(async (name, n) => (await caches.open(name)).match(pages[n])));
          return names.join() === wanted && kept.every(Boolean);
        }""",
        ",".join(sorted(f"daybook-{build}" for build in builds)),
    )


def updates(page: Page, expression: str) -> Any:
    """Evaluate an expression of `m`, the page's own module of updates."""
    return page.evaluate(
        f"async () => {{ const m = await import(`/app/${{({BUILD})()}}/core/updates.js`); return {expression}; }}"
    )


def look_for_update(page: Page) -> None:
    """Let the browser ask for a new worker, as it does by itself at each navigation."""
    page.evaluate("async () => { await (await navigator.serviceWorker.ready).update(); }")


def wait_for_update(page: Page) -> None:
    """Wait until the page knows of a new version."""
    look_for_update(page)
    updates(page, "new Promise((done) => m.waiting((is) => is && done(true)))")
