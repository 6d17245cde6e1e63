"""A browser that can be killed with -9 and started again on the same profile."""

import os
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from tests.web.browsing import FLAGS, executable

PATIENCE = 30.0
# All tabs are in front, as each leader's is: a hidden page's timers are delayed, by a minute in the end.
_IN_FRONT = [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]


class Killable:
    """A Chromium of our own, with what it keeps in a folder."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self._playwright, self._profile = playwright, profile
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> BrowserContext:
        """Start it, with whatever an earlier life left in its profile."""
        port = self._profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        flags = [
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={self._profile}",
            *FLAGS,
            *_IN_FRONT,
        ]
        self._process = subprocess.Popen(
            [executable(), *flags, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while not (port.exists() and port.read_text().count("\n")):
            assert time.monotonic() < until, "The browser does not start."
            time.sleep(0.02)
        address = f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        return self._playwright.chromium.connect_over_cdp(address).contexts[0]

    def kill(self) -> None:
        """End every process of the browser with -9: nothing is written any more."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=PATIENCE)
        self._process = None
