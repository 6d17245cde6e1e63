"""WebKit itself, driven by plain W3C WebDriver calls: as much of them as the tests need."""

import base64
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that the standard gives a reference to an element
PATIENCE = 30.0
SCREEN = {"width": 390, "height": 844}


def programs() -> tuple[str, str, str]:
    """Return where the driver, the browser and the screen are; without them the tests are skipped."""
    browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    if not (driver and screen and browsers):
        pytest.skip("No WebKitGTK here: install the Debian packages webkit2gtk-driver and xvfb.")
    return driver, str(browsers[-1]), screen


class Driver:
    """One window of a browser."""

    def __init__(self, address: str, browser: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=2 * PATIENCE, trust_env=False)
        options = {
            "binary": browser,
            "args": ["--automation", "--full-screen"],
        }  # no toolbar: 390 px hold none
        asked = {
            "browserName": "MiniBrowser",
            "acceptInsecureCerts": True,
            "webkitgtk:browserOptions": options,
        }
        made = self._send("POST", "/session", {"capabilities": {"alwaysMatch": asked}})
        self.version = str(made["capabilities"]["browserVersion"])
        self._session = f"/session/{made['sessionId']}"
        self.call("window/rect", {"x": 0, "y": 0, **SCREEN})
        self.call("timeouts", {"script": int(PATIENCE * 1000), "pageLoad": int(PATIENCE * 1000)})

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body if method == "POST" else None)
        value = answer.json()["value"]
        assert answer.is_success, f"{path}: {value['error']}: {value['message']}"
        return value

    def call(self, command: str, body: Any = None) -> Any:
        """Ask for something: with a body, to do it."""
        return self._send("GET" if body is None else "POST", f"{self._session}/{command}", body)

    def close(self) -> None:
        """End the browser."""
        self._send("DELETE", self._session)
        self._http.close()

    def goto(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""
        self.call("url", {"url": address})

    def reload(self) -> None:
        """Load the page again."""
        self.call("refresh", {})

    def find(self, path: str) -> str:
        """Wait for what an XPath finds and a reader sees; return its reference."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for one in self.call("elements", {"using": "xpath", "value": path}):
                if self.run("return arguments[0].checkVisibility()", one):
                    return str(one[ELEMENT])
            time.sleep(0.05)  # the protocol has no way to wait
        raise AssertionError(f"Not on the screen: {path}\n{self.run('return document.body.innerText')}")

    def click(self, path: str) -> None:
        """Click on what an XPath finds."""
        found = self.find(path)
        self.run(
            "arguments[0].scrollIntoView({ block: 'center' })", {ELEMENT: found}
        )  # away from what sticks
        self.call(f"element/{found}/click", {})

    def type(self, path: str, text: str) -> None:
        """Type into a field, key by key."""
        self.call(f"element/{self.find(path)}/value", {"text": text})

    def run(self, script: str, *given: Any) -> Any:
        """Run the body of a function."""
        return self.call("execute/sync", {"script": script, "args": [*given]})

    def wait(self, script: str, *given: Any) -> Any:
        """Run the body of an async function, and wait for what it returns."""
        body = (
            "const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);"
            f"(async (...given) => {{ {script} }})(...given)"
            ".then((value) => done({ value }), (error) => done({ error: `${error}` }));"
        )
        answer = self.call("execute/async", {"script": body, "args": [*given]})
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def photograph(self, to: Path) -> None:
        """Keep a picture of what is on the screen."""
        to.write_bytes(base64.b64decode(self.call("screenshot")))


@contextmanager
def started(command: list[str], port: int, **environment: str) -> Iterator[None]:
    """Run a program that listens on a port."""
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            assert process.poll() is None, f"{command[0]} ends at once."
            assert time.monotonic() < until, f"{command[0]} does not start."
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
