"""The questions that an expression may name where it stands."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from api.instruments.xlsform.tree import Node, Ref, Unsaid

NOT_FIXED = "Daybook compares the answer to one question with a fixed value only."


@dataclass(frozen=True)
class Target:
    """A question that a condition may name: its type, and its options' values."""

    type: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """The questions that a condition may name, those that exist but not here, and those that were refused."""

    here: Mapping[str, Target]
    elsewhere: Set[str] = frozenset()
    refused: Set[str] = frozenset()

    def target(self, node: Node) -> tuple[str, Target]:
        """Return the question that a node names, or raise Unsaid."""
        if not isinstance(node, Ref):
            raise Unsaid(NOT_FIXED)
        if node.name in self.here:
            return node.name, self.here[node.name]
        if node.name.startswith("last-saved#"):
            raise Unsaid("Daybook does not look at an earlier entry's answers.")
        if node.name in self.elsewhere:
            raise Unsaid(
                "This names a question on the other side of a repeat. A condition inside a repeat names"
                " questions of the same repeat only, and one outside names none of them."
            )
        if node.name in self.refused:
            raise Unsaid("This names a question that is refused itself.")
        raise Unsaid("This names a question that the sheet survey does not have.")
