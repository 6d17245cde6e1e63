"""Each finder knows what is valid and what only looks so: published examples, both ways."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.review import patterns
from api.releases.review.patterns import FINDERS, Finder
from api.releases.review.patterns.capitals import Capitals
from api.releases.review.patterns.email import Emails
from api.releases.review.patterns.handle import Handles
from api.releases.review.patterns.nhs_number import NhsNumbers
from api.releases.review.patterns.ni_number import NiNumbers
from api.releases.review.patterns.organisations import Organisations
from api.releases.review.patterns.phone import Phones
from api.releases.review.patterns.postcode import AREAS, Postcodes
from api.releases.review.patterns.titles import Titles
from api.releases.review.patterns.url import Urls
from api.releases.review.patterns.vehicle import Vehicles
from schemas.review import Kind, Layer

FOUND: dict[Finder, list[str]] = {
    Emails(): ["jane.smith@bradford.gov.uk", "o'neill+x@a-b.example.org", "zoë@exämple.org"],
    Urls(): ["https://www.leeds.gov.uk/a?b=1", "bradford.gov.uk", "www.example.co.uk/x", "FTP://host/x"],
    # NHS Data Model and Dictionary's own example; the others by its rule, one with the check digit 0.
    NhsNumbers(): [
        "943 476 5919",
        "9434765919",
        "943-476-5919",
        "401 023 2137",
        "401 023 0010",
        "450 557 7104",
    ],
    # HMRC's AB 12 34 56 C, however it is spaced.
    NiNumbers(): ["AB 12 34 56 C", "ab123456c", "JM-12-34-56-A", "NL 123456 D"],
    # One of each shape (Royal Mail's PAF guide), the giro, and an inward code of 0.
    Postcodes(): ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "gir 0aa", "LS14AP"],
    Vehicles(): ["AB51 ABC", "bd71 smr", "A123 BCD", "Y1 ABC", "Q123 ABC", "ABC 123D", "ABC1Y"],
    # Ofcom's numbers for use in TV and radio drama, and short ones that exist.
    Phones(): [
        "0113 496 0123",
        "020 7946 0958",
        "(0121) 496 0000",
        "+44 (0)20 7946 0958",
        "0044 1632 960001",
        "07700 900123",
        "0800 1111",
        "0808 157 0000",
        "03069 990123",
        "016977 3555",
        "+1 202 555 0143",
        "028 9649 6000",
    ],
    Titles(): ["Cllr Jane Smith", "Prof. Sir John", "Lord Kerslake", "Bishop of Durham", "Dr J. Smith"],
    Organisations(): [
        "Bradford City Council",
        "University of Leeds",
        "Smith & Sons Ltd",
        "Mid Yorks NHS Trust",
    ],
    Handles(): ["@janesmith", "@leeds_council"],
    Capitals(): ["Jane Smith", "Leeds", "WYCA", "Stoke on Trent", "Łukasz Żak", "Jean-Luc O’Neill"],
}
NOTHING: dict[Finder, list[str]] = {
    Emails(): ["jane@", "@example.org", "jane@example", "a @ b.org", "jane@example.1"],
    Urls(): ["and.so on", "e.g. this", "file.txt", "a.uk.b", "://x"],
    NhsNumbers(): ["943 476 5918", "943 476 5910", "000 000 0000", "x9434765919"],
    NiNumbers(): [
        *(f"{prefix} 12 34 56 C" for prefix in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")),
        *(f"{letter}A 12 34 56 C" for letter in "DFIQUV"),
        *(f"A{letter} 12 34 56 C" for letter in "DFIOQUV"),
        "AB 12 34 56 E",
        "AB 12 34 5 C",
        "XAB123456C",
    ],
    Postcodes(): ["ZZ1 1AA", "M1 1CE", "QA1 1AA", "M111 1AE", "W1A 0AXE", "EC1I 1BB", "SW1", "AJ1 1AA"],
    Vehicles(): [
        "AB00 ABC",
        "AB01 ABC",
        "IB51 ABC",
        "AB51 AIC",
        "A0 BCD",
        "I123 ABC",
        "ABC 1234D",
        "ABC 12I",
        "a 1 abc",
    ],
    Phones(): [
        "0123",
        "01.02.2026",
        "2026-11-22 10:30",
        "1234567890",
        "0101 234 5678",
        "0600 123 4567",
        "12 345 678 901",
        "020 7946 09581",
    ],
    Titles(): ["a doctor", "sir, yes", "Dr", "the mayor said"],
    Organisations(): ["a council", "Council", "the city council"],
    Handles(): ["a@b", "@ home", "@1", "@"],
    Capitals(): ["we met", "I", "Monday", "The", "In January I", "…"],
}


def classes() -> Iterator[type[Finder]]:
    """Walk every finder that stands in a file of the folder."""
    for module in pkgutil.iter_modules(patterns.__path__):
        for _, one in inspect.getmembers(importlib.import_module(f"{patterns.__name__}.{module.name}")):
            if inspect.isclass(one) and issubclass(one, Finder) and not inspect.isabstract(one):
                yield one


def test_every_finder_is_registered_once_and_has_examples_both_ways() -> None:
    found = {*classes()}
    assert len(found) > 10
    assert found == {type(one) for one in FINDERS} == {type(one) for one in FOUND}
    assert len(FINDERS) == len(found)
    assert {type(one) for one in NOTHING} == found


def cases(table: dict[Finder, list[str]]) -> list[pytest.param]:  # type: ignore[valid-type] # a function to pytest
    """Return each example with its finder, named so that the same id means the same example."""
    return [
        pytest.param(finder, example, id=f"{type(finder).__name__}-{number}")
        for finder, examples in table.items()
        for number, example in enumerate(examples)
    ]


@pytest.mark.parametrize(("finder", "example"), cases(FOUND))
def test_what_is_valid_is_found_whole_wherever_it_stands(finder: Finder, example: str) -> None:
    for before, after in (("", ""), ("we saw ", " today"), ("“", "”."), ("so: ", ", and"), ("𝒳 é\n", "\n")):
        text = before + example + after
        (only,) = finder.find(text)
        assert text[only.start : only.end] == example
        assert only.layer is finder.layer
        assert only.why


@pytest.mark.parametrize(("finder", "example"), cases(NOTHING))
def test_what_only_looks_so_is_not_found(finder: Finder, example: str) -> None:
    assert [example[one.start : one.end] for one in finder.find(f"{example}")] == []


def test_several_in_one_text_are_found_one_by_one() -> None:
    text = "Ring 0113 496 0123 or 07700 900123, not 0113 4960 0000 0000."
    assert [text[one.start : one.end] for one in Phones().find(text)] == ["0113 496 0123", "07700 900123"]
    text = "Leeds City Council and Durham University met Lord Kerslake and Dame Ann Other of Selby."
    assert [text[one.start : one.end] for one in Organisations().find(text)] == [
        "Leeds City Council",
        "Durham University",
    ]
    assert [text[one.start : one.end] for one in Titles().find(text)] == ["Lord Kerslake", "Dame Ann Other"]


def test_the_areas_are_all_that_there_are() -> None:
    assert len(AREAS) == 124 + 2  # and BFPO's, and that of large users
    assert {"ZE", "BT", "GY", "WC", "BF", "BX"} <= AREAS


def test_every_kind_has_a_layer_that_proves_it_or_suggests_it() -> None:
    proven = {
        one.kind
        for finder, examples in FOUND.items()
        if finder.layer is Layer.PATTERN
        for one in finder.find(examples[0])
    }
    assert proven == {*Kind} - {Kind.PERSON, Kind.ORGANISATION, Kind.PLACE, Kind.OTHER}


@pytest.mark.parametrize("finder", [pytest.param(one, id=type(one).__name__) for one in FINDERS])
@given(text=st.text(alphabet=st.sampled_from(" .,-@+()/:'’&0123456789ABCJMSabcof\n\u0301é"), max_size=200))
def test_pieces_lie_inside_the_text_in_order_and_apart(finder: Finder, text: str) -> None:
    at = 0
    for one in finder.find(text):
        assert at <= one.start < one.end <= len(text)
        at = one.end
