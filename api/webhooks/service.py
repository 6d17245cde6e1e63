"""Sources: made, changed, paused, and given new secrets; every change is audited."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock, crypto, ledger
from api.core.config import Settings
from api.core.ledger import Line
from api.core.problems import NotFound
from api.studies.secrets import study_secret
from api.webhooks import fetching, secrets
from api.webhooks.adapters import ADAPTERS
from api.webhooks.models import WebhookSource
from api.webhooks.problems import SourceUnsound
from api.webhooks.secrets import LiveSecret
from schemas.inbox import (
    Rotation,
    SecretView,
    SourceChange,
    SourceCreate,
    SourceMade,
    SourceStatus,
    SourceView,
)
from schemas.source import Proof, SourceOptions

STOPPED = "source.stopped"
PATH = "/v1/hooks"
ADDRESS = "<the address that was shown when the source was made>"
_EVENTS = {
    SourceStatus.LIVE: Event.SOURCE_OPENED,
    SourceStatus.PAUSED: Event.SOURCE_PAUSED,
    SourceStatus.TEST: Event.SOURCE_TESTED,
}


def create(
    session: Session, settings: Settings, actor: Actor, study_id: UUID, wanted: SourceCreate
) -> SourceMade:
    """Make a source in test mode; its address and secret are shown this once."""
    options = _sound(settings, wanted.tool, wanted.options)
    token, own = crypto.new_secret("dbh"), study_secret(session, settings, study_id)
    secret = None if options.proof is Proof.PATH_TOKEN else wanted.secret or crypto.new_signing_secret()
    source = WebhookSource(
        study_id=study_id,
        tool=wanted.tool,
        name=wanted.name,
        token_hash=crypto.digest(token),
        options=options.model_dump(mode="json"),
        secrets=secrets.seal(own, [LiveSecret(secret)] if secret else []),
        fetch_token=crypto.seal_under(own, wanted.fetch_token) if wanted.fetch_token else None,
    )
    session.add(source)
    session.flush()
    audit.record(
        session, Event.SOURCE_CREATED, actor, study_id=study_id, object_id=source.id, tool=source.tool
    )
    return _made(session, settings, source, token, secret)


def get(session: Session, study_id: UUID, source_id: UUID, *, lock: bool = False) -> WebhookSource:
    """Return a source of this study, or raise NotFound."""
    source = session.get(WebhookSource, source_id, with_for_update=lock or None, populate_existing=lock)
    if source is None or source.study_id != study_id:
        raise NotFound
    return source


def by_id(session: Session, source_id: UUID, *, lock: bool = False) -> WebhookSource:
    """Return a source of whatever study, for the operator, or raise NotFound."""
    source = session.get(WebhookSource, source_id)
    if source is None:
        raise NotFound
    return get(session, source.study_id, source_id, lock=lock)


def listing(session: Session, study_id: UUID) -> Sequence[WebhookSource]:
    """Return a study's sources, oldest first."""
    mine = select(WebhookSource).where(WebhookSource.study_id == study_id)
    return session.exec(mine.order_by(col(WebhookSource.id))).all()


def change(
    session: Session, settings: Settings, actor: Actor, source: WebhookSource, wanted: SourceChange
) -> WebhookSource:
    """Change a source's name, options or what we fetch with; what is left out stays."""
    if wanted.name is not None:
        source.name = wanted.name
    if wanted.options is not None:
        before = _options(source)
        source.options = _sound(settings, source.tool, wanted.options).model_dump(mode="json")
        if (before.fetch_base, before.fetch_form) != (wanted.options.fetch_base, wanted.options.fetch_form):
            source.watermark = None  # of another form nothing has been read
    if wanted.fetch_token is not None:
        own = study_secret(session, settings, source.study_id)
        source.fetch_token = crypto.seal_under(own, wanted.fetch_token)
    if wanted.model_fields_set:
        source.version += 1
        source.next_poll_at, source.poll_failures, source.poll_reason = None, 0, None
        _record(session, Event.SOURCE_CHANGED, actor, source)
    return source


def change_status(
    session: Session, actor: Actor, source: WebhookSource, status: SourceStatus
) -> WebhookSource:
    """Let a source live, pause or be tested; a second click changes nothing."""
    if source.status != status:
        source.status = status
        source.version += 1
        _record(session, _EVENTS[status], actor, source)
        if status is SourceStatus.PAUSED:
            _note(session, source)
    return source


def rotate(
    session: Session, settings: Settings, actor: Actor, source: WebhookSource, wanted: Rotation
) -> SourceMade:
    """Give a source a new secret, and a new address if asked; old secrets stay good for as long as asked."""
    own, options = study_secret(session, settings, source.study_id), _options(source)
    if options.proof is Proof.PATH_TOKEN and not wanted.new_address:
        raise SourceUnsound("This source has no secret beside its address: ask for a new address.")
    secret = None if options.proof is Proof.PATH_TOKEN else wanted.secret or crypto.new_signing_secret()
    until = clock.now() + timedelta(hours=wanted.keep_old_hours)
    old = [
        LiveSecret(one.value, min(one.not_after or until, until))
        for one in secrets.opened(own, source.secrets)
    ]
    if secret:
        source.secrets = secrets.seal(own, [LiveSecret(secret), *old][: secrets.MOST])
    token = crypto.new_secret("dbh") if wanted.new_address else None
    if token:
        source.token_hash = crypto.digest(token)
    source.version += 1
    _record(session, Event.SOURCE_ROTATED, actor, source)
    _note(session, source)
    return _made(session, settings, source, token, secret)


def instructions(source: WebhookSource, url: str = ADDRESS) -> str:
    """Return what to click and what to paste in the tool."""
    return ADAPTERS[source.tool].instructions(url, _options(source))


def view(session: Session, settings: Settings, source: WebhookSource) -> SourceView:
    """Show a source, without what proves a post."""
    live = secrets.opened(study_secret(session, settings, source.study_id), source.secrets)
    return SourceView(
        id=source.id,
        tool=source.tool,
        name=source.name,
        status=source.status,
        options=_options(source),
        secrets=[SecretView(number=n, not_after=one.not_after) for n, one in enumerate(live, start=1)],
        has_fetch_token=source.fetch_token is not None,
        map_version=source.map_version,
        created_at=source.created_at,
        refused_count=source.refused_count,
        refused_at=source.refused_at,
        refused_reason=source.refused_reason,
        next_poll_at=source.next_poll_at,
        poll_reason=source.poll_reason,
    )


@ledger.redoes(STOPPED)
def _stop_again(session: Session, line: Line) -> bool:
    """Pause a source whose later secrets, address or pause are lost: what was taken back may be good again."""
    source = session.get(WebhookSource, line.id("source_id"))
    if source is None or source.version >= int(line.ids["version"]):
        return False
    source.status, source.version = SourceStatus.PAUSED, int(line.ids["version"])
    return True


def _options(source: WebhookSource) -> SourceOptions:
    return SourceOptions.model_validate(source.options)


def _sound(settings: Settings, tool: str, options: SourceOptions) -> SourceOptions:
    """Return options that fit a tool, or raise SourceUnsound."""
    adapter = ADAPTERS.get(tool)
    if adapter is None:
        raise SourceUnsound(f"The survey tools are: {', '.join(sorted(ADAPTERS))}.")
    if "proof" not in options.model_fields_set:
        options = options.model_copy(update={"proof": adapter.proofs[0]})
    if options.proof not in adapter.proofs:
        raise SourceUnsound(f"{adapter.title} proves itself by: {', '.join(adapter.proofs)}.")
    if options.fetch_base is not None:
        try:
            fetching.base(settings, options.fetch_base)
        except fetching.NotFetched as refused:
            raise SourceUnsound(refused.reason) from None
    return options


def _made(
    session: Session, settings: Settings, source: WebhookSource, token: str | None, secret: str | None
) -> SourceMade:
    url = f"{settings.public_url.rstrip('/')}{PATH}/{source.id}/{token}" if token else None
    session.flush()
    return SourceMade(
        source=view(session, settings, source),
        url=url,
        secret=secret,
        instructions=instructions(source, url or ADDRESS),
    )


def _record(session: Session, event: Event, actor: Actor, source: WebhookSource) -> None:
    audit.record(session, event, actor, study_id=source.study_id, object_id=source.id)


def _note(session: Session, source: WebhookSource) -> None:
    ledger.note(session, STOPPED, {"source_id": source.id, "version": source.version})
