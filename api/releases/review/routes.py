"""The review of texts over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.auth.verbs import Verb
from api.core.dependencies import AppSettings, DbSession
from api.releases.review import queue, service, terms
from api.studies.access import Access, may
from schemas.review import (
    ReviewQueue,
    ReviewText,
    SignOff,
    TermCreate,
    TermPage,
    TermView,
    TextDecision,
    TextState,
)

router = APIRouter(prefix="/v1/studies/{study_id}/review", tags=["review"])
Reviewing = Annotated[Access, Depends(may(Verb.TEXT_REVIEW))]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("")
def list_texts(
    access: Reviewing,
    session: DbSession,
    settings: AppSettings,
    state: TextState = TextState.UNREVIEWED,
    after: UUID | None = None,
    limit: Limit = 20,
) -> ReviewQueue:
    """List the texts that stand in one state, with what was found in them."""
    return queue.page(session, settings, access.study, state, after, limit)


@router.get("/terms")
def list_terms(
    access: Reviewing, session: DbSession, after: UUID | None = None, limit: Limit = 100
) -> TermPage:
    """List the names, organisations and places that texts are searched for beside the participants'."""
    return terms.page(session, access.study.id, after, limit)


@router.post("/terms", status_code=201)
def add_term(body: TermCreate, access: Reviewing, session: DbSession) -> TermView:
    """Search texts for a name, an organisation or a place from now on."""
    return terms.add(session, access.actor, access.study.id, body)


@router.delete("/terms/{term_id}", status_code=204)
def remove_term(term_id: UUID, access: Reviewing, session: DbSession) -> None:
    """Search texts for a name no longer."""
    terms.remove(session, access.actor, access.study.id, term_id)


@router.get("/{text_id}")
def read_text(text_id: UUID, access: Reviewing, session: DbSession, settings: AppSettings) -> ReviewText:
    """Show one text, what was found in it, and what was decided."""
    return queue.one(session, settings, access.study, text_id)


@router.post("/{text_id}")
def decide_text(
    text_id: UUID, body: TextDecision, access: Reviewing, session: DbSession, settings: AppSettings
) -> ReviewText:
    """Decide about one text as a whole: export it with pieces replaced or in other words, withhold it, or reopen it."""
    return service.decide(session, settings, access.principal, access.study, text_id, body)


@router.post("/{text_id}/sign-off")
def sign_text_off(
    text_id: UUID, body: SignOff, access: Reviewing, session: DbSession, settings: AppSettings
) -> ReviewText:
    """Agree, as a second person, that a text may be exported as it was reviewed."""
    return service.sign_off(session, settings, access.principal, access.study, text_id, body)
