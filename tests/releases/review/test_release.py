"""From the leader's words to the researcher's file: what Rita has cleared is in the release, and nothing else."""

from typing import Any

from tests.personas import DECISION
from tests.releases.review.desk import JANE, Desk
from tests.releases.test_pipeline import ask, table

SECRET = "the vice-chancellor resigns on Friday"


def released(desk: Desk) -> set[str]:
    """Make a release, and return the texts in its table of entries."""
    made = ask(desk.world)
    assert made["status"] == "published", made
    whole = "".join(
        desk.world.ana.get(f"{desk.world.path}/releases/latest/{file['name']}").text
        for file in made["files"]
        if file["name"].endswith((".csv", ".jsonl", ".json"))
    )
    assert SECRET not in whole
    assert "Jane Smith" not in whole
    return {row["headline"] for row in table(desk.world, "entries.csv")} - {""}


def test_only_what_was_cleared_and_may_be_quoted_is_in_a_release(desk: Desk) -> None:
    others = [desk.world.join() for _ in range(7)]
    for leader in others:
        assert leader.keeps(answers=DECISION | {"headline": SECRET}).status_code == 201
    entry = desk.writes(JANE)
    answers: list[dict[str, Any]] = [{"quotable": "no"}, {"quotable": "paraphrase_only"}, {"keep_out": False}]
    quoted = [desk.writes(f"plan {number}", **more) for number, more in enumerate(answers)]
    assert released(desk) == set()
    for one in (entry, *quoted):
        desk.decided(desk.text(one))
    assert released(desk) == {"Met [PERSON-1] of [ORGANISATION-1]; call [PHONE-1]", "plan 2"}
    desk.decided(desk.text(quoted[1]), paraphrase="they made a plan")
    # Only the confidence changes: the release looks through the edit itself, and the review is carried over.
    kept = desk.leo.keeps(entry, DECISION | {"headline": JANE, "confidence": 10}, base_version=1)
    assert kept.status_code == 200
    assert released(desk) == {
        "Met [PERSON-1] of [ORGANISATION-1]; call [PHONE-1]",
        "plan 2",
        "they made a plan",
    }
    assert desk.leo.keeps(entry, DECISION | {"headline": SECRET}, base_version=2).status_code == 200
    assert released(desk) == {"plan 2", "they made a plan"}
