"""The page for data protection officers says what the software does: classes, what is kept, routes, sections."""

import re

from api.instruments import shipped
from api.participants import telling
from api.participants.withdrawal import KEPT
from schemas.questions.base import Disclosure
from schemas.study import StudyCreate
from tests.meta.repository import ROOT
from tests.meta.routing import table

PAGE = (ROOT / "docs" / "data-protection.md").read_text(encoding="utf-8")


def cells(first: str) -> list[str]:
    """Return the cells of the row that begins with a word."""
    (row,) = re.findall(rf"^\| `{first}` \|.*$", PAGE, re.MULTILINE)
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_every_question_of_the_shipped_study_stands_under_its_class() -> None:
    found: dict[str, set[str]] = {one.value: set() for one in Disclosure}
    for definition in shipped.definitions():
        for question in definition.questions:
            found[question.effective_disclosure.value].add(question.key)
    assert found.pop("never") == set()
    assert sum(map(len, found.values())) > 70
    assert {name: set(re.findall(r"`(\w+)`", cells(name)[2])) for name in found} == found


def test_what_remains_after_an_erasure_is_said_with_its_reason() -> None:
    assert {name: cells(name)[1] for name in KEPT} == KEPT


def test_every_route_that_it_names_exists() -> None:
    named = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /v1/\S+?)`", PAGE))
    assert len(named) > 5
    assert named <= table().keys()


def test_the_figures_are_those_of_the_code() -> None:
    assert StudyCreate(title="Place leadership").contact_retention_days == 90
    assert "`contact_retention_days` (90 unless changed)" in PAGE
    assert {"entries", "contact", "events", "releases", "withdrawals"} <= telling._tellers.keys()


def test_the_word_anonymous_is_not_used_of_data() -> None:
    assert "anonym" not in PAGE.lower()
