"""A repeat: the questions inside it, and how many items it may have."""

from api.instruments.xlsform.drafts import Draft
from api.instruments.xlsform.findings import Findings
from api.instruments.xlsform.making import Made
from api.instruments.xlsform.words import whole

MOST_ITEMS = 100


def items(draft: Draft, children: list[Made], findings: Findings) -> Made:
    """Return what a repeat has of its own."""
    row = draft.row
    made: Made = {"children": [*children]}
    fewest, most = whole(row, "min_items", findings), whole(row, "max_items", findings)
    count = row.cell("repeat_count")
    if count is not None and not count.word.isdecimal():
        reason = "A repeat has a fixed count here: Daybook works nothing out. Or use min_items and max_items."
        findings.refuse(count.place, "repeat_count", reason)
    elif count is not None:
        fewest = most = int(count.word[:9])
    if most is None:
        reason = f"A repeat has at most {MOST_ITEMS} items, as no limit is set in max_items."
        findings.warn(row.place("max_items"), "limit_set", reason)
    return made | {
        "min_items": 1 if fewest is None else fewest,
        "max_items": MOST_ITEMS if most is None else most,
    }
