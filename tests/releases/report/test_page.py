"""The page of a report stands alone: no script, nothing from elsewhere, and nobody's words run in it."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.commands import daybook
from tests.personas import Leader, World
from tests.releases.test_pipeline import ask

VOID = {"meta", "br", "hr", "img", "link", "input"}
SCRIPT = '<script>alert(1)</script> & "Dr O\'Hara"'


class Page(HTMLParser):
    """Reads a page and complains of what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    @property
    def ids(self) -> list[str | None]:
        return [value for name, value in self.attributes if name == "id"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def answer(world: World, leaders: list[Leader]) -> Any:
    assert ask(world, recipient=SCRIPT, purpose=f"themes {SCRIPT}")["status"] == "published"
    return world.olivia.get(f"{world.path}/releases/1/report.html")


def test_the_page_is_whole_and_runs_nothing(answer: Any) -> None:
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = Page(answer.text)
    assert len(page.ids) == len(set(page.ids)) > 10
    assert not {"script", "link", "iframe", "object", "img"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not {"style", "src", "href"} & names
    assert not {name for name in names if name.startswith("on")}
    labelled = [value for name, value in page.attributes if name == "aria-labelledby"]
    assert {one for value in labelled for one in (value or "").split()} <= set(page.ids)
    assert page.tags.count("h1") == 1
    assert page.tags.count("table") == page.tags.count("caption") > 8
    assert SCRIPT in page.words
    assert "<script" not in answer.text


def test_the_browser_is_told_to_run_nothing(answer: Any) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    [style] = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    assert f"'sha256-{hashed}'" in policy
    [own] = [
        value for name, value in Page(answer.text).attributes if name == "content" and "'none'" in str(value)
    ]
    assert policy == f"{own}; frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_plot_is_xml_with_a_title_and_a_table_beside_it(answer: Any) -> None:
    plots = re.findall("<svg.*?</svg>", answer.text, re.DOTALL)
    assert len(plots) == 3
    space = "{http://www.w3.org/2000/svg}"
    for plot in plots:
        drawn = ElementTree.fromstring(plot)
        assert drawn.findtext(f"{space}title")
        assert drawn.findtext(f"{space}desc")
        assert drawn.findall(f"{space}g/{space}rect")
    assert answer.text.count('class="beside"') == 3


def test_the_command_shows_the_figures_and_writes_the_page(world: World, answer: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    status, said = daybook(world.settings, "release", "report", world.study_id, "1", "--html", path)
    assert status == 0, said
    assert re.search(r"k reached \(asked\) +│ 8 \(5\)", said) or "k reached (asked)" in said
    assert "<script>alert(1)</script>" in said
    assert path.read_text() == answer.text
