"""Workbooks as schemathesis posts them: sound ones, broken ones, and bytes that are none."""

import schemathesis
from hypothesis import strategies as st

from api.instruments.xlsform.routes import XLSX
from tests.instruments.xlsform.books import asks

_SOUND = asks(["select_one moods", "mood", "How are you?"])


def give() -> None:
    """Tell schemathesis what the body of an upload can be; it knows no workbooks."""
    broken = st.integers(0, len(_SOUND) - 1).map(lambda at: _SOUND[:at] + b"?" + _SOUND[at + 1 :])
    schemathesis.openapi.media_type(XLSX, st.one_of(st.just(_SOUND), broken, st.binary(max_size=200)))
