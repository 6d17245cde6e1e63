"""The figures of a report are those of the written files, recounted here without the code that made them."""

from collections import Counter
from typing import Any

from tests.personas import Leader, World
from tests.releases.test_pipeline import ask, table


def report(world: World, number: str = "latest") -> dict[str, Any]:
    """Read a report as Olivia."""
    answer = world.olivia.get(f"{world.path}/releases/{number}/report")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_figures_are_those_of_the_written_files(world: World, leaders: list[Leader]) -> None:
    release = ask(world)
    found, people = report(world), table(world, "participants.csv")
    sizes = Counter((row["sector"], row["country"], row["role_tier"]) for row in people).values()
    assert {one["people"]: one["classes"] for one in found["class_sizes"]} == Counter(sizes)
    assert (found["k"], found["k_reached"]) == (5, min(sizes))
    assert found["people"] | {"recoded": 0} == {
        "enrolled": 16, "sharing": 16, "exported": 16, "suppressed": 0, "recoded": 0,
        "left_out": 0, "last_release": None, "withdrawn": 0,
    }  # fmt: skip
    [prosecutor] = [one for one in found["risk"] if one["model"] == "prosecutor"]
    assert prosecutor["after"] == {"highest": 1 / min(sizes), "average": len(sizes) / 16, "at_risk": 0.0}
    assert prosecutor["before"] == {"highest": 1 / 4, "average": 4 / 16, "at_risk": 1.0}
    assert "1 / min f" in prosecutor["definition"]
    assert found["entries"] == len(table(world, "entries.csv")) == 16
    assert found["files"] == release["files"]
    assert found["operator"] == "Olivia Owner"
    assert (found["uniques"]["before"], found["uniques"]["after"]) == (0, 0)
