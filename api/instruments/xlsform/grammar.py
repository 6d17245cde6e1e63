"""Reads the expressions of XLSForm (`relevant`, `constraint`, `choice_filter`) into a tree."""

import re

from api.instruments.xlsform.tree import Call, Comparison, Dot, Join, Literal, Name, Node, Paren, Ref, Unsaid

LONGEST = 5_000
DEEPEST = 30


_TOKENS = re.compile(
    r"""\s*(?:
    (?P<ref>\$\{\s*[^{}]{1,80}?\s*\})
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<number>-?[0-9]+(?:\.[0-9]+)?|-?\.[0-9]+)
  | (?P<name>[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)
  | (?P<op><=|>=|!=|=|<|>)
  | (?P<dot>\.)
  | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_NOT_READ = "This cannot be read as an expression of XLSForm that Daybook knows."


def parse(text: str) -> Node:
    """Read an expression, or raise Unsaid."""
    if len(text) > LONGEST:
        raise Unsaid(f"An expression may have at most {LONGEST:,} characters.")
    reader = _Reader(_tokens(text.translate(_QUOTES)))
    node = reader.joined("or", 0)
    if reader.kind:
        raise Unsaid(_NOT_READ)
    return node


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None:
            if re.match(r"\s*[+*|/\[\]-]", text[at:]):
                raise Unsaid(
                    "This calculates or follows a path. Daybook compares answers with fixed values only."
                )
            raise Unsaid(_NOT_READ)
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        at = match.end()
    return found


class _Reader:
    """Descends through `or`, `and`, comparisons and what stands in them."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def joined(self, word: str, depth: int) -> Node:
        if depth > DEEPEST:
            raise Unsaid(f"Brackets may be nested at most {DEEPEST} deep.")
        terms = [self._joined_under(word, depth)]
        while self.kind == "name" and self.text.lower() == word:
            self.take()
            terms.append(self._joined_under(word, depth))
        return terms[0] if len(terms) == 1 else Join(word, tuple(terms))

    def _joined_under(self, word: str, depth: int) -> Node:
        return self.joined("and", depth) if word == "or" else self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        left = self._single(depth)
        if self.kind != "op":
            return left
        node = Comparison(self.take(), left, self._single(depth))
        if self.kind == "op":
            raise Unsaid(_NOT_READ)
        return node

    def _single(self, depth: int) -> Node:
        kind = self.kind
        if kind == "ref":
            return Ref(self.take()[2:-1].strip())
        if kind == "text":
            return Literal(self.take()[1:-1])
        if kind == "number":
            digits = self.take()
            return Literal(float(digits) if "." in digits else int(digits))
        if kind == "dot":
            self.take()
            return Dot()
        if kind == "name":
            return self._named(depth)
        if self.text == "(":
            self.take()
            return Paren(self._closed(self.joined("or", depth + 1)))
        raise Unsaid(_NOT_READ)

    def _named(self, depth: int) -> Node:
        name = self.take()
        if name in {"div", "mod"}:
            raise Unsaid("This calculates. Daybook compares answers with fixed values only.")
        if self.text != "(":
            return Name(name)
        self.take()
        given: list[Node] = []
        while self.text != ")":
            given.append(self.joined("or", depth + 1))
            if self.text == ",":
                self.take()
            elif self.text != ")":
                raise Unsaid(_NOT_READ)
        self.take()
        return Call(name, tuple(given))

    def _closed(self, node: Node) -> Node:
        if self.text != ")":
            raise Unsaid("A bracket is not closed.")
        self.take()
        return node
