"""Writes the options of a question as a list of the sheet choices."""

from collections.abc import Iterator

from api.instruments.xlsform import languages
from schemas.questions.options import ChoiceBase, Option

Written = dict[str, str | int]
OFFERED = "offered_for"


def listed(name: str, question: ChoiceBase) -> Iterator[Written]:
    """Walk a list's rows; an option that is offered for several answers has a row for each."""
    for option in question.options:
        row: Written = {"list_name": name, "name": option.value}
        row |= {f"label::{languages.name(language)}": text for language, text in option.label.items()}
        row |= {flag: "yes" for flag in ("removed", "exclusive") if getattr(option, flag)}
        ancestors = (question.hierarchy or {}).get(option.value, [])
        row |= {f"hierarchy_{level}": ancestor for level, ancestor in enumerate(ancestors, 1)}
        for answer in _answers(option):
            yield {**row, OFFERED: answer} if answer else row


def _answers(option: Option) -> list[str]:
    return [str(value) for value in option.relevant.term.values] if option.relevant else [""]


def filtered(question: ChoiceBase) -> Written:
    """Return the columns of a question's row that say which of its choices are offered."""
    row: Written = {}
    if question.hierarchy is not None:
        row["hierarchy_levels"] = len(next(iter(question.hierarchy.values())))
    terms = ["removed != 'yes'"] if any(option.removed for option in question.options) else []
    conditional = [option.relevant for option in question.options if option.relevant is not None]
    if conditional:
        asked = f"${{{conditional[0].term.question}}} = {OFFERED}"
        always = any(option.relevant is None and not option.removed for option in question.options)
        terms.append(f"({OFFERED} = '' or {asked})" if always else asked)
    if terms:
        row["choice_filter"] = " and ".join(terms)
    return row
