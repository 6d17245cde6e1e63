"""One build of the phone client: its page, its service worker, and the files that they name."""

import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from api.web.assets import Asset, asset, build_of, read
from api.web.joining import joined

PAGE, WORKER, KILL_SWITCH, MANIFEST = "index.html", "sw.js", "sw-off.js", "manifest.webmanifest"
PUSH = "sw-push.js"
MAIN = "main.js"
_ICONS = "icons/"
_TEMPLATES = {
    PAGE,
    WORKER,
    PUSH,
    KILL_SWITCH,
    MANIFEST,
}  # sent from addresses of their own, not as files of the build
_STATIC_IMPORT = re.compile(
    r"""^(?:import|export)\b(?:[^"'();]*\bfrom)?\s*["'](\.[^"']+)["']""", re.MULTILINE
)


class Shell:
    """What the pages' addresses answer; made once, when the service starts."""

    def __init__(self, folder: Path, *, offline: bool = True) -> None:
        found = read(folder)
        found |= joined(found, MAIN)
        self.build = build_of(found)
        self.page = _page(found, self.build, offline=offline)
        self.worker = self._worker(found) if offline else found[KILL_SWITCH]
        self.manifest = found[MANIFEST]
        self.icons = {
            name.removeprefix(_ICONS): one for name, one in found.items() if name.startswith(_ICONS)
        }
        kept = _page(found, self.build, offline=True)
        self.files = {name: one for name, one in found.items() if name not in _TEMPLATES} | {PAGE: kept}

    def _worker(self, found: Mapping[str, Asset]) -> Asset:
        files = [
            self.address(name)
            for name in found
            if name not in _TEMPLATES and not name.startswith(_ICONS)  # the system keeps the icons
        ]
        given = json.dumps({"build": self.build, "page": self.address(PAGE), "files": files})
        parts = [f"const SHELL = {given};\n".encode(), found[WORKER].content]
        return asset(WORKER, b"".join([*parts, found[PUSH].content if PUSH in found else b""]))

    def address(self, name: str) -> str:
        """Return where a file of this build is."""
        return f"/app/{self.build}/{name}"


def critical(files: Mapping[str, Asset], name: str = MAIN) -> list[str]:
    """Return the modules that a module needs before it runs, itself first."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one in files and one not in found:
            found[one] = None
            imported = _STATIC_IMPORT.findall(files[one].content.decode())
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(one), to)) for to in imported]
    return list(found)


def _page(found: Mapping[str, Asset], build: str, *, offline: bool) -> Asset:
    preload = "\n".join(f'<link rel="modulepreload" href="/app/{build}/{name}">' for name in critical(found))
    text = found[PAGE].content.decode()
    given = {"build": build, "offline": "on" if offline else "off", "preload": preload}
    for name, value in given.items():
        text = text.replace(f"{{{name}}}", value)
    return asset(PAGE, text.encode())
