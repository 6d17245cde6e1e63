"""The last judgement: the questions and forms as the schema has them, its complaints led back to their rows."""

import re

from pydantic import TypeAdapter, ValidationError

from api.instruments.xlsform.drafts import Draft
from api.instruments.xlsform.findings import Findings, Place
from api.instruments.xlsform.making import Made
from api.instruments.xlsform.settings import Settings
from api.instruments.xlsform.words import NAME_RULE
from schemas.base import field_errors
from schemas.form import Form
from schemas.instrument import InstrumentDefinition
from schemas.instrument_checks import definition_problems
from schemas.questions import Question

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
_NAMED = re.compile(r"'([a-z][a-z0-9_]*)'")
OUTSIDE = "This is outside what Daybook can hold here."
_REASONS = {
    "string_pattern_mismatch": NAME_RULE,
    "too_long": "An instrument has at most 500 questions, a form at most 200, a choice at most 300 options.",
    "string_too_long": "This text is too long.",
    "literal_error": "A kind of entry is occasioned by event, signal, interval or once.",
}
Pairs = list[tuple[Draft, Made]]


def judged(
    settings: Settings, pairs: Pairs, made_forms: list[Made], findings: Findings
) -> InstrumentDefinition:
    """Return the definition, or raise WorkbookRefused."""
    questions = [question for draft, made in pairs if (question := _question(draft, made, findings))]
    forms = [form for made in made_forms if (form := _form(made, findings))]
    findings.settle()
    _judge_whole(settings, pairs, questions, forms, findings)
    findings.settle()
    try:
        return InstrumentDefinition(
            key=settings.key,
            version=settings.version,
            title=settings.title,
            default_language=settings.default_language,
            languages=settings.languages,
            questions=questions,
            forms=forms,
        )
    except ValidationError as error:
        for found in field_errors(error):
            findings.refuse(Place("settings"), found.code, _reason(found.code, found.message))
        findings.settle()
        raise


def _question(draft: Draft, made: Made, findings: Findings) -> Question | None:
    try:
        return _QUESTION.validate_python(made)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False, include_context=False)[:5]:
            place = draft.row.place(_column(draft, one["loc"]))
            findings.refuse(place, str(one["type"]), _reason(str(one["type"]), str(one["msg"])))
        return None


def _form(made: Made, findings: Findings) -> Form | None:
    try:
        return Form.model_validate(made)
    except ValidationError as error:
        for one in field_errors(error)[:5]:
            findings.refuse(Place("forms"), one.code, _reason(one.code, one.message))
        return None


def _column(draft: Draft, where: tuple[int | str, ...]) -> str:
    """Return the column of which a complaint of the schema speaks, else that of the name."""
    known = {column.split("::", maxsplit=1)[0] for column in draft.row.letters}
    return next((str(part) for part in where if part in known), "name")


def _reason(code: str, message: str) -> str:
    """Return the schema's own sentence, or ours where the library speaks."""
    if code in {"value_error", "definition"} or message.endswith("."):
        return message.removeprefix("Value error, ")
    return _REASONS.get(code, OUTSIDE)


def _judge_whole(
    settings: Settings, pairs: Pairs, questions: list[Question], forms: list[Form], findings: Findings
) -> None:
    labels = [settings.title, *(label for one in questions for label in one.all_labels())]
    labels += [form.label for form in forms]
    rows = {made["key"]: draft.row for draft, made in pairs}
    problems = definition_problems(questions, forms, labels, settings.default_language, settings.languages)
    for problem in problems:
        named = [rows[key] for key in _NAMED.findall(problem) if key in rows]
        column = "relevant" if problem.startswith("The condition") else "name"
        place = named[0].place(column) if named else Place("survey")
        findings.refuse(place, "definition", problem)
