"""The checks on the conditions of a set of questions, before any answer is judged by them."""

from collections.abc import Mapping

from schemas.questions.base import QuestionBase
from schemas.questions.options import ChoiceBase
from schemas.relevance import Equals, In, leaves, questions_of


def condition_problems(questions: Mapping[str, QuestionBase]) -> list[str]:
    """Tell, in sentences, which conditions name unknown questions or options, or run in a circle."""
    problems: list[str] = []
    for key, question in questions.items():
        for leaf in (leaf for condition in question.conditions() for leaf in leaves(condition)):
            target = questions.get(leaf.term.question)
            if target is None:
                problems.append(
                    f"The condition of '{key}' names '{leaf.term.question}', which is not a question here."
                )
            elif isinstance(leaf, Equals | In) and not _can_hold(leaf, target):
                problems.append(
                    f"The condition of '{key}' waits for an option that '{target.key}' does not have."
                )
    return problems or _circles(questions)


def needed(question: QuestionBase) -> set[str]:
    """Name the questions on whose answers it depends what is asked here."""
    return {key for condition in question.conditions() for key in questions_of(condition)}


def _can_hold(leaf: Equals | In, target: QuestionBase) -> bool:
    if not isinstance(target, ChoiceBase):
        return True
    wanted = leaf.term.values if isinstance(leaf, In) else [leaf.term.value]
    return {option.value for option in target.options}.issuperset(wanted)


def _circles(questions: Mapping[str, QuestionBase]) -> list[str]:
    needs = {key: needed(one) for key, one in questions.items()}
    while free := [key for key, wanted in needs.items() if not wanted & needs.keys()]:
        for key in free:
            del needs[key]
    return [f"The condition of '{key}' depends, in a circle, on its own answer." for key in needs]
