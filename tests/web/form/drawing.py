"""Draws questions in the browser and hears what they answer."""

from typing import Any

from playwright.sync_api import Locator, Page

from schemas.questions import Question
from tests.schemas.samples import QUESTION

_DRAW = """async ({question, options}) => {
  const { renderer } = await import("/form/questions/register.js");
  window.heard = [];
  window.done = 0;
  window.drawn = renderer(question.type).draw({
    question,
    ...options,
    onAnswer: (value) => window.heard.push(value),
    onDone: () => (window.done += 1),
  });
  document.querySelector("main").replaceChildren(window.drawn);
}"""
NOTHING = object()
"""No answer: what JavaScript calls undefined."""


class Drawn:
    """One question on a page, as a leader meets it."""

    def __init__(
        self, page: Page, type_: str, *, drawing: dict[str, Any] | None = None, **definition: Any
    ) -> None:
        self.page = page
        self.question: Question = QUESTION.validate_python(
            {"type": type_, "key": "q", "label": {"en": "How was it?"}, **definition}
        )
        question = self.question.model_dump(mode="json")
        page.evaluate(_DRAW, {"question": question, "options": drawing or {}})

    def named(self, role: Any, name: str, *, exact: bool = True) -> Locator:
        """Find an input as a screen reader names it."""
        return self.page.get_by_role(role, name=name, exact=exact)

    @property
    def answer(self) -> Any:
        """What was answered last; the server's own question must take it."""
        if self.page.evaluate("heard.length === 0 || heard.at(-1) === undefined"):
            return NOTHING
        answer = self.page.evaluate("heard.at(-1)")
        assert self.question.validate_answer(answer, "/q") == []
        return answer

    @property
    def unsound(self) -> Any:
        """What was answered last, and the codes of what the server says of it."""
        answer = self.page.evaluate("heard.at(-1)")
        return answer, [error.code for error in self.question.validate_answer(answer, "/q")]

    @property
    def done(self) -> int:
        """How often it said that one tap was the whole answer."""
        return int(self.page.evaluate("done"))

    @property
    def times(self) -> int:
        """How often it told an answer."""
        return int(self.page.evaluate("heard.length"))

    def words(self, answer: Any) -> str:
        """How a person reads an answer."""
        given = [self.question.model_dump(mode="json"), answer]
        return str(
            self.page.evaluate(
                "async ([question, answer]) => (await import('/form/questions/register.js'))"
                ".renderer(question.type).words(question, answer)",
                given,
            )
        )

    def shows(self, *errors: tuple[str, str]) -> None:
        """Let it show errors: pointers and sentences."""
        self.page.evaluate(
            "async (errors) => (await import('/form/questions/field.js')).showErrors(drawn, errors)",
            [{"pointer": pointer, "code": "x", "message": message} for pointer, message in errors],
        )
