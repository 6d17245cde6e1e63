"""Spells a condition as an expression of XLSForm, such that reading it gives the same condition back."""

from collections.abc import Mapping

from api.instruments.xlsform.tree import Unsaid
from schemas.questions import Question
from schemas.questions.options import ChoiceBase
from schemas.relevance import All, Answered, Any, Compare, Condition, Equals, In, Not
from schemas.relevance_terms import Scalar

_OPS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_NUMBERS = {"scale", "number", "percentage", "duration"}
_TEXTS = {"short_text", "long_text", "date", "time"}
_NEVER = "A condition compares an answer with something that it can never be, which XLSForm has no words for."
Asked = Mapping[str, Question]


def spelled(condition: Condition, asked: Asked) -> str:
    """Write a condition, or raise Unsaid."""
    match condition:
        case All():
            text = " and ".join(_inner(term, asked) for term in condition.terms)
        case Any():
            text = _any(condition, asked)
        case Not():
            text = f"not({spelled(condition.term, asked)})"
        case Equals():
            text = _equals(condition.term.question, condition.term.value, asked)
        case In():
            text = " or ".join(_equals(condition.term.question, one, asked) for one in condition.term.values)
        case Answered():
            text = _answered(condition.term.question, asked)
        case Compare():
            text = _compare(condition, asked)
    return text


def _any(condition: Any, asked: Asked) -> str:
    # Equalities of one question joined by `or` are read as one condition, unless brackets keep them apart.
    same = len({term.term.question for term in condition.terms if isinstance(term, Equals)}) == 1
    apart = same and all(isinstance(term, Equals) for term in condition.terms)
    inner = [_inner(term, asked) for term in condition.terms]
    return " or ".join(f"({term})" for term in inner) if apart else " or ".join(inner)


def _inner(condition: Condition, asked: Asked) -> str:
    text = spelled(condition, asked)
    return f"({text})" if isinstance(condition, All | Any | In) else text


def _equals(key: str, value: Scalar, asked: Asked) -> str:
    question = asked[key]
    written = _value(value, question)
    if question.type == "multiple_choice":
        return f"selected(${{{key}}}, {written})"
    return f"${{{key}}} = {written}"


def _value(value: Scalar, question: Question) -> str:
    if isinstance(value, bool):
        if question.type == "yes_no":
            return "'yes'" if value else "'no'"
    elif isinstance(value, str):
        if value and (isinstance(question, ChoiceBase) or question.type in _TEXTS):
            return quoted(value)
    elif question.type in _NUMBERS:
        return digits(value)
    raise Unsaid(_NEVER)


def quoted(text: str) -> str:
    """Put a text in quotes, or raise Unsaid where it holds both kinds of them."""
    if not {"\u2018", "\u2019", "\u201c", "\u201d"}.isdisjoint(text) or ("'" in text and '"' in text):
        raise Unsaid(
            "A condition holds a text with two kinds of quotation marks, which XLSForm cannot write."
        )
    return f'"{text}"' if "'" in text else f"'{text}'"


def digits(number: int | float) -> str:
    """Write a number without an exponent."""
    if isinstance(number, int):
        return str(number)
    text = f"{number:.20f}".rstrip("0") if "e" in repr(number) else repr(number)
    text += "0" if text.endswith(".") else ""
    if float(text) != number:
        raise Unsaid("A condition holds a number that is too small to be written out.")
    return text


def _answered(key: str, asked: Asked) -> str:
    if asked[key].type == "note":
        raise Unsaid(_NEVER)
    return f"count(${{{key}}}) > 0" if asked[key].type == "repeat_group" else f"${{{key}}} != ''"


def _compare(condition: Compare, asked: Asked) -> str:
    term = condition.term
    if asked[term.question].type not in _NUMBERS:
        raise Unsaid(_NEVER)
    return f"${{{term.question}}} {_OPS[term.op]} {digits(term.value)}"
