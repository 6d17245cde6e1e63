"""A real Chromium, and a place that serves the client's files alone, for what needs no API."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CLIENT = Path(__file__).parents[2] / "api" / "web" / "client"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
    "timezone_id": "Europe/London",
}


def executable() -> str:
    """Return where Chromium is; without one the tests are skipped, but never in continuous integration."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and not os.environ.get("CI"):
        pytest.skip("No Chromium here: install one to run the tests of the phone client.")
    assert found, "Continuous integration needs Chromium."
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class _Files(SimpleHTTPRequestHandler):
    """Serves files without a word; `/` is an empty page."""

    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><html lang=en><title>Modules</title><main></main>")
            return
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        return


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def imported(page: Page, module: str, expression: str, given: Any = None) -> Any:
    """Evaluate an expression of `m`, a client module, and of `given`: imported(page, "core/ids", "m.newId()")."""
    return page.evaluate(
        f"async given => {{ const m = await import('/{module}.js'); return await ({expression}); }}", given
    )


def until(page: Page, predicate: str, given: Any = None) -> None:
    """Wait until an asynchronous predicate holds: wait_for_function takes its promise for a yes."""
    page.evaluate(
        f"""async (given) => {{
          const holds = {predicate};
          for (let asked = 0; !(await holds(given)); asked++) {{
            if (asked > 300) throw new Error("It was waited for in vain.");
            await new Promise((done) => setTimeout(done, 100));
          }}
        }}""",
        given,
    )
