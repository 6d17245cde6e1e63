"""Postcodes of the United Kingdom."""

import re
from collections.abc import Iterator

from api.releases.review.patterns.base import Candidate, Finder, several
from schemas.review import Kind, Layer

AREAS = several(
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN "
    "EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE "
    "NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR "
    "TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
# The letter after the district is one of two lists, by the length of the area; the inward code has no CIKMOV.
_SHAPE = re.compile(
    r"(?<![\w])(?:(?P<area>[A-Z]{1,2})[0-9](?:[0-9]|(?<=[A-Z][0-9])[A-HJKPSTUW]|(?<=[A-Z]{2}[0-9])[ABEHMNPRVWXY])?"
    r"|(?P<giro>GIR))[ \u00a0]{0,2}[0-9][ABD-HJLNP-UW-Z]{2}(?!\w)",
    re.IGNORECASE | re.ASCII,
)


class Postcodes(Finder):
    """A shape that exists, in an area that exists."""

    layer = Layer.PATTERN

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield whole postcodes, with or without their space, in capitals or not."""
        for found in _SHAPE.finditer(text):
            if found["giro"] or found["area"].upper() in AREAS:
                yield Candidate(found.start(), found.end(), Kind.POSTCODE, self.layer, "postcode")
