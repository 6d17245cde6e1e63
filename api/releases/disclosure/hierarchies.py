"""The generalisations of a study's attributes: its own where it uploaded them, else the questionnaire's."""

from uuid import UUID

from sqlmodel import Session, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.problems import NotFound
from api.releases.disclosure.models import StoredHierarchy
from api.releases.disclosure.questions import Asked
from api.releases.problems import HierarchyWrong
from api.releases.sdc import hierarchy_csv
from api.releases.sdc.hierarchy import Hierarchy, HierarchyError
from api.releases.sdc.hierarchy_csv import HierarchyLineError
from api.studies import service as studies
from api.studies.models import Study
from schemas.base import FieldError
from schemas.disclosure import HierarchySource, HierarchyView
from schemas.questions import SingleChoiceQuestion

UNUSABLE = "The questionnaire's hierarchy of this question cannot be used; upload one."


def listing(session: Session, study: Study) -> list[HierarchyView]:
    """Show how each attribute that can be generalised is."""
    asked, own = Asked.of(session, study), uploaded(session, study.id)
    found = [asked.attribute(key, "") for key in asked.attributes]
    return [_view(question, own) for question in found if isinstance(question, SingleChoiceQuestion)]


def download(session: Session, study: Study, attribute: str) -> str:
    """Return the generalisations of an attribute as a file's text."""
    question = _question(session, study, attribute)
    try:
        return hierarchy_csv.write(of_question(question, uploaded(session, study.id)))
    except HierarchyError:
        raise _wrong("/", "hierarchy", UNUSABLE) from None


def upload(session: Session, actor: Actor, study: Study, attribute: str, text: str) -> HierarchyView:
    """Let a study generalise an attribute in its own way; releases that were asked for keep theirs."""
    question = _question(session, study, attribute)
    ancestors = _read(question, text)
    studies.lock(session, study.id)
    row = _row(session, study.id, attribute)
    if row is None or list(row.ancestors.items()) != list(ancestors.items()):
        row = row or StoredHierarchy(study_id=study.id, attribute=attribute, ancestors={})
        row.ancestors, row.uploaded_at = ancestors, clock.now()
        session.add(row)
        session.flush()
        audit.record(session, Event.HIERARCHY_REPLACED, actor, study_id=study.id, object_id=row.id)
    return _view(question, {attribute: ancestors})


def remove(session: Session, actor: Actor, study: Study, attribute: str) -> None:
    """Generalise an attribute as the questionnaire says again."""
    _question(session, study, attribute)
    studies.lock(session, study.id)
    if row := _row(session, study.id, attribute):
        session.delete(row)
        audit.record(session, Event.HIERARCHY_REMOVED, actor, study_id=study.id, object_id=row.id)


def uploaded(session: Session, study_id: UUID) -> dict[str, dict[str, list[str]]]:
    """Return the ancestors of each value of the attributes for which a study has its own hierarchy."""
    rows = session.exec(select(StoredHierarchy).where(StoredHierarchy.study_id == study_id))
    return {row.attribute: row.ancestors for row in rows}


def ancestors_of(
    question: SingleChoiceQuestion, own: dict[str, dict[str, list[str]]]
) -> dict[str, list[str]]:
    """Return each value's ancestors: the study's own, the questionnaire's, or none."""
    flat: dict[str, list[str]] = {option.value: [] for option in question.options}
    return own.get(question.key) or question.hierarchy or flat


def of_question(question: SingleChoiceQuestion, own: dict[str, dict[str, list[str]]]) -> Hierarchy:
    """Return the hierarchy of an attribute, or raise HierarchyError for one that no release can use."""
    return Hierarchy.from_ancestors(question.key, ancestors_of(question, own))


def _question(session: Session, study: Study, attribute: str) -> SingleChoiceQuestion:
    found = Asked.of(session, study).attribute(attribute, "")
    if isinstance(found, FieldError):
        raise NotFound("The study's profile asks no such question of class generalise with options.")
    return found


def _read(question: SingleChoiceQuestion, text: str) -> dict[str, list[str]]:
    options = {option.value for option in question.options}
    try:
        hierarchy = hierarchy_csv.read(question.key, text)
    except HierarchyLineError as error:
        raise _wrong(f"/lines/{error.line}", "line", str(error)) from None
    except HierarchyError as error:
        raise _wrong("/", "file", str(error)) from None
    for number, value in enumerate(hierarchy.levels, start=1):
        if value not in options:
            raise _wrong(f"/values/{number}", "unknown", f"Value {number} is no option of the question.")
    if missing := sorted(options - hierarchy.levels.keys()):
        raise _wrong("/", "missing", f"It lacks options of the question: {', '.join(missing[:10])}.")
    return {value: list(path[1:-1]) for value, path in hierarchy.levels.items()}


def _wrong(pointer: str, code: str, message: str) -> HierarchyWrong:
    return HierarchyWrong(errors=[FieldError(pointer=pointer, code=code, message=message)])


def _row(session: Session, study_id: UUID, attribute: str) -> StoredHierarchy | None:
    mine = StoredHierarchy.study_id == study_id, StoredHierarchy.attribute == attribute
    return session.exec(select(StoredHierarchy).where(*mine)).one_or_none()


def _view(question: SingleChoiceQuestion, own: dict[str, dict[str, list[str]]]) -> HierarchyView:
    ancestors = ancestors_of(question, own)
    return HierarchyView(
        attribute=question.key,
        source=HierarchySource.UPLOADED if question.key in own else HierarchySource.INSTRUMENT,
        values=len(ancestors),
        levels=len(next(iter(ancestors.values()))) + 2,
    )
