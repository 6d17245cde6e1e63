"""Makes a question of a row: what every type has, and then what its own type has."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

from api.instruments.xlsform import others, piping
from api.instruments.xlsform.cells import Cell
from api.instruments.xlsform.choices import Lists
from api.instruments.xlsform.conditions import Condition, condition
from api.instruments.xlsform.defaults import default
from api.instruments.xlsform.drafts import Draft
from api.instruments.xlsform.findings import Findings
from api.instruments.xlsform.grammar import parse
from api.instruments.xlsform.kinds import target
from api.instruments.xlsform.scope import Scope
from api.instruments.xlsform.tree import Unsaid
from api.instruments.xlsform.words import flag
from schemas.base import Labels
from schemas.questions import Disclosure

Made = dict[str, JsonValue]
CLASSES = "Write open, generalise, text, restricted or never."
UNCLASSED = f"No disclosure class: what is answered here never leaves. {CLASSES}"
_CLASSES = {one.value for one in Disclosure}


@dataclass(frozen=True)
class Maker:
    """What is known of the whole workbook while one question is made."""

    lists: Lists
    scope: Scope
    asked: set[str]
    """Every question's key, for names in texts."""
    default_language: str
    is_inside: bool
    """Whether the questions stand in a repeat, where `required` belongs to the question itself."""
    keeps_required: bool
    findings: Findings


Own = Callable[[Draft, Maker], Made]


def made(draft: Draft, maker: Maker, own: Own) -> list[tuple[Draft, Made]]:
    """Return a row's question, and the one that asks what "other" is if the row says or_other."""
    row, findings = draft.row, maker.findings
    found: Made = {"type": draft.type, "key": draft.key, "label": {**_label(draft, maker)}}
    hint = _piped(row.labels("hint"), "hint", draft, maker)
    if hint:
        found["hint"] = {**hint}
    disclosure = _disclosure(draft, maker)
    if disclosure:
        found["disclosure"] = disclosure
    if theme := row.word("theme"):
        found["theme"] = theme
    required = flag(row, "required", findings)
    if required and draft.type == "note":
        findings.refuse(row.place("required"), "required", "A note is only read: it cannot be required.")
    elif required and (maker.is_inside or maker.keeps_required):
        found["required"] = True
    relevant = _relevant(draft.conditions, maker)
    if relevant:
        found["relevant"] = relevant
    try:
        found |= own(draft, maker)
        if cell := row.cell("default"):
            found["default"] = default(cell, draft.type)
    except Unsaid as reason:
        findings.refuse(row.place("default"), "default", str(reason))
    return [(draft, found), *others.companion(draft, found, maker.default_language, findings)]


def _label(draft: Draft, maker: Maker) -> Labels:
    label = draft.row.labels("label")
    if not label:
        reason = "This has no label. Write what people read."
        maker.findings.refuse(draft.row.place("label"), "no_label", reason)
    return _piped(label, "label", draft, maker)


def _piped(labels: Labels, column: str, draft: Draft, maker: Maker) -> Labels:
    found = {}
    for language, text in labels.items():
        try:
            found[language] = piping.read(text, maker.asked)
        except Unsaid as reason:
            maker.findings.refuse(draft.row.place(f"{column}::{language}"), "reference", str(reason))
    if labels and not labels.get(maker.default_language, "").strip():
        place = draft.row.place(f"{column}::{maker.default_language}")
        maker.findings.refuse(place, "no_label", "This is not written in the workbook's default language.")
    return found


def _disclosure(draft: Draft, maker: Maker) -> str | None:
    word = draft.row.word("disclosure").lower()
    if word and word not in _CLASSES:
        maker.findings.refuse(draft.row.place("disclosure"), "disclosure", CLASSES)
    elif not word and draft.type != "note":
        maker.findings.warn(draft.row.place("disclosure"), "unclassed", UNCLASSED)
    return word or None


def _relevant(cells: list[Cell], maker: Maker) -> Condition | None:
    terms = []
    for cell in cells:
        try:
            terms.append(condition(parse(cell.text), maker.scope))
        except Unsaid as reason:
            maker.findings.refuse(cell.place, "condition", str(reason))
    return {"all": [*terms]} if len(terms) > 1 else (terms[0] if terms else None)


def scope(drafts: list[Draft], lists: Lists, elsewhere: set[str], refused: set[str]) -> Scope:
    """Return the questions that conditions at one level may name."""
    here = {draft.key: target(draft, lists) for draft in drafts if draft.key}
    return Scope(here, frozenset(elsewhere), frozenset(refused))
