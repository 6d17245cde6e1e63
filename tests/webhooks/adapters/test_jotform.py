"""Jotform: a multipart form around JSON."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.bodies import read_multipart
from api.webhooks.normalised import Unreadable
from tests.webhooks.adapters.reading import by_key, envelope, read, values
from tests.webhooks.samples import needs_samples, sample

pytestmark = needs_samples
RECORDED = "jotform/submission.multipart"


def multipart(**fields: str) -> bytes:
    parts = [
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--B--\r\n"]).encode()


def posted(**answers: Any) -> bytes:
    return multipart(formID="1", submissionID="2", ip="103.151.209.147", rawRequest=json.dumps(answers))


def test_the_recorded_submission() -> None:
    found = read("jotform", sample(RECORDED))
    assert (found.form_id, found.submission_id) == ("243490908500051", "243490908500051/6197916587414311452")
    assert values(found) == {
        "q10_nameHehe": "Value1 with colon: and comma, end",
        "q23_multipleChoice": ["Option; 1", "Option2"],
    }
    assert by_key(found)["q23_multipleChoice"].alt_key == "multipleChoice"
    assert found.revision_time == datetime(2025, 4, 6, 23, 34, 5, 903_000, UTC)
    assert not any(word in repr(found) for word in ("103.151", "kolanuvarun", "uploads"))


def test_names_places_phones_and_files_are_left_out_and_dates_are_put_together() -> None:
    found = read(
        "jotform",
        posted(
            q1_who={"first": "Amira", "last": "Khan"},
            q2_call={"full": "(011) 555"},
            q3_live={"addr_line1": "1 High Street", "city": "Leeds"},
            q4_files=["https://www.jotform.com/uploads/a/b.png"],
            q5_day={"year": "2026", "month": "7", "day": "3"},
            q6_none={"year": "", "month": "", "day": ""},
            q7_pid="K7Q",
            q8_grid={"row": "column"},
        ),
    )
    assert values(found) == {"q5_day": "2026-07-03", "q8_grid": {"row": "column"}}
    assert found.claims == {"pid": "K7Q"}
    assert len(found.warnings) == 4
    assert "Amira" not in repr(found)


@pytest.mark.parametrize(
    "body",
    [
        multipart(formID="1", submissionID="2"),
        multipart(formID="1", rawRequest="{}"),
        multipart(formID="1", submissionID="2", rawRequest="[]"),
        multipart(formID="1", submissionID="2", rawRequest='{"a": 1, "a": 2}'),
        posted(q1_pid="A", q2_pid="B"),
    ],
    ids=["no answers", "no id", "no object", "contradicting", "two participants"],
)
def test_what_cannot_be_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read("jotform", body)


GOOD = multipart(a="1", b="x\r\ny")
PART = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'


def test_a_multipart_form() -> None:
    assert read_multipart(GOOD) == {"a": "1", "b": "x\r\ny"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"a=1",
        GOOD.replace(b"--B--", b""),
        GOOD.replace(b'name="a"', b'name="b"'),
        GOOD.replace(b"; name", b"; nome"),
        GOOD.replace(b'name="a"', b'name="a"; filename="x.exe"'),
        GOOD.replace(b"\r\n\r\n1", b"\r\n1"),
        GOOD.replace(b"x", b"\xff"),
        GOOD.replace(b'"a"', '"é"'.encode()),
        GOOD + b"more",
        b"--" + b"B" * 71 + b"\r\n",
        PART.replace(b"form-data", b"form-data; " + b"x" * 3_000) + b"--B--",
        b"".join(PART.replace(b'"a"', b'"a%d"' % number) for number in range(2_000)) + b"--B--",
    ],
    ids=[
        "empty", "a form", "no end", "repeated", "nameless", "a file", "no gap", "latin-1", "accent", "an appendix",
        "long boundary", "long head", "flood",
    ],
)  # fmt: skip
def test_what_is_no_multipart_form(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_multipart(body)


def test_another_form_is_another_submission() -> None:
    assert envelope("jotform", posted()).submission_id == "1/2"
