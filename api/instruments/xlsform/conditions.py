"""Turns an expression into a condition as data, for the questions that it may name."""

from collections.abc import Callable

from pydantic import JsonValue

from api.instruments.xlsform.scope import NOT_FIXED, Scope, Target
from api.instruments.xlsform.tree import Call, Comparison, Join, Literal, Node, Paren, Ref, Unsaid
from schemas.relevance_terms import MAX_TERMS

Condition = dict[str, JsonValue]
CHOICES = {"single_choice", "multiple_choice"}
NUMBERS = {"scale", "number", "percentage", "duration"}
TEXTS = {"short_text", "long_text", "date", "time"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_OPS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_COUNTS = {"count-selected", "string-length", "count"}


def condition(node: Node, scope: Scope) -> Condition:
    """Return the condition that an expression stands for, or raise Unsaid with the reason."""
    if isinstance(node, Paren):
        return condition(node.inner, scope)
    if isinstance(node, Join):
        return _joined(node, scope)
    if isinstance(node, Comparison):
        return _compared(node, scope)
    if isinstance(node, Call):
        return _called(node, scope)
    if isinstance(node, Ref):
        scope.target(node)
    raise Unsaid("This is no condition. Compare an answer with a value, such as ${setting} = 'travel'.")


def _joined(node: Join, scope: Scope) -> Condition:
    if len(node.terms) > MAX_TERMS:
        raise Unsaid(f"At most {MAX_TERMS} terms can be joined.")
    terms = [condition(term, scope) for term in node.terms]
    if node.word == "and":
        return {"all": [*terms]}
    values = None if any(isinstance(term, Paren) for term in node.terms) else _of_one_question(terms)
    return values or {"any": [*terms]}


def _of_one_question(terms: list[Condition]) -> Condition | None:
    """Write `q = 'a' or q = 'b'` as one condition; terms in brackets of their own stay apart."""
    inner = [term.get("equals") for term in terms]
    equals = [one for one in inner if isinstance(one, dict)]
    questions = {str(one["question"]) for one in equals}
    if len(equals) < len(terms) or len(questions) > 1:
        return None
    return {"in": {"question": questions.pop(), "values": [one["value"] for one in equals]}}


def _called(node: Call, scope: Scope) -> Condition:
    if node.name == "not" and len(node.given) == 1:
        return negated(condition(node.given[0], scope))
    if node.name == "selected" and len(node.given) == 2:
        key, target = scope.target(node.given[0])
        if target.type not in CHOICES | {"yes_no"}:
            raise Unsaid("Only a choice can be asked whether something is selected.")
        return equal(key, _literal(node.given[1]), target)
    raise Unsaid("Daybook's conditions know only and, or, not, selected, count-selected and comparisons.")


def _compared(node: Comparison, scope: Scope) -> Condition:
    left, op, right = node.left, node.op, node.right
    if isinstance(left, Literal):
        left, op, right = right, _FLIPPED[op], left
    if isinstance(left, Call) and left.name in _COUNTS and len(left.given) == 1:
        return _counted(scope.target(left.given[0])[0], op, _literal(right))
    key, target = scope.target(left)
    value = _literal(right)
    if target.type in {"note", "repeat_group"}:
        raise Unsaid("A note has no answer, and of a repeat only count(${name}) > 0 can be asked.")
    if op in _OPS:
        return _ordered(key, op, value, target)
    if value == "":
        found: Condition = {"answered": {"question": key}}
        return found if op == "!=" else negated(found)
    if target.type == "multiple_choice":
        raise Unsaid("Several options may be chosen here: write selected(${name}, 'option').")
    found = equal(key, value, target)
    return found if op == "=" else negated(found)


def _counted(key: str, op: str, value: str | int | float) -> Condition:
    answered: Condition = {"answered": {"question": key}}
    if (op, value) in {(">", 0), (">=", 1), ("!=", 0)}:
        return answered
    if (op, value) in {("=", 0), ("<", 1), ("<=", 0)}:
        return negated(answered)
    raise Unsaid(
        "Daybook asks only whether there is an answer (> 0) or none (= 0), not how many or how long."
    )


def _literal(node: Node) -> str | int | float:
    if isinstance(node, Paren):
        return _literal(node.inner)
    if not isinstance(node, Literal):
        raise Unsaid(NOT_FIXED + " Put a text in quotes.")
    return node.value


def equal(key: str, value: str | int | float, target: Target) -> Condition:
    """Return the condition that a question's answer is a value as XLSForm writes it."""
    return {"equals": {"question": key, "value": _answer(value, target)}}


def _answer(value: str | int | float, target: Target) -> JsonValue:
    if target.type in CHOICES:
        if str(value) not in target.values:
            raise Unsaid("This waits for an option that the question does not have.")
        return str(value)
    if target.type == "yes_no":
        if value not in ("yes", "no"):
            raise Unsaid("A yes-or-no question is compared with 'yes' or 'no'.")
        return value == "yes"
    if target.type in NUMBERS:
        return number(value)
    if target.type in TEXTS and isinstance(value, str):
        return value
    raise Unsaid("An answer of this type cannot be compared with this.")


def number(value: str | int | float) -> int | float:
    """Return a number, also one in quotes, or raise Unsaid."""
    try:
        found = float(value)
        return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else _kept(value, found)
    except ValueError:
        raise Unsaid("A number is compared with a number.") from None


def _kept(value: str | int | float, found: float) -> int | float:
    return found if isinstance(value, str) else value


def _ordered(key: str, op: str, value: str | int | float, target: Target) -> Condition:
    if target.type in NUMBERS:
        return {"compare": {"question": key, "op": _OPS[op], "value": number(value)}}
    if target.type == "single_choice":
        return _ordered_options(key, op, number(value), target)
    raise Unsaid("Only numbers can be more or less than something here, not texts and dates.")


_SIDES: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _ordered_options(key: str, op: str, value: int | float, target: Target) -> Condition:
    if not all(one.isdecimal() for one in target.values):
        raise Unsaid("Only options whose names are all numbers can be more or less than something.")
    fitting = [one for one in target.values if _SIDES[op](int(one), value)]
    if not fitting:
        raise Unsaid("No option of the question is on this side of the number.")
    return {"in": {"question": key, "values": [*fitting]}}


def negated(found: Condition) -> Condition:
    """Return the opposite of a condition."""
    return {"not": found}
