"""Runs of capitalised words: what names look like in English."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.releases.review.patterns.base import several

_WORD = re.compile(r"[^\W\d_][\w'’-]*+")
_BETWEEN = re.compile(r"(?P<stop>\.)?[ \u00a0]{0,2}| & ")
JOINING = several("of and for the upon on in de la le von van der den del di da al bin under with y")
_MOST = 8
TITLES = several(
    "cllr councillor sir dame dr prof professor lord lady baroness baron mr mrs ms miss mx rev revd reverend canon "
    "st bishop archbishop dean rabbi imam hon judge justice mayor minister secretary ambassador"
)
ORGANISATIONS = several(
    "council university college ltd limited plc llp cic trust nhs partnership authority association foundation "
    "charity hospital school academy board police institute institution ministry department agency service services "
    "federation union group company corporation consortium network society commission committee office parliament "
    "senedd assembly bank church cathedral centre forum alliance chamber housing homes lep icb"
)
# Capitalised at the start of a sentence, or always, and nobody's name.
_COMMON = several(
    "a about after again agreed all also although am an and another any are as ask asked at be because "
    "been before being both but by call called came can chair could day days decided decision did "
    "discussed do does during each early email emailed even every everyone few first for from further "
    "gave given got great had has have having he her here him his how however i i'd i'll i'm i've if in "
    "into is it it's its just last late later led left less let like lots made make many me meeting met "
    "might more morning most much must my need needed never new next no nobody none note not nothing now "
    "of off on once one only or other others our out over own perhaps phone quite rather really rang ring "
    "same saw second see several she should since so some somebody someone something soon spent spoke "
    "still such talked than that that's the their them then there these they they're this those though "
    "three through time to today together told tomorrow too took two under until up us very want wanted "
    "was we we'd we'll we're we've went were what when where whether which while who why will with "
    "without worked working would yes yesterday yet you your monday tuesday wednesday thursday friday "
    "saturday sunday january february march april may june july august september october november "
    "december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec christmas "
    "easter ok"
)


@dataclass(frozen=True)
class Word:
    """One word, where it stands and how it is written without capitals or a genitive."""

    start: int
    end: int
    plain: str
    shouted: bool


Run = list[Word]


def runs(text: str) -> Iterator[Run]:
    """Yield runs of capitalised words, with the small words between them; at most eight words each."""
    run: Run = []
    waiting: Run = []
    last_end = 0
    for found in _WORD.finditer(text):
        near = bool(run) and _is_near(text, last_end, found.start(), (run + waiting)[-1])
        last_end = found.end()
        word = _word(found)
        if not found[0][0].isupper():
            if near and word.plain in JOINING and len(waiting) < 2:
                waiting.append(word)
            else:
                yield from _named(run)
                run, waiting = [], []
            continue
        if not near or len(run) + len(waiting) >= _MOST:
            yield from _named(run)
            run, waiting = [], []
        run += [*waiting, word]
        waiting = []
    yield from _named(run)


def split(run: Run, together: Callable[[Run, str, Run], bool]) -> Iterator[Run]:
    """Yield a run in parts: cut at each small word unless what stands before and after it belongs together."""
    part: Run = []
    small: Run = []
    following: Run = []
    for word in [*run, None]:
        if word is not None and word.plain not in JOINING:
            following.append(word)
            continue
        if part and following and not together(part, small[-1].plain, following):
            yield part
            part, small = [], []
        part, following = [*part, *small, *following], []
        small = [word] if word else []
    if part:
        yield part


def _is_near(text: str, end: int, start: int, before: Word) -> bool:
    """Say whether a word goes on where another stopped; a full stop between them is a title's or an initial's."""
    between = _BETWEEN.fullmatch(text, end, start)
    if between is None or end == start:
        return False
    return not between["stop"] or before.plain in TITLES or len(before.plain) == 1


def _word(found: re.Match[str]) -> Word:
    written = found[0].rstrip("'’-")
    if written[-2:] in {"'s", "’s"}:
        written = written[:-2]
    end = found.start() + len(written)
    plain = written.lower().replace("’", "'")
    return Word(found.start(), end, plain, len(written) > 1 and written.isupper())


def _named(run: Run) -> Iterator[Run]:
    """Yield a run without the common words at its ends, if a name may be left."""
    first, last = 0, len(run)
    while first < last and run[first].plain in _COMMON:
        first += 1
    while last > first and run[last - 1].plain in _COMMON:
        last -= 1
    if last > first and any(len(word.plain) > 1 for word in run[first:last]):
        yield run[first:last]
