"""What the column `type` says: one of our types, a list of choices, the edge of a group, or something refused."""

import re
from dataclasses import dataclass

_SELECT = re.compile(
    r"(?:add )?(?P<how>select[_ ]one|select1|select[_ ]multiple|select all that apply)"
    r"(?: prompt)?(?: from| using)? (?P<list>\S+)(?P<other> or[_ ](?:specify[_ ])?other)?",
    re.IGNORECASE,
)
_SIMPLE = {
    **dict.fromkeys(("text", "string"), "text"),
    **dict.fromkeys(("integer", "int"), "integer"),
    **dict.fromkeys(("datetime", "date time", "date_time"), "date_time"),
    **{name: name for name in ("decimal", "range", "percentage", "date", "time", "note")},
}
_EDGE = re.compile(r"(begin|end)[ _](group|repeat)")
_RECORDED = "Daybook records by itself when an entry was made, and nothing of the device. Remove this row."
_FILES = "Entries hold words, numbers and choices, no files, pictures or sound."
_PLACES = "Daybook asks for no positions: a place would tell who a person is."
_CONTACT = "Entries hold no contact data. If any text will do, make it a text."
_REASONS = {
    **dict.fromkeys(("start", "end", "today", "deviceid", "username", "audit", "imei"), _RECORDED),
    **dict.fromkeys(("uri:deviceid", "subscriberid", "simserial", "uri:username"), _RECORDED),
    **dict.fromkeys(("phonenumber", "phone number", "email", "uri:phonenumber", "uri:email"), _CONTACT),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "location", "gps", "start-geopoint"), _PLACES),
    **dict.fromkeys(("image", "photo", "audio", "video", "file", "background-audio", "barcode"), _FILES),
    **dict.fromkeys(("calculate", "hidden"), "Daybook works nothing out while a person answers."),
    **dict.fromkeys(
        ("acknowledge", "trigger"), "There is no box to tick. Use a note, or select_one with yes and no."
    ),
    **dict.fromkeys(("xml-external", "csv-external", "osm"), "A workbook must hold everything it needs."),
}
_PARTS = {
    "rank": "Daybook has no ranking. Ask for the first choice with select_one.",
    "select_one_from_file": "A workbook must hold everything it needs: write the choices into the sheet choices.",
    "select_one_external": "Write the choices into the sheet choices.",
}
_UNKNOWN = "This type is unknown. docs/xlsform.md lists the types that Daybook takes."


@dataclass(frozen=True)
class Kind:
    """What a row is: `name` is a simple type, select_one, select_multiple, or begin_group and the like."""

    name: str
    list_name: str = ""
    or_other: bool = False


def kind(text: str) -> Kind | str:
    """Return what a row is, or the reason why it is refused."""
    words = " ".join(text.split())
    small = words.lower()
    edge = _EDGE.fullmatch(small)
    if edge is not None:
        return Kind(f"{edge[1]}_{edge[2]}")
    if small in _SIMPLE:
        return Kind(_SIMPLE[small])
    select = _SELECT.fullmatch(words)
    if select is not None:
        one = select["how"].lower() in {"select_one", "select one", "select1"}
        return Kind("select_one" if one else "select_multiple", select["list"], bool(select["other"]))
    first = small.replace("multiple", "one").replace("select one", "select_one").replace(" ", "_")
    parts = [reason for name, reason in _PARTS.items() if first.startswith(name)]
    return _REASONS.get(small) or (parts[0] if parts else _UNKNOWN)
