"""Turns a `choice_filter` into, for each choice, when it is offered."""

import re
from collections.abc import Mapping, Set

from api.instruments.xlsform.conditions import Condition, condition
from api.instruments.xlsform.grammar import parse
from api.instruments.xlsform.scope import Scope
from api.instruments.xlsform.tree import Call, Comparison, Join, Literal, Name, Node, Paren, Ref, Unsaid

_BARE = "This names a column that the sheet choices does not have. Put a fixed value in quotes."
_CASCADE = "Daybook offers choices by the answer to one earlier question, such as region = ${region}."


def names(text: str) -> set[str]:
    """Return every bare name of an expression: the columns that it may look at."""
    return set(re.findall(r"(?<![\w${.-])[a-z_][a-z0-9_.-]*", text))


def offered_when(text: str, columns: Mapping[str, str], known: Set[str], scope: Scope) -> Condition | bool:
    """Return True or False where a choice's own columns decide, else the condition on another answer."""
    found = _judged(parse(text), columns, known, scope)
    if isinstance(found, bool):
        return found
    if "equals" in found:
        inner = found["equals"]
        assert isinstance(inner, dict)  # noqa: S101 (conditions.py makes it so)
        return {"in": {"question": inner["question"], "values": [inner["value"]]}}
    if "in" in found:
        return found
    raise Unsaid(_CASCADE)


def _judged(node: Node, columns: Mapping[str, str], known: Set[str], scope: Scope) -> Condition | bool:
    if isinstance(node, Paren):
        return _judged(node.inner, columns, known, scope)
    if isinstance(node, Join):
        return _joined(node, columns, known, scope)
    if isinstance(node, Call) and node.name == "not" and len(node.given) == 1:
        inner = _judged(node.given[0], columns, known, scope)
        return not inner if isinstance(inner, bool) else {"not": inner}
    filled = _filled(node, columns, known)
    if (
        isinstance(filled, Comparison)
        and isinstance(filled.left, Literal)
        and isinstance(filled.right, Literal)
    ):
        return _fixed(filled)
    try:
        return condition(filled, scope)
    except Unsaid:
        if _waits_for_nothing(filled, scope):
            return False
        raise


def _joined(node: Join, columns: Mapping[str, str], known: Set[str], scope: Scope) -> Condition | bool:
    decisive = node.word == "or"
    inner = [_judged(term, columns, known, scope) for term in node.terms]
    if decisive in [one for one in inner if isinstance(one, bool)]:
        return decisive
    open_ = [one for one in inner if not isinstance(one, bool)]
    if not open_:
        return not decisive
    if len(open_) == 1:
        return open_[0]
    raise Unsaid(_CASCADE)


def _filled(node: Node, columns: Mapping[str, str], known: Set[str]) -> Node:
    """Put a choice's own values in the place of the columns' names."""
    if isinstance(node, Name):
        if node.name not in known:
            raise Unsaid(_BARE)
        return Literal(columns.get(node.name, ""))
    if isinstance(node, Comparison):
        return Comparison(node.op, _filled(node.left, columns, known), _filled(node.right, columns, known))
    if isinstance(node, Call):
        return Call(node.name, tuple(_filled(one, columns, known) for one in node.given))
    return node


def _fixed(node: Comparison) -> bool:
    assert isinstance(node.left, Literal)  # noqa: S101 (the caller looked)
    assert isinstance(node.right, Literal)  # noqa: S101 (the caller looked)
    same = str(node.left.value) == str(node.right.value)
    if node.op not in {"=", "!="}:
        raise Unsaid(_CASCADE)
    return same if node.op == "=" else not same


def _waits_for_nothing(node: Node, scope: Scope) -> bool:
    """Tell whether a choice waits for an option that the other question does not offer: it is never shown."""
    if isinstance(node, Comparison) and node.op == "=":
        sides = {type(side): side for side in (node.left, node.right)}
        ref, literal = sides.get(Ref), sides.get(Literal)
        if isinstance(ref, Ref) and isinstance(literal, Literal) and ref.name in scope.here:
            return bool(scope.here[ref.name].values) and str(literal.value) not in scope.here[ref.name].values
    return False
