"""What the sheets settings and languages say of the instrument as a whole."""

import re
from dataclasses import dataclass

from api.instruments.xlsform import languages, tables
from api.instruments.xlsform.cells import Row
from api.instruments.xlsform.columns import CHOICES, LANGUAGES, SETTINGS, SURVEY
from api.instruments.xlsform.findings import Findings, Place
from api.instruments.xlsform.words import NAME_RULE, is_key
from api.instruments.xlsform.workbook import Sheet
from schemas.base import Labels

_ONE_APP = {"style", "instance_name", "clean_text_values", "omit_instanceid", "add_none_option"}
_CONTINGENCIES = {"event", "signal", "interval", "once"}


@dataclass(frozen=True)
class Settings:
    """The instrument as a whole."""

    key: str
    version: int
    title: Labels
    default_language: str
    languages: list[str]
    kind: str
    contingency: str


def read(sheets: dict[str, Sheet], name: str | None, findings: Findings) -> Settings:
    """Read the settings; `name` is the key of a workbook that has no form_id."""
    rows = tables.rows(sheets["settings"], SETTINGS, "en", findings) if "settings" in sheets else []
    row = rows[0] if rows else Row("settings", 2, {}, {})
    for other in rows[1:]:
        findings.refuse(other.place(), "second_row", "The sheet settings has one row of values.")
    for column in sorted(_ONE_APP & row.cells.keys()):
        findings.warn(row.place(column), "not_kept", "Daybook does not keep this setting.")
    spoken = _spoken(sheets)
    default = _default(row, spoken, findings)
    listed = _listed(sheets, findings)
    key = _key(row, name, findings)
    title = row.cells["form_title"].text if row.cell("form_title") else key
    contingency = row.word("contingency").lower() or "event"
    if contingency not in _CONTINGENCIES:
        findings.refuse(row.place("contingency"), "contingency", "Write event, signal, interval or once.")
    kind = row.word("kind") or key
    if not is_key(kind):
        findings.refuse(row.place("kind"), "bad_name", NAME_RULE)
    return Settings(
        key=key,
        version=_version(row, findings),
        title=(listed and {code: title for code, title in listed.items() if title}) or {default: title},
        default_language=default,
        languages=[*listed] or list(dict.fromkeys([one or default for one in spoken] or [default])),
        kind=kind,
        contingency=contingency,
    )


def _spoken(sheets: dict[str, Sheet]) -> list[str]:
    """Return the languages of the workbook's columns in order; "" stands for a column that names none."""
    found = []
    for name, columns in (("survey", SURVEY), ("choices", CHOICES)):
        for written in tables.spoken(sheets[name], columns) if name in sheets else []:
            code = languages.code(written) if written else ""
            if code is not None:  # one that is not clear is refused where the column is read
                found.append(code)
    return list(dict.fromkeys(found))


def _default(row: Row, spoken: list[str], findings: Findings) -> str:
    written = row.word("default_language")
    if written and written.lower() != "default":
        code = languages.code(written)
        if code is None:
            findings.refuse(row.place("default_language"), "unclear_language", languages.UNCLEAR)
        return code or "en"
    if spoken and spoken[0] and "" not in spoken:
        return spoken[0]
    reason = "The workbook does not say its language: English is assumed. Write it, such as Welsh (cy)."
    findings.warn(row.place("default_language"), "language_assumed", reason)
    return "en"


def _listed(sheets: dict[str, Sheet], findings: Findings) -> dict[str, str]:
    """Return the title in each language, in the order of the sheet languages."""
    found = {}
    for row in tables.rows(sheets["languages"], LANGUAGES, "en", findings) if "languages" in sheets else []:
        code = languages.code(row.word("language"))
        if code is None:
            findings.refuse(row.place("language"), "unclear_language", languages.UNCLEAR)
        else:
            cell = row.cell("title")
            found[code] = cell.text if cell else ""
    return found


def _key(row: Row, name: str | None, findings: Findings) -> str:
    written = row.word("form_id")
    if not written and name is not None:
        return name
    if not written:
        reason = "The workbook has no form_id: write the instrument's key into the sheet settings."
        findings.refuse(Place("settings", 2, "form_id"), "missing", reason)
    elif not is_key(written):
        findings.refuse(row.place("form_id"), "bad_name", NAME_RULE)
    return written if is_key(written) else "unnamed"


def _version(row: Row, findings: Findings) -> int:
    written = row.word("version")
    if re.fullmatch(r"[1-9][0-9]{0,4}", written):
        return int(written)
    if written:
        reason = "Daybook counts versions 1, 2, 3: this one is not kept."
        findings.warn(row.place("version"), "version", reason)
    return 1
