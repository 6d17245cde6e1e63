"""Says why the gate refuses a release and what would make it possible: how many people, never who."""

from collections import defaultdict
from collections.abc import Sequence

from api.releases.sdc.differences import Finding, Kind

MOST = 4
_SAID: dict[Kind, str] = {
    "before": "{releases} single out {people} already.",
    "removed": "{people} of {releases} {are} not in this one.",
    "added": "{people} {are} in this one and not in {releases}.",
    "shared": "{people} {are} described in {releases} and in this one so that both together single them out.",
    "joint": "{people} would stand out where {releases} and this one are held together.",
    "finer": "{people} would be described more finely than in {releases}.",
}
_APART = "Fewer than k people of one description: whoever holds the releases could tell them apart."


def refusal(found: Sequence[Finding], dates: Sequence[int], k: int, offers: Sequence[str] | None) -> str:
    """Return the sentences of a refusal; `offers` would pass, None: nothing was tried."""
    said = [_finding(kind, earlier, who) for (kind, earlier), who in _grouped(found).items()]
    if dates:
        said.append(f"Dates would be told more finely than in {_releases(dates)}, or cut another way.")
    if len(said) > MOST:
        said = [*said[:MOST], "And there is more of this kind."]
    if any(one.kind != "finer" for one in found):
        said.append(_APART.replace("k people", f"{k} people"))
    return " ".join(said if offers is None else [*said, _what_to_do(found, k, offers)])


def not_compared(numbers: Sequence[int]) -> str:
    """Return why a release is refused of whose predecessors nothing is known, and what to do."""
    return (
        f"Of {_releases(numbers)} nothing is known any more: whoever holds it could tell people apart with this one. "
        "Ask its recipients to destroy it, or find out that the same people share as did then. Then ask again and "
        "say so in `not_compared_reason`; the release prints it."
    )


def _what_to_do(found: Sequence[Finding], k: int, offers: Sequence[str]) -> str:
    wait = f"wait until at least {k} people of one description have joined or left together"
    if offers:
        return f"It could be made {', or '.join(offers)}. Or {wait}."
    if all(one.kind == "finer" for one in found):
        return "Ask for a coarser release."
    return f"Neither a coarser release nor one without some people would pass: {wait}."


def _grouped(found: Sequence[Finding]) -> dict[tuple[Kind, tuple[int, ...]], set[str]]:
    grouped: defaultdict[tuple[Kind, tuple[int, ...]], set[str]] = defaultdict(set)
    for one in found:
        grouped[one.kind, one.earlier] |= one.participants
    return grouped


def _finding(kind: Kind, earlier: Sequence[int], who: set[str]) -> str:
    people, are = ("One person", "is") if len(who) == 1 else (f"{len(who)} people", "are")
    said = _SAID[kind].format(people=people, are=are, releases=_releases(earlier))
    return said[0].upper() + said[1:]


def _releases(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"release {numbers[0]}"
    return f"releases {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
