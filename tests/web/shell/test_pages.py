"""What the phone client's addresses answer, without a browser."""

import gzip
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.core.middleware import SECURITY_HEADERS
from api.main import create_app
from api.web.assets import CLIENT, UnknownMediaType, read
from api.web.shell import Shell, critical
from tests.databases import make_settings
from tests.meta.shape import refused

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
ALL = ("/", "/sw.js", "/manifest.webmanifest", "/icons/192.png", "/apple-touch-icon.png", "/robots.txt")
SHELL = Shell(CLIENT)


@pytest.fixture
def site(tmp_path: Path) -> TestClient:
    """The application; its pages need no database."""
    return TestClient(create_app(make_settings(tmp_path)), base_url="https://testserver")


def plain(site: TestClient, path: str, **headers: str) -> Any:
    return site.get(path, headers={"Accept-Encoding": "identity"} | headers)


def test_the_page_names_its_build_and_nothing_from_elsewhere(site: TestClient) -> None:
    page = plain(site, "/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["content-security-policy"] == CSP == SECURITY_HEADERS["Content-Security-Policy"]
    assert f'content="{SHELL.build}"' in page.text
    assert not re.search(r"<style|style=|\son\w+=|<script>|https?:|\{\w+\}", page.text), "the CSP forbids it"
    named = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert {f"/app/{SHELL.build}/main.js", f"/app/{SHELL.build}/style.css"} <= {*named}
    for address in named:
        assert site.get(address).status_code == 200, address


def test_the_modules_that_the_start_needs_are_fetched_at_once(site: TestClient) -> None:
    """They come as one file: what is written as a hundred of them is joined when the service starts."""
    needed = critical(read(CLIENT))
    assert {"main.js", "core/updates.js", "words/en.js"} <= {*needed}
    assert critical(SHELL.files) == ["main.js"]
    page, start = site.get("/").text, SHELL.files["main.js"].content.decode()
    assert re.findall(r'rel="modulepreload" href="([^"]+)"', page) == [f"/app/{SHELL.build}/main.js"]
    for name in needed:
        assert f'$modules["{name}"] = {{}}' in start


def test_only_static_imports_are_followed(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "main.js").write_text(
        'import { a,\n  b } from "./core/a.js";\nexport * from "./core/b.js";\nimport "./core/c.js";\n'
        'const later = () => import("./core/d.js");\nexport const NAMES = { one: "./core/e.js" };\n',
        encoding="utf-8",
    )
    for name in "abcde":
        (tmp_path / "core" / f"{name}.js").write_text('import "../main.js";\n', encoding="utf-8")
    assert critical(read(tmp_path)) == ["main.js", "core/a.js", "core/b.js", "core/c.js"]


def test_a_file_of_the_build_may_be_kept_for_ever(site: TestClient) -> None:
    for name, file in SHELL.files.items():
        answer = plain(site, f"/app/{SHELL.build}/{name}")
        assert (answer.status_code, answer.content) == (200, file.content), name
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
    script = plain(site, f"/app/{SHELL.build}/main.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"


def test_another_build_and_what_is_no_file_of_it_are_nowhere(site: TestClient) -> None:
    build = SHELL.build
    for path in (
        f"/app/{'0' * 16}/main.js",
        f"/app/{build}/",
        f"/app/{build}/nothing.js",
        f"/app/{build}/sw.js",
        f"/app/{build}/..%2f..%2fcore/config.py",
        f"/app/{build}/%2e%2e/assets.py",
        f"/app/{build}//etc/passwd",
        f"/app/{build}/core/../main.js%00",
        "/icons/..%2fmain.js",
        "/icons/nothing.png",
    ):
        refused(site.get(path), 404, "not-found")


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP".lower(), "gzip;q=0.5", "*"])
def test_a_file_is_sent_compressed_to_who_can_take_it(site: TestClient, accepted: str) -> None:
    path = f"/app/{SHELL.build}/main.js"
    with site.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) == len(raw)
    assert gzip.decompress(raw) == SHELL.files["main.js"].content


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "gzip; q=0.0, br", "x-gzip", ""])
def test_a_file_is_sent_plain_to_who_cannot(site: TestClient, accepted: str) -> None:
    answer = plain(site, "/sw.js", **{"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", [*ALL, f"/app/{SHELL.build}/main.js"])
def test_who_has_it_is_told_so(site: TestClient, path: str) -> None:
    etag = plain(site, path).headers["etag"]
    for known in (etag, f'W/{etag}, "other"'):
        again = plain(site, path, **{"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    zipped = site.get(path).headers["etag"]
    assert site.get(path, headers={"If-None-Match": zipped}).status_code == 304
    assert plain(site, path, **{"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", [*ALL, "/favicon.ico", f"/app/{SHELL.build}/main.js"])
def test_a_head_is_answered_as_a_get_without_the_body(site: TestClient, path: str) -> None:
    asked, given = site.head(path), site.get(path)
    assert (asked.status_code, asked.content) == (given.status_code, b"")
    for name in ("content-length", "content-type", "etag", "cache-control"):
        assert asked.headers.get(name) == given.headers.get(name)
    refused(site.post(path), 405, "method-not-allowed")


def test_the_manifest_installs_the_client_and_names_no_study(site: TestClient) -> None:
    answer = site.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    made = answer.json()
    assert (made["name"], made["start_url"], made["scope"], made["display"]) == (
        "Daybook",
        "/",
        "/",
        "standalone",
    )
    assert {icon["sizes"] for icon in made["icons"]} == {"192x192", "512x512", "any"}
    assert any(icon.get("purpose") == "maskable" for icon in made["icons"])
    for icon in made["icons"]:
        shown = site.get(icon["src"])
        assert shown.headers["content-type"] == icon["type"]
        assert len(shown.content) < 6_000


def test_search_engines_are_asked_to_stay_away(site: TestClient) -> None:
    assert site.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert site.get("/favicon.ico").status_code == 204


def test_the_worker_keeps_all_of_one_build(site: TestClient) -> None:
    answer = site.get("/sw.js")
    assert (answer.headers["cache-control"], answer.headers["service-worker-allowed"]) == ("no-cache", "/")
    kept = {*re.findall(rf'"/app/{SHELL.build}/([^"]+)"', answer.text.split("\n", 1)[0])}
    icons = {name for name in SHELL.files if name.startswith("icons/")}
    assert kept == SHELL.files.keys() - icons
    assert "index.html" in kept


def test_a_changed_file_is_another_build(tmp_path: Path) -> None:
    shutil.copytree(CLIENT, tmp_path / "client")
    assert Shell(tmp_path / "client").build == SHELL.build
    for name in ("main.js", "index.html", "sw.js"):
        with (tmp_path / "client" / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        assert Shell(tmp_path / "client").build != SHELL.build
        shutil.copy(CLIENT / name, tmp_path / "client" / name)


def test_a_file_that_nobody_can_name_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "notes.xyz").write_text("?", encoding="utf-8")
    with pytest.raises(UnknownMediaType):
        read(tmp_path)


def test_the_kill_switch_gives_another_worker_and_says_so_on_the_page(tmp_path: Path) -> None:
    site = TestClient(create_app(make_settings(tmp_path, offline_client=False)))
    assert site.get("/sw.js").content == (CLIENT / "sw-off.js").read_bytes()
    assert '"daybook-offline" content="off"' in site.get("/").text
    assert site.get(f"/app/{SHELL.build}/main.js").status_code == 200


def test_a_client_that_was_stored_long_ago_learns_that_it_is_too_old(tmp_path: Path) -> None:
    site = TestClient(create_app(make_settings(tmp_path, client_minimum=3)))
    assert site.get("/v1/client").json() == {"build": SHELL.build, "minimum": 3}
    assert site.get("/v1/client").headers["cache-control"] == "no-store"
