"""Replaces what could name somebody in what staff are shown of a delivery: pure, by the names and forms of values."""

import re

from pydantic import JsonValue

LEFT_OUT = "[left out]"
_TELLING = re.compile(
    r"(?i)(?:^|[^a-z])(?:e-?mail|first_?name|last_?name|full_?name|name|surname|phone|telephone|mobile|ip|ip_?address"
    r"|location|geo\w*|latitude|longitude|address|postcode|user_?agent|browser|device\w*|ur[il]|link|href|signature)"
    r"(?![a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FORMS = (
    ("[link]", re.compile(r"(?i)\b(?:https?|ftp)://\S*[\w/]|\bwww\.\S*[\w/]")),
    ("[e-mail]", re.compile(r"[^\s@<>\"']+@[\w.-]+\.\w+")),
    ("[address]", re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b")),
    ("[number]", re.compile(r"(?<![\w.-])\+?\d[\d ()/-]{7,}\d(?![\w-])")),
)


def plain(text: str) -> str:
    """Return a text without links, addresses and telephone numbers."""
    for word, form in _FORMS:
        text = form.sub(word, text)
    return text


def is_telling(name: str | None) -> bool:
    """Say whether a field's name says that its value names somebody."""
    return bool(name and _TELLING.search(_CAMEL.sub("_", name)))


def shown(value: JsonValue, name: str | None = None) -> JsonValue:
    """Return a value without what could name somebody."""
    if value in (None, "", [], {}):
        return value
    if is_telling(name):
        return LEFT_OUT
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [shown(one) for one in value]
    if isinstance(value, dict):
        return {key: shown(one, key) for key, one in value.items()}
    return value
