"""The register of finders: one is a file here and a line below.

Where two find the same piece, the earlier line wins.
"""

from api.releases.review.patterns.base import Candidate, Finder
from api.releases.review.patterns.capitals import Capitals
from api.releases.review.patterns.email import Emails
from api.releases.review.patterns.handle import Handles
from api.releases.review.patterns.nhs_number import NhsNumbers
from api.releases.review.patterns.ni_number import NiNumbers
from api.releases.review.patterns.organisations import Organisations
from api.releases.review.patterns.phone import Phones
from api.releases.review.patterns.postcode import Postcodes
from api.releases.review.patterns.titles import Titles
from api.releases.review.patterns.url import Urls
from api.releases.review.patterns.vehicle import Vehicles

FINDERS: tuple[Finder, ...] = (
    Emails(),
    Urls(),
    NhsNumbers(),
    NiNumbers(),
    Postcodes(),
    Vehicles(),
    Phones(),
    Titles(),
    Organisations(),
    Handles(),
    Capitals(),
)

__all__ = ["FINDERS", "Candidate", "Finder"]
