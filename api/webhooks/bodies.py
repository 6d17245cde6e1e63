"""Reads bodies that anybody may have written: strict JSON and strict forms; refuses only with Unreadable."""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from email.parser import HeaderParser
from urllib.parse import parse_qsl, quote

from pydantic import JsonValue

from api.webhooks.normalised import Unreadable

_DEEPEST, _LONGEST_NUMBER, _MOST_FIELDS, _LONGEST_ID = 60, 40, 1_000, 200
_LONGEST_HEAD = 2_000
_BOUNDARY = re.compile(rb"--[0-9A-Za-z'()+_,./:=? -]{1,70}")
NOT_JSON = (
    "This is not JSON as it should be. A quotation mark or a line break in an answer does this"
    " where a tool fills answers into a template."
)

NOT_MULTIPART = "This is not a multipart form as it should be."


def read_json(raw: bytes) -> JsonValue:
    """Read JSON as its standard has it; refuses NaN, endless numbers and depth, and contradicting fields."""
    try:
        value: JsonValue = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        raise Unreadable("This is not written in UTF-8.") from None
    except ValueError:
        raise Unreadable(NOT_JSON) from None
    except RecursionError:
        raise Unreadable("This is nested too deeply.") from None
    if sum(1 for _ in _levels(value)) > _DEEPEST:
        raise Unreadable("This is nested too deeply.")
    return value


def read_form(raw: bytes) -> dict[str, str]:
    """Read an urlencoded form; refuses a field that is there twice, since only one of them may be signed."""
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:  # of decoding, too
        raise Unreadable("This is not a form as it should be.") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Unreadable("The same field is there twice.")
    return fields


def read_multipart(raw: bytes) -> dict[str, str]:
    """Read a flat multipart form by the boundary that it begins with; files and repeated fields are refused."""
    boundary, _, _ = raw.partition(b"\r\n")
    if not _BOUNDARY.fullmatch(boundary) or raw.count(boundary) > _MOST_FIELDS:
        raise Unreadable(NOT_MULTIPART)
    *parts, end = (b"\r\n" + raw).split(b"\r\n" + boundary)
    if parts[:1] != [b""] or end.rstrip() != b"--":
        raise Unreadable(NOT_MULTIPART)
    fields: dict[str, str] = {}
    for part in parts[1:]:
        name, value = _part(part)
        if name in fields:
            raise Unreadable("The same field is there twice.")
        fields[name] = value
    return fields


def write_multipart(fields: Mapping[str, str]) -> bytes:
    """Write a flat multipart form of ASCII, the same for the same fields."""
    boundary = f"--{hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()}"
    parts = [
        f'{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return f"{''.join(parts)}{boundary}--\r\n".encode("ascii")


def _part(part: bytes) -> tuple[str, str]:
    head, gap, value = part.partition(b"\r\n\r\n")
    if not gap or len(head) > _LONGEST_HEAD:
        raise Unreadable(NOT_MULTIPART)
    try:
        headers, words = HeaderParser().parsestr(head.lstrip().decode("ascii")), value.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("This is not written in UTF-8.") from None
    name = headers.get_param("name", header="content-disposition")
    if not isinstance(name, str) or headers.get_filename() is not None:
        raise Unreadable(NOT_MULTIPART)
    return name, words


def an_object(value: JsonValue, name: str) -> dict[str, JsonValue]:
    """Return a JSON object; `name` is ours, for the sentence."""
    if not isinstance(value, dict):
        raise Unreadable(f"The part '{name}' is missing or is no object.")
    return value


def objects(value: JsonValue, name: str) -> list[dict[str, JsonValue]]:
    """Return a list of JSON objects; absent is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f"The part '{name}' is no list.")
    return [an_object(one, name) for one in value]


def rows_of(body: dict[str, JsonValue], name: str) -> list[dict[str, JsonValue]]:
    """Return a page's rows, which must be there: another document is not to be taken for an empty page."""
    if not isinstance(body.get(name), list):
        raise Unreadable(f"The part '{name}' is missing.")
    return objects(body[name], name)


def text(value: JsonValue) -> str | None:
    """Return a text or a whole number as text, or None for anything else and for nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def identifier(value: JsonValue, name: str) -> str:
    """Return what a tool calls something by, which must be there and fit into a column."""
    found = text(value)
    if found is None:
        raise Unreadable(f"The part '{name}' is missing.")
    if len(found) > _LONGEST_ID or not storable(found):
        raise Unreadable(f"The part '{name}' is longer than any identifier, or holds characters of none.")
    return found


def joined(*parts: str) -> str:
    """Return one identifier of several, such that no two lists of parts have the same."""
    return identifier("/".join(quote(part, safe="") for part in parts), "identifier")


def storable(words: str) -> bool:
    """Return whether both databases can store a text."""
    return "\x00" not in words and not any("\ud800" <= sign <= "\udfff" for sign in words)


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonValue:
    found: dict[str, JsonValue] = {}
    for key, value in pairs:
        if key in found and not _same(found[key], value):
            raise Unreadable("The same field is there twice, with two values.")
        found[key] = value
    return found


def _same(one: JsonValue, other: JsonValue) -> bool:
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, dict | list) or json.dumps(one) == json.dumps(other)  # 1 equals true within


def _no_constant(_: str) -> float:
    raise Unreadable("A number is written that JSON does not know, such as NaN.")


def _float(digits: str) -> float:
    number = float(digits) if len(digits) <= _LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise Unreadable("A number is too long.")
    return number


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise Unreadable("A number is too long.")
    return int(digits)


def _levels(value: JsonValue) -> Iterator[None]:
    level: list[JsonValue] = [value]
    while level:
        yield
        level = [part for one in level for part in _parts(one)]


def _parts(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
