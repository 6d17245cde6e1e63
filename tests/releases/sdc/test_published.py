"""Every published number of the data folder is reproduced; a file or a key that nothing looks at fails.

Each check reads its numbers through `Looked`, which remembers what was read. What cannot be reproduced, or is
only said, stands in `WORDS` and `ELSEWHERE` with its reason.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from api.releases.sdc import hierarchy_csv
from api.releases.sdc.closeness import distinct_values, ordered_distance, shares, t_closeness
from api.releases.sdc.differences import Published, difference, find
from api.releases.sdc.hierarchy import Hierarchy
from api.releases.sdc.individual import approximate_risk, exact_risk, weighted_sizes
from api.releases.sdc.lattice import solve
from api.releases.sdc.risk import class_sizes, journalist, k_anonymity, k_map, prosecutor
from api.releases.sdc.suda import suda2
from tests.releases.sdc.test_risk import DATA, cells, needs_data

WORDS = {  # sentences about the numbers
    "derived.json/source",
    "sdcmicro.json/source",
    "sdcmicro.json/freqCalc/verified_here",
    "sdcmicro.json/freqCalc_with_NA_wildcard/note",
    "sdcmicro.json/suda2_book/note",
    "derived.json/k_map/note",
    "derived.json/entry_vs_participant_k/entries",
    "derived.json/entry_vs_participant_k/rule",
    "derived.json/differencing_withdrawal/verdict",
}
ELSEWHERE = {  # numbers whose tables the folder does not hold
    "sdcmicro.json/IL_variables_R_only",  # drawn by R's generator
    "sdcmicro.json/localSuppression_testdata2",  # its table is an R data file
}

pytestmark = needs_data


class Looked:
    """A JSON object or folder that remembers which of its keys were read."""

    seen: set[str]

    def __init__(self, found: Mapping[str, Any], path: str, seen: set[str]) -> None:
        self._found, self._path, self.seen = found, path, seen

    def __getitem__(self, key: str) -> Any:
        path = f"{self._path}/{key}"
        found = self._found[key]
        if isinstance(found, dict):
            return Looked(found, path, self.seen)
        self.seen.add(path)
        return found

    def columns(self, names: str) -> list[tuple[str, ...]]:
        return cells({name: self[name] for name in names.split()}, names)


class Folder:
    """The data folder, remembering what was read."""

    def __init__(self) -> None:
        self.root = DATA / "anonymisation"
        self.seen: set[str] = set()

    def json(self, name: str) -> Looked:
        return Looked(json.loads((self.root / name).read_text(encoding="utf-8")), name, self.seen)

    def table(self, name: str) -> tuple[list[str], list[tuple[str, ...]]]:
        self.seen.add(name)
        with (self.root / name).open(encoding="utf-8") as file:
            header, *rows = csv.reader(file, delimiter=";")
        return header, [tuple(row) for row in rows]

    def hierarchy(self, name: str, attribute: str) -> Hierarchy:
        self.seen.add(name)
        return hierarchy_csv.read(attribute, (self.root / name).read_bytes())


def every_key(root: Path) -> Iterator[str]:
    def leaves(found: Any, path: str) -> Iterator[str]:
        if isinstance(found, dict) and path not in ELSEWHERE:
            for key, value in found.items():
                yield from leaves(value, f"{path}/{key}")
        else:
            yield path

    for path in sorted(root.rglob("*.*")):
        name = str(path.relative_to(root))
        if path.suffix == ".json":
            yield from leaves(json.loads(path.read_text(encoding="utf-8")), name)
        else:
            yield name


def frequencies(folder: Folder) -> None:
    asked = folder.json("sdcmicro.json")["freqCalc"]
    sizes = weighted_sizes(asked.columns("A B C"), asked["w"])
    assert [f for f, _ in sizes] == asked["fk"]
    assert [big for _, big in sizes] == asked["Fk"]
    assert [exact_risk(*one) for one in sizes] == pytest.approx(asked["indivRisk_exact"], abs=5e-9)
    assert [approximate_risk(*one) for one in sizes] == pytest.approx(asked["indivRisk_approx"], abs=5e-9)
    assert [exact_risk(f, f) for f, _ in sizes] == pytest.approx(asked["indivRisk_population"], abs=5e-6)


def wildcards(folder: Folder) -> None:
    """A missing value that matches everything, computed plainly here: our classes are never larger."""
    asked, weights = folder.json("sdcmicro.json")["freqCalc_with_NA_wildcard"], folder.json("sdcmicro.json")
    rows, w = asked.columns("A B C"), weights["freqCalc"]["w"]
    alike = [
        [
            i
            for i, two in enumerate(rows)
            if all(a in ("", b) or b == "" for a, b in zip(one, two, strict=True))
        ]
        for one in rows
    ]
    assert [len(found) for found in alike] == asked["fk"]
    assert [sum(w[i] for i in found) for found in alike] == asked["Fk_weighted"]
    own = class_sizes(rows)
    assert all(own[row] <= len(found) for row, found in zip(rows, alike, strict=True))


def special_uniques(folder: Folder) -> None:
    book = folder.json("sdcmicro.json")["suda2_book"]
    rows = book.columns("age gender income education")
    assert list(suda2(rows, "abcd").scores) == [0] * 4 + book["score_rows_5_to_8"]
    guideline = folder.json("sdcmicro.json")["suda2_guideline"]
    rows = guideline.columns("Residence Gender Education Labor")
    assert list(suda2(rows, "abcd").scores) == guideline["score"]


def diversity(folder: Folder) -> None:
    asked = folder.json("sdcmicro.json")["ldiversity_distinct"]
    rows = asked.columns("sex occupation ethnicity")
    found = distinct_values(rows, map(str, asked["sensitive"]))
    assert [found[row] for row in rows] == asked["distinct"]


def people_not_entries(folder: Folder) -> None:
    asked = folder.json("derived.json")["entry_vs_participant_k"]
    entries = [("A", "local", "NW")] * 10 + [("B", "uni", "NE")] * 10
    assert k_anonymity(row[1:] for row in entries) == asked["row_level_k"]
    assert k_anonymity({who: row for who, *row in entries}.values()) == asked["participant_level_k"]


def missing(folder: Folder) -> None:
    asked = folder.json("derived.json")["missing_qi"]
    assert k_anonymity([(value or "",) for value in asked["q"]]) == asked["correct_k_null_as_own_value"]
    assert k_anonymity([(value,) for value in asked["q"] if value]) == asked["pycanon_1.3.5_k"]


def averages(folder: Folder) -> None:
    asked = folder.json("derived.json")["average_risk_definitions"]
    risk = prosecutor(asked["class_sizes"], 5)
    assert (risk.average, risk.highest) == (asked["arx_avg_is_classes_over_records"], asked["highest"])
    inverse = [1 / size for size in asked["class_sizes"]]
    assert sum(inverse) / len(inverse) == asked["pycanon_average_rir_is_mean_of_inverse_class_sizes"]


def differencing(folder: Folder) -> None:
    asked = folder.json("derived.json")["differencing_withdrawal"]
    flat = (Hierarchy.flat("q", ["x"]),)
    first, second = (
        Published(n, flat, {str(i): ("x",) for i in range(asked[f"release{n}_class_size"])}) for n in (1, 2)
    )
    k = asked["k"]
    assert all(k_anonymity(one.shown.values()) >= k for one in (first, second)) is asked["each_release_k5"]
    assert difference(second, first).smallest_removed == asked["difference_class_size"]
    assert [found.size for found in find(second, [first], k)] == [asked["difference_class_size"]]


def population(folder: Folder) -> None:
    asked = folder.json("derived.json")["k_map"]
    sample, whole = ({x: asked[f"{kind}_class_sizes"][x] for x in "xy"} for kind in ("sample", "population"))
    known, mapped = prosecutor(sample.values(), 5), journalist(sample, whole, 5)
    assert (known.highest, known.average) == (asked["prosecutor"]["highest"], asked["prosecutor"]["avg"])
    assert mapped.highest == pytest.approx(asked["journalist"]["highest"])
    assert mapped.average == pytest.approx(asked["journalist"]["avg_max(rC1,rC2)"])
    assert k_map(sample, whole) == 3


def seven_rows(folder: Folder) -> None:
    """The two minimal 2-anonymous nodes and the average risk 3/7, from the files alone."""
    header, rows = folder.table("seven_row/test.csv")
    found = [folder.hierarchy(f"seven_row/test_hierarchy_{name}.csv", name) for name in header]
    safe = {}
    for node in product(*(range(h.height + 1) for h in found)):
        shown = [tuple(h.generalise(v, x) for h, v, x in zip(found, row, node, strict=True)) for row in rows]
        if k_anonymity(shown) >= 2:
            safe[node] = prosecutor(Counter(shown).values(), 2).average
    minimal = [
        node
        for node in safe
        if not any(m != node and all(a <= b for a, b in zip(m, node, strict=True)) for m in safe)
    ]
    assert minimal == [(1, 1, 2), (2, 0, 3)]
    solution = solve(rows, found, 2, 0.0)
    assert (solution.node, prosecutor(solution.class_sizes, 2).average) == ((1, 1, 2), 3 / 7)


def salaries(folder: Folder) -> None:
    """The distances 0.375 of {3, 4, 5} and 0.1667 of {6, 8, 11}, in the classes that the hierarchies make."""
    header, rows = folder.table("t_closeness/test2.csv")
    names = ("ZIPCode", "Age", "Disease")
    found = {name: folder.hierarchy(f"t_closeness/test2_hierarchy_{name}.csv", name) for name in names}
    people = [dict(zip(header, row, strict=True)) for row in rows]
    classes = [
        (found["ZIPCode"].generalise(p["ZIPCode"], 2), found["Age"].generalise(p["Age"], 1)) for p in people
    ]
    salary = [frozenset({p["Salary"]}) for p in people]
    order = sorted(shares(salary), key=int)
    assert k_anonymity(classes) == 3
    whole, distances = shares(salary), {}
    for one in set(classes):
        inside = [mine for row, mine in zip(classes, salary, strict=True) if row == one]
        earned = tuple(sorted((min(mine) for mine in inside), key=int))
        distances[earned] = round(float(ordered_distance(shares(inside), whole, order)), 4)
    assert (distances["3", "4", "5"], distances["6", "8", "11"]) == (0.375, 0.1667)
    assert t_closeness(classes, salary, order) == 0.375
    diseases = [found["Disease"].generalise(p["Disease"], 1) for p in people]
    assert Counter(diseases) == {"stomach disease": 5, "respiratory infection": 4}


CHECKS: list[Callable[[Folder], None]] = [
    frequencies,
    wildcards,
    special_uniques,
    diversity,
    people_not_entries,
    missing,
    averages,
    differencing,
    population,
    seven_rows,
    salaries,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_published(check: Callable[[Folder], None]) -> None:
    folder = Folder()
    check(folder)
    assert folder.seen


def test_nothing_published_is_left_out() -> None:
    folder = Folder()
    for check in CHECKS:
        check(folder)
    found = set(every_key(folder.root))
    assert len(found) > 60
    assert found - folder.seen == WORDS | ELSEWHERE
