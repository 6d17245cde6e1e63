"""What no cell may hold is found wherever it stands, however many others begin as it does."""

from hypothesis import given
from hypothesis import strategies as st

from api.releases.verification.scanner import Scanner

FORBIDDEN = ["a forbidden string"]
ALIKE = st.text("ab-", max_size=14).map(lambda end: f"1{end}")


@given(st.sets(ALIKE, max_size=12), st.text("ab-1", max_size=40))
def test_every_forbidden_string_is_found_and_nothing_else(forbidden: set[str], text: str) -> None:
    cell = f"x{text}"
    wanted = FORBIDDEN if any(one in cell for one in forbidden) else []
    assert Scanner(forbidden).problems(cell) == wanted


def test_one_that_begins_inside_a_false_start_is_found() -> None:
    scan = Scanner(["abababab-x"])
    assert scan.problems("abababababab-x") == FORBIDDEN
    assert scan.problems("abababababab-y") == []
