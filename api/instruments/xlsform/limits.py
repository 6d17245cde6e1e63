"""The type of a question and its limits, in the words of XLSForm."""

from api.instruments.xlsform.spelling import digits
from api.instruments.xlsform.tree import Unsaid
from schemas.questions import (
    DurationQuestion,
    LongTextQuestion,
    MultipleChoiceQuestion,
    NumberQuestion,
    Question,
    RepeatGroupQuestion,
    ScaleQuestion,
    ShortTextQuestion,
)

Written = dict[str, str | int]
_SIMPLE = {"date": "date", "time": "time", "date_time": "dateTime", "note": "note"}


def limits(question: Question) -> Written:
    """Return the columns that say of which type a question is and what bounds its answer."""
    match question:
        case ScaleQuestion():
            return _range(question.min, question.max, "scale")
        case NumberQuestion():
            return _number(question)
        case ShortTextQuestion() | LongTextQuestion():
            return _text(question.max_length, question.type)
        case MultipleChoiceQuestion():
            return {"type": "select_multiple", **_several(question)}
        case _:
            return _other(question)


def _other(question: Question) -> Written:
    if isinstance(question, DurationQuestion):
        most = f". >= 0 and . <= {question.max_minutes}"
        return {"type": "integer", "question_type": "duration", "constraint": most}
    if isinstance(question, RepeatGroupQuestion):
        return {"type": "begin_repeat", "min_items": question.min_items, "max_items": question.max_items}
    if question.type == "percentage":
        return _range(0, 100, "percentage")
    if question.type in {"yes_no", "single_choice"}:
        return {"type": "select_one", "question_type": question.type}
    return {"type": _SIMPLE[question.type]}


def _range(start: int, end: int, type_: str) -> Written:
    return {"type": "range", "question_type": type_, "parameters": f"start={start} end={end} step=1"}


def _text(longest: int, type_: str) -> Written:
    row: Written = {"type": "text", "question_type": type_, "constraint": f"string-length(.) <= {longest}"}
    return row | {"appearance": "multiline"} if type_ == "long_text" else row


def _number(question: NumberQuestion) -> Written:
    row: Written = (
        {"type": "decimal", "decimals": question.decimals} if question.decimals else {"type": "integer"}
    )
    ends = [
        f". {side} {digits(end)}"
        for side, end in ((">=", question.min), ("<=", question.max))
        if end is not None
    ]
    if ends:
        row["constraint"] = " and ".join(ends)
    if question.unit is not None:
        if question.unit != question.unit.strip() and not question.unit.strip():
            raise Unsaid("A unit is blank, which a workbook cannot keep.")
        row["unit"] = question.unit
    return row


def _several(question: MultipleChoiceQuestion) -> Written:
    terms = [] if question.max_selected is None else [f"count-selected(.) <= {question.max_selected}"]
    terms += [
        f"not(selected(., '{option.value}') and count-selected(.) > 1)"
        for option in question.options
        if option.exclusive
    ]
    return {"constraint": " and ".join(terms)} if terms else {}
