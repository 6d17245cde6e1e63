"""Rules about the phone client's own files: what may import what, what is never used, and that every word exists."""

import re
from pathlib import Path

import pytest

from tests.meta.repository import ROOT

CLIENT = ROOT / "api" / "web" / "client"
FILES = sorted(CLIENT.rglob("*.js"))
NAMES = [str(path.relative_to(CLIENT)) for path in FILES]
FORBIDDEN = {
    r"\.(inner|outer)HTML\b": "HTML is never parsed: core/dom makes nodes",
    r"insertAdjacentHTML|document\.write|DOMParser|createContextualFragment": "HTML is never parsed",
    r"\beval\(|new Function\(|setTimeout\(\s*[\"']": "no text is ever run",
    r"localStorage|sessionStorage|document\.cookie": "what is kept is kept in store/",
    r"https?://(?!www\.w3\.org/)": "nothing comes from elsewhere",
    r"\.style\.|\bstyle:": "the CSP allows no inline style: use a class",
    r"console\.(log|debug|info|warn)": "a phone's log is read by nobody",
}
EXCEPT = {
    ("core/api.js", "localStorage")
}  # tabs tell one another that the session was refreshed, and nothing more
_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
_EXPORT = re.compile(r"^export (?:async )?(?:function|class) (\w+)", re.MULTILINE)


def table() -> dict[str, set[str]]:
    """Read from docs/client.md which folders each folder may import."""
    text = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+)/` \| .* \| ([^|]+) \|$", text, re.MULTILINE)
    return {folder: set(re.findall(r"[a-z]+", allowed)) for folder, allowed in rows}


def folder_of(path: Path) -> str:
    """Return the first folder of a client file; its own name where it stands at the top."""
    return path.relative_to(CLIENT).parts[0]


def imports(path: Path) -> set[Path]:
    """Return the files that a module imports, at once or later."""
    return {(path.parent / found).resolve() for found in _IMPORT.findall(path.read_text(encoding="utf-8"))}


def test_the_client_is_found() -> None:
    assert len(FILES) > 20
    assert {"core", "store", "sync", "form", "screens", "words"} <= table().keys()


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_module_imports_what_it_may(path: Path) -> None:
    folder, allowed = folder_of(path), table()
    for target in imports(path):
        assert target.is_file(), f"{target} is not there"
        if folder in allowed and "everything" not in allowed[folder] and "all" not in allowed[folder]:
            assert folder_of(target) in allowed[folder] | {folder}, f"{folder} may not import {target}"


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_module_uses_nothing_forbidden(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = {(found[0], why) for pattern, why in FORBIDDEN.items() for found in re.finditer(pattern, text)}
    name = str(path.relative_to(CLIENT))
    assert {(one, why) for one, why in used if (name, one) not in EXCEPT} == set()
    assert text.startswith("// "), "the first line says what the file is for"
    assert len(text.splitlines()) <= 200 or "words" in path.parent.parts


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_what_a_module_exports_is_explained(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for found in _EXPORT.finditer(text):
        before = text[: found.start()].rstrip().rsplit("\n", 1)[-1]
        assert before.endswith("*/"), f"{found[1]} has no sentence above it"


def test_every_word_that_is_said_exists_and_every_word_is_said() -> None:
    words = "".join(path.read_text(encoding="utf-8") for path in (CLIENT / "words").rglob("en.js"))
    known = set(re.findall(r"^  (\w+):", words, re.MULTILINE))
    code = "\n".join(path.read_text(encoding="utf-8") for path in FILES if "words" not in path.parent.parts)
    said = set(re.findall(r"""\bsay\(\s*["'](\w+)["']""", code))
    counted = set(re.findall(r"""\bsay\.n\(\s*["'](\w+)["']""", code))
    assert len(said) > 30
    assert said - known == set()
    assert {f"{one}_other" for one in counted} - known == set()
    quoted = set(re.findall(r"""["'](\w+)["']""", code))
    built = set(re.findall(r"`(\w+_)\$\{", code))
    unsaid = {
        one
        for one in known
        if one not in quoted
        and re.sub(r"_(zero|one|two|few|many|other)$", "", one) not in counted | quoted
        and not any(one.startswith(start) for start in built)
    }
    assert unsaid == set()
