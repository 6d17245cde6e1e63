"""SUDA2 scores of the published tables, and against a plain search."""

from itertools import combinations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.sdc.suda import suda2

# sdcMicro, tests/testthat/test_suda2.R: age, gender, income, education
BOOK = [
    ("20s", "male", "50k+", "highschool"),
    ("20s", "male", "50k+", "highschool"),
    ("20s", "male", "50k-", "highschool"),
    ("20s", "male", "50k-", "highschool"),
    ("20s", "female", "50k-", "university"),
    ("20s", "female", "50k-", "highschool"),
    ("20s", "female", "50k-", "middleschool"),
    ("60s", "male", "50k-", "university"),
]
BOOK_SCORES = (0, 0, 0, 0, 4, 2, 6, 8)
# the same, from its guideline: residence, gender, education, labour
GUIDELINE = [
    ("Urban", "Female", "Secondary incomplete", "Employed"),
    ("Urban", "Female", "Secondary incomplete", "Employed"),
    ("Urban", "Female", "Primary incomplete", "Non-LF"),
    ("Urban", "Male", "Secondary complete", "Employed"),
    ("Rural", "Female", "Secondary complete", "Unemployed"),
    ("Urban", "Male", "Secondary complete", "Employed"),
    ("Urban", "Female", "Primary complete", "Non-LF"),
    ("Urban", "Male", "Post-secondary", "Unemployed"),
    ("Urban", "Female", "Secondary incomplete", "Non-LF"),
    ("Urban", "Female", "Secondary incomplete", "Non-LF"),
]
GUIDELINE_SCORES = (0, 0, 6, 0, 12, 0, 6, 10, 0, 0)
NAMES = ("a", "b", "c", "d")


def test_the_published_scores_come_out() -> None:
    assert suda2(BOOK, NAMES).scores == BOOK_SCORES
    found = suda2(GUIDELINE, NAMES)
    assert found.scores == GUIDELINE_SCORES
    assert found.uniques == 4
    assert found.contributions["c"] == max(found.contributions.values())


def test_nobody_and_a_single_person() -> None:
    assert suda2([], NAMES).scores == ()
    assert suda2([], NAMES).contributions == dict.fromkeys(NAMES, 0.0)
    assert suda2([("x", "y")], ("a", "b")).scores == (factorial(2),)
    assert suda2([(), ()], ()).scores == (0, 0)


def test_the_work_is_bounded() -> None:
    with pytest.raises(ValueError, match="8 attributes at most"):
        suda2([], [str(i) for i in range(9)])
    with pytest.raises(ValueError, match="needs 2 values"):
        suda2([("x",)], ("a", "b"))


ROWS = st.integers(0, 4).flatmap(
    lambda width: st.lists(st.tuples(*[st.sampled_from(["", "x", "y"])] * width), max_size=9)
)


@given(ROWS)
def test_scores_and_contributions_are_those_of_a_plain_search(rows: list[tuple[str, ...]]) -> None:
    width = len(rows[0]) if rows else 0
    found = suda2(rows, NAMES[:width])
    parts = dict.fromkeys(NAMES[:width], 0)
    for row, score in zip(rows, found.scores, strict=True):
        minimal: list[frozenset[int]] = []
        for size in range(width + 1):
            for chosen in map(frozenset, combinations(range(width), size)):
                like = sum(all(other[j] == row[j] for j in chosen) for other in rows)
                if like == 1 and not any(known <= chosen for known in minimal):
                    minimal.append(chosen)
        assert score == sum(factorial(width - len(chosen)) for chosen in minimal)
        for chosen in minimal:
            for j in chosen:
                parts[NAMES[j]] += factorial(width - len(chosen))
    total = sum(found.scores)
    assert found.contributions == {name: part / total if total else 0 for name, part in parts.items()}
    assert found.uniques == sum(score > 0 for score in found.scores)
