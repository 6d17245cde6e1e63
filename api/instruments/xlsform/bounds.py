"""Turns a `constraint` into the bounds that a question of ours can have."""

from dataclasses import dataclass, field

from api.instruments.xlsform.grammar import parse
from api.instruments.xlsform.tree import Call, Comparison, Dot, Join, Literal, Node, Paren, Unsaid

CANNOT = (
    "Daybook keeps these limits: . >= 0 and . <= 100 for numbers, string-length(.) <= 200 for texts,"
    " count-selected(.) <= 3 and an option that is chosen alone for choices."
)
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
Number = int | float


@dataclass
class Bounds:
    """The limits that a constraint sets; `above` and `below` are those that a number must not reach."""

    low: Number | None = None
    high: Number | None = None
    above: Number | None = None
    below: Number | None = None
    longest: int | None = None
    most: int | None = None
    alone: list[str] = field(default_factory=list)

    def only(self, *names: str) -> None:
        """Raise Unsaid if any other limit is set."""
        if any(value not in (None, []) for name, value in vars(self).items() if name not in names):
            raise Unsaid(f"This limit does not fit the type of the question. {CANNOT}")


def bounds(text: str) -> Bounds:
    """Read a constraint, or raise Unsaid with the reason."""
    found = Bounds()
    for term in _terms(parse(text)):
        _add(found, term)
    return found


def _terms(node: Node) -> list[Node]:
    if isinstance(node, Paren):
        return _terms(node.inner)
    if isinstance(node, Join) and node.word == "and":
        return [inner for term in node.terms for inner in _terms(term)]
    return [node]


def _add(found: Bounds, node: Node) -> None:
    if isinstance(node, Call) and node.name == "not" and len(node.given) == 1:
        found.alone.append(_alone(node.given[0]))
        return
    if not isinstance(node, Comparison):
        raise Unsaid(CANNOT)
    left, op, right = node.left, node.op, node.right
    if isinstance(left, Literal):
        left, op, right = right, _FLIPPED.get(op, op), left
    if not isinstance(right, Literal) or isinstance(right.value, str) or op not in _FLIPPED:
        raise Unsaid(CANNOT)
    if isinstance(left, Dot):
        _set(found, {">=": "low", "<=": "high", ">": "above", "<": "below"}[op], right.value)
    elif (
        isinstance(left, Call) and left.given == (Dot(),) and left.name in {"string-length", "count-selected"}
    ):
        _count(found, left.name, op, right.value)
    else:
        raise Unsaid(CANNOT)


def _count(found: Bounds, name: str, op: str, value: Number) -> None:
    if (op, value) in {(">", 0), (">=", 1)}:
        return  # an answer of ours is never empty
    if op not in {"<", "<="} or not isinstance(value, int):
        raise Unsaid(CANNOT)
    _set(found, "longest" if name == "string-length" else "most", value if op == "<=" else value - 1)


def _set(found: Bounds, name: str, value: Number) -> None:
    if getattr(found, name) is not None:
        raise Unsaid("The same limit is set twice.")
    setattr(found, name, value)


def _alone(node: Node) -> str:
    """Read `selected(., 'none') and count-selected(.) > 1`, whose opposite lets an option stand alone only."""
    terms = _terms(node)
    if len(terms) == 2 and isinstance(terms[0], Call) and isinstance(terms[1], Comparison):
        chosen, several = terms[0], terms[1]
        counted = several.left == Call("count-selected", (Dot(),)) and several.right == Literal(1)
        if chosen.name == "selected" and len(chosen.given) == 2 and counted and several.op == ">":
            dot, option = chosen.given
            if isinstance(dot, Dot) and isinstance(option, Literal):
                return str(option.value)
    raise Unsaid(CANNOT)
