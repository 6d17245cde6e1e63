"""Field maps: each is a new version, checked against the instrument that it fills."""

from collections.abc import Iterator

from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core.problems import Invalid, NotFound
from api.webhooks import making
from api.webhooks.models import WebhookFieldMap, WebhookSource
from schemas.base import FieldError
from schemas.inbox import FieldMapView
from schemas.source import FieldMap


def put(session: Session, actor: Actor, source: WebhookSource, wanted: FieldMap) -> FieldMapView:
    """Store a new version of a source's map, or raise Invalid."""
    if errors := list(_errors(session, source, wanted)):
        raise Invalid(errors=errors)
    source.map_version += 1
    row = WebhookFieldMap(source_id=source.id, version=source.map_version, map=wanted.model_dump(mode="json"))
    session.add(row)
    audit.record(
        session,
        Event.FIELD_MAP_CHANGED,
        actor,
        study_id=source.study_id,
        object_id=source.id,
        version=source.map_version,
    )
    return _view(row)


def current(session: Session, source: WebhookSource) -> FieldMapView:
    """Return a source's map, or raise NotFound."""
    row = session.get(WebhookFieldMap, (source.id, source.map_version))
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: WebhookFieldMap) -> FieldMapView:
    return FieldMapView(version=row.version, map=FieldMap.model_validate(row.map), made_at=row.made_at)


def _errors(session: Session, source: WebhookSource, wanted: FieldMap) -> Iterator[FieldError]:
    published = making.published(session, source.study_id, wanted.instrument)
    if published is None:
        yield _error("/instrument", "There is no published instrument of this name.")
        return
    form = published.definition.form(wanted.kind)
    if form is None:
        yield _error("/kind", "This instrument has no such kind of entry.")
        return
    asked = {item.question for item in form.items}
    for number, row in enumerate(wanted.rows):
        if row.question not in asked:
            yield _error(f"/rows/{number}/question", "This form does not ask this question.")


def _error(pointer: str, message: str) -> FieldError:
    return FieldError(pointer=pointer, code="unknown", message=message)
