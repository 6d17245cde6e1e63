"""What a phone fetches before its leader can write: one file of modules, small, and the same in what it does."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api.web.assets import CLIENT, Asset, asset, read
from api.web.joining import NotJoinable, joined
from api.web.shell import MAIN, Shell, critical
from tests.web.browsing import served

MOST = 60_000


def as_files(**texts: str) -> dict[str, Asset]:
    """Give modules by their names, in two folders."""
    return {f"{name.replace('__', '/')}.js": asset("a.js", text.encode()) for name, text in texts.items()}


def test_the_start_is_at_most_sixty_kilobytes() -> None:
    """The page, its style and every module of Today and of the first question, as they are sent."""
    shell = Shell(CLIENT)
    parts = [shell.page, shell.files["style.css"], *(shell.files[name] for name in critical(shell.files))]
    assert sum(len(one.gzipped or one.content) for one in parts) <= MOST
    needed = critical(read(CLIENT))
    assert {"screens/today.js", "screens/compact.js", "screens/question.js"} <= {*needed}
    assert not {"screens/join.js", "screens/consent.js", "screens/insights.js", "words/cy.js"} & {*needed}


def test_no_line_of_a_text_could_be_taken_for_a_comment() -> None:
    """Lines that are only comments are not sent: a text over several lines could hold one that is not."""
    for name in critical(read(CLIENT)):
        for line in (CLIENT / name).read_text("utf-8").splitlines():
            assert line.count("`") % 2 == 0, f"{name}: {line}"


def test_joined_modules_do_what_they_did_apart(browser: Browser, tmp_path: Path) -> None:
    """Each runs once, after what it imports; one that is imported later gets the same as the others."""
    texts = {
        "main": 'import { a as first } from "./one/a.js";\nimport * as b from "./one/b.js"; // why\n'
        'import "./one/c.js";\nconst later = "a name of its own";\n/** Why. */\nexport const found = () => '
        'import("./one/d.js").then((d) => [first(), b.b, b.a === first, globalThis.ran, d.same(first), later]);\n',
        "one__a": "// Why.\nexport function a() {\n  return 'a'; // one\n}\n",
        "one__b": 'import {\n  a,\n} from "./a.js";\nexport { a } from "./a.js";\nexport const b = a() + "b";\n',
        "one__c": "globalThis.ran = (globalThis.ran ?? 0) + 1;\n",
        "one__d": 'import { a } from "./a.js";\nimport { b } from "./b.js";\nimport "./c.js";\n'
        "export const same = (other) => [a === other, b];\n",
    }
    files = as_files(**texts)
    for name, file in (files | joined(files, MAIN)).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(file.content)
    with served(tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        found = page.evaluate("async () => (await import('/main.js')).$modules['main.js'].found()")
        page.close()
    assert found == ["a", "ab", True, 1, [True, "ab"], "a name of its own"]


@pytest.mark.parametrize(
    "text",
    [
        'export * from "./a.js";\n',
        'export { a as b } from "./a.js";\n',
        "export default 1;\n",
        "export let a = 1;\n",
        'import a from "./a.js";\n',
        'import { a } from "./main.js";\n',
    ],
)
def test_what_cannot_be_joined_is_said_at_the_start(text: str) -> None:
    with pytest.raises(NotJoinable):
        joined(as_files(main='import "./b.js";\n', b=text, a="export const a = 1;\n"), MAIN)
