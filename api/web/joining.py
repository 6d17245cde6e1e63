"""Joins the modules that the start needs into one file: a hundred small ones take a phone a hundred journeys.

Nothing is built beforehand: the service does it when it starts, from the files as they are. Each module becomes a block
of its own in the order in which a browser would run them, without indentation and the lines that are only comments.
What a module exports is found in `$modules`; at its own address stays a file that gives the same, for whoever imports
it later.
"""

import posixpath
import re
from collections.abc import Mapping

from api.web.assets import Asset, asset

_FROM = r"""["'](?P<to>\.[^"']+)["'];?[ \t]*(?://.*)?$"""
_IMPORT = re.compile(rf"^import\s+(?:(?P<what>\{{[^}}]*\}}|\*\s*as\s+\w+)\s+from\s*)?{_FROM}", re.MULTILINE)
_PASSED_ON = re.compile(rf"^export\s*(?P<what>\{{[^}}]*\}})\s*from\s*{_FROM}", re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?P<kind>async function|function|class|const) (?P<name>[\w$]+))", re.MULTILINE
)
_COMMENTS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/)[\s\S])*\*/[ \t]*|//.*)\n", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)  # no text runs over several lines: a test sees to it
_LEFT = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_LATER = re.compile(r"\bimport\(")
_HEAD = """export const $modules = {};
const $later = (from, to) => import(new URL(to, new URL(from, import.meta.url)).href);
"""


class NotJoinable(Exception):
    """The modules of the start are written in a way that they cannot be joined."""


def joined(files: Mapping[str, Asset], main: str) -> dict[str, Asset]:
    """Return the files that take the place of a module and of all that it imports."""
    order = _in_order(files, main)
    blocks = [_block(name, _text(files, name)) for name in order]
    made = {main: asset(main, (_HEAD + "".join(blocks)).encode())}
    return made | {name: _stub(name, _text(files, name), main) for name in order if name != main}


def _text(files: Mapping[str, Asset], name: str) -> str:
    return files[name].content.decode()


def _in_order(files: Mapping[str, Asset], main: str) -> list[str]:
    """Return the modules as a browser runs them: each after those that it imports."""
    done: dict[str, None] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise NotJoinable(f"These import each other in a circle: {' '.join([*path, name])}")
        if name in done:
            return
        text = _text(files, name)
        found = sorted([*_IMPORT.finditer(text), *_PASSED_ON.finditer(text)], key=lambda one: one.start())
        for one in found:
            visit(_resolved(name, one["to"]), (*path, name))
        done[name] = None

    visit(main, ())
    return list(done)


def _block(name: str, text: str) -> str:
    """Return a module as a function that is called at once with the place of its exports."""

    def imports(found: re.Match[str]) -> str:
        if not found["what"]:
            return ""  # it has run already
        what = found["what"].replace(" as ", ": ") if found["what"][0] == "{" else found["what"].split()[-1]
        return f"const {what} = {_place(name, found['to'])};"

    def passes_on(found: re.Match[str]) -> str:
        if " as " in found["what"]:
            return found[0]  # seen below
        return f"{{ const {found['what']} = {_place(name, found['to'])}; Object.assign($given, {found['what']}); }}"

    exported = [one["name"] for one in _EXPORT.finditer(text)]
    body = _INDENT.sub("", _COMMENTS.sub("", text))
    body = _EXPORT.sub("", _PASSED_ON.sub(passes_on, _IMPORT.sub(imports, body)))
    if found := _LEFT.search(body):
        raise NotJoinable(f"{name}: {found[0]}")
    body = _LATER.sub(f'$later("{name}", ', body)
    ending = f"Object.assign($given, {{ {', '.join(exported)} }});\n" if exported else ""
    return f'(($given) => {{\n{body}{ending}}})($modules["{name}"] = {{}});\n'


def _stub(name: str, text: str, main: str) -> Asset:
    """Return what stays at a module's own address."""
    names = [one["name"] for one in _EXPORT.finditer(text)]
    for one in _PASSED_ON.finditer(text):
        names += [part.strip() for part in one["what"].strip("{} ").split(",") if part.strip()]
    up = posixpath.relpath(main, posixpath.dirname(name) or ".")
    found = f'export const {{ {", ".join(names)} }} = $modules["{name}"];\n' if names else ""
    return asset(name, f'import {{ $modules }} from "{_dotted(up)}";\n{found}'.encode())


def _place(name: str, to: str) -> str:
    return f'$modules["{_resolved(name, to)}"]'


def _resolved(name: str, to: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), to))


def _dotted(path: str) -> str:
    return path if path.startswith(".") else f"./{path}"
