"""What must be true of an instrument as a whole, each failure told in a sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from schemas.base import Labels
from schemas.form import Form
from schemas.questions import Disclosure, Question
from schemas.questions.conditions import condition_problems, needed
from schemas.questions.options import ChoiceBase

# The leader's own controls, which every release obeys: it must be able to rely on their shape.
CONTROL_TYPES = {"quotable": "single_choice", "embargo_until": "date", "keep_out": "yes_no"}
QUOTABLE_OPTIONS = {"yes", "paraphrase_only", "no"}


def definition_problems(
    questions: Sequence[Question],
    forms: Sequence[Form],
    labels: Sequence[Labels],
    default_language: str,
    languages: Sequence[str],
) -> list[str]:
    """Tell what is wrong with a definition, at most ten things at once."""
    by_key = {question.key: question for question in questions}
    problems = [
        *(f"The question key '{key}' is used more than once." for key in _twice(q.key for q in questions)),
        *(f"The form kind '{kind}' is used more than once." for kind in _twice(form.kind for form in forms)),
        *(
            f"Two questions would share the CSV column '{column}'."
            for column in _twice(column for question in by_key.values() for column in question.columns())
        ),
        *condition_problems(by_key),
        *(problem for form in forms for problem in _form_problems(form, by_key)),
        *(problem for question in questions for problem in _control_problems(question)),
        *_language_problems(labels, default_language, languages),
    ]
    return problems[:10]


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _form_problems(form: Form, by_key: dict[str, Question]) -> Iterator[str]:
    asked = {item.question for item in form.items}
    for key in _twice(item.question for item in form.items):
        yield f"The form '{form.kind}' asks '{key}' more than once."
    for item in form.items:
        question = by_key.get(item.question)
        if question is None:
            yield f"The form '{form.kind}' asks '{item.question}', which is not a question here."
            continue
        if item.required and question.type == "note":
            yield f"The form '{form.kind}' requires an answer to the note '{question.key}'."
        for other in sorted(needed(question) - asked):
            yield f"The form '{form.kind}' asks '{question.key}' but not '{other}', on which it depends."


def _control_problems(question: Question) -> Iterator[str]:
    wanted = CONTROL_TYPES.get(question.key)
    if wanted is None:
        return
    if question.type != wanted:
        yield f"'{question.key}' is a control of the person who writes: its type must be {wanted}."
    elif isinstance(question, ChoiceBase) and _offered(question) != QUOTABLE_OPTIONS:
        yield "'quotable' must offer exactly yes, paraphrase_only and no."
    if question.effective_disclosure is not Disclosure.RESTRICTED:
        yield f"'{question.key}' is a control of the person who writes: its class must be restricted."


def _offered(question: ChoiceBase) -> set[str]:
    return {option.value for option in question.options if not option.removed}


def _language_problems(labels: Sequence[Labels], default: str, languages: Sequence[str]) -> Iterator[str]:
    if default not in languages:
        yield f"The default language '{default}' is not among the instrument's languages."
    if any(not label.get(default, "").strip() for label in labels):
        yield f"Every text must be written in the default language '{default}'."
    for language in sorted({language for label in labels for language in label} - set(languages)):
        yield f"A text is written in '{language}', which is not among the instrument's languages."
