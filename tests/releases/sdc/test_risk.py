import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from api.releases.sdc.closeness import distinct_l, distinct_values
from api.releases.sdc.risk import (
    Risk,
    class_sizes,
    journalist,
    k_anonymity,
    k_map,
    marketer,
    prosecutor,
)

DATA = Path(os.environ.get("DAYBOOK_DATA") or Path(__file__).parents[3].parent / "shared/data")
needs_data = pytest.mark.skipif(
    not DATA.is_dir() and "CI" not in os.environ, reason="the published data sets are not on this machine"
)

# sdcMicro, tests/testthat/test_freqCalc.R: keys A, B, C and the class size of each row
FREQ = [
    ("2", "3", "1"),
    ("3", "3", "3"),
    ("2", "3", "1"),
    ("2", "3", "2"),
    ("3", "3", "1"),
    ("3", "3", "1"),
    ("1", "4", "1"),
    ("2", "3", "1"),
]
FREQ_SIZES = [3, 1, 3, 1, 2, 2, 1, 3]
# sdcMicro, tests/testthat/test_ldiversity.R
KEYS = [
    ("female", "", "other"),
    ("female", "", "other"),
    ("female", "", "other"),
    ("male", "teacher", "other"),
    ("male", "teacher", "other"),
    ("female", "nurse", "majority"),
    ("female", "nurse", "majority"),
]
SENSITIVE = ["1", "0", "2", "1", "0", "0", "1"]
DISTINCT = [3, 3, 3, 2, 2, 2, 2]


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "anonymisation" / name).read_text(encoding="utf-8"))
    return found


def cells(columns: dict[str, list[Any]], names: str) -> list[tuple[str, ...]]:
    texts = [["" if value is None else str(value) for value in columns[name]] for name in names.split()]
    return list(zip(*texts, strict=True))


def test_class_sizes_are_the_published_ones() -> None:
    sizes = class_sizes(FREQ)
    assert [sizes[row] for row in FREQ] == FREQ_SIZES
    assert k_anonymity(FREQ) == 1


@needs_data
def test_sdcmicro_says_the_same() -> None:
    published = read("sdcmicro.json")
    assert cells(published["freqCalc"], "A B C") == FREQ
    assert published["freqCalc"]["fk"] == FREQ_SIZES
    single = [round(1 / size, 5) for size in FREQ_SIZES]
    assert single == published["freqCalc"]["indivRisk_population"]
    table = published["ldiversity_distinct"]
    assert cells(table, "sex occupation ethnicity") == KEYS
    assert [str(value) for value in table["sensitive"]] == SENSITIVE
    assert table["distinct"] == DISTINCT


@needs_data
def test_a_missing_value_is_a_category_where_sdcmicro_lets_it_match_everything() -> None:
    published = read("sdcmicro.json")["freqCalc_with_NA_wildcard"]
    rows = cells(published, "A B C")
    sizes = class_sizes(rows)
    assert [sizes[row] for row in rows] == [2, 1, 1, 1, 2, 2, 1, 2]
    assert all(sizes[row] <= wild for row, wild in zip(rows, published["fk"], strict=True))


def test_a_missing_value_is_never_dropped() -> None:
    assert k_anonymity([("a",)] * 5 + [("b",)] * 5 + [("",)]) == 1


def test_k_counts_people_not_rows() -> None:
    entries = [("A", "local", "NW")] * 10 + [("B", "uni", "NE")] * 10
    assert k_anonymity([(sector, region) for _, sector, region in entries]) == 10
    people = {person: (sector, region) for person, sector, region in entries}
    assert k_anonymity(people.values()) == 1


def test_the_prosecutor_average_is_classes_over_people() -> None:
    assert prosecutor([2, 8], 5) == Risk("prosecutor", 0.5, 0.2, 0.2)
    assert prosecutor([2, 8], 2).at_risk == 0


def test_the_journalist_looks_at_the_population() -> None:
    risk = journalist({"x": 2, "y": 3}, {"x": 10, "y": 3, "z": 1}, 5)
    assert risk.highest == 1 / 3  # the class z is not in the release
    assert risk.average == pytest.approx(max(2 / 13, 0.24))
    assert risk.at_risk == 3 / 5


def test_the_journalist_average_is_the_larger_of_the_two() -> None:
    risk = journalist({"x": 9, "y": 1}, {"x": 30, "y": 1}, 2)
    assert risk.average == pytest.approx(max(2 / 31, (9 / 30 + 1) / 10))


def test_the_marketer_expects_a_share_of_links() -> None:
    assert marketer({"x": 2, "y": 3}, {"x": 10, "y": 3}, 5) == Risk("marketer", 1 / 3, 0.24, 0.6)


def test_without_a_population_the_release_is_the_population() -> None:
    sizes = Counter({("x",): 2, ("y",): 8})
    assert journalist(sizes, None, 5) == Risk("journalist", 0.5, 0.2, 0.2)
    assert marketer(sizes, None, 5) == Risk("marketer", 0.5, 0.2, 0.2)


@needs_data
def test_the_numbers_worked_by_hand_come_out() -> None:
    derived = read("derived.json")
    average = derived["average_risk_definitions"]
    risk = prosecutor(average["class_sizes"], 5)
    assert (risk.average, risk.highest) == (average["arx_avg_is_classes_over_records"], average["highest"])
    assert risk.average != average["pycanon_average_rir_is_mean_of_inverse_class_sizes"]
    asked = derived["missing_qi"]
    assert k_anonymity([(value or "",) for value in asked["q"]]) == asked["correct_k_null_as_own_value"]
    worked = derived["k_map"]
    sample, population = worked["sample_class_sizes"], worked["population_class_sizes"]
    known = prosecutor(sample.values(), 5)
    assert (known.highest, known.average) == (worked["prosecutor"]["highest"], worked["prosecutor"]["avg"])
    mapped = journalist(sample, population, 5)
    assert k_map(sample, population) == 3
    assert mapped.highest == pytest.approx(worked["journalist"]["highest"])
    assert mapped.average == pytest.approx(worked["journalist"]["avg_max(rC1,rC2)"])


def test_distinct_values_are_the_published_ones() -> None:
    found = distinct_values(KEYS, SENSITIVE)
    assert [found[row] for row in KEYS] == DISTINCT
    assert distinct_l(KEYS, SENSITIVE) == 2


def test_nobody_is_no_risk() -> None:
    assert k_anonymity([]) == 0
    assert distinct_l([], []) == 0
    assert prosecutor([], 5) == Risk("prosecutor", 0, 0, 0)
    assert journalist({}, {}, 5) == Risk("journalist", 0, 0, 0)
    assert marketer({}, None, 5) == Risk("marketer", 0, 0, 0)


def test_every_risk_says_how_it_is_defined() -> None:
    for risk in (prosecutor([2], 5), journalist({"x": 2}, None, 5), marketer({"x": 2}, None, 5)):
        assert all(word in risk.definition for word in ("Highest: 1 / min", "Average: ", "n: people"))
    assert k_map({}, {}) == 0


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        prosecutor([0, 3], 5)
    with pytest.raises(ValueError, match="not its population"):
        journalist({"x": 3}, {"x": 2}, 5)
    with pytest.raises(ValueError, match="not its population"):
        marketer({"x": 3}, {"y": 9}, 5)
    with pytest.raises(ValueError, match="zip"):
        distinct_l([("a",)], [])
