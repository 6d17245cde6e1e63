"""Puts the application together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.auth import oidc_provider
from api.core import db, problem_handlers
from api.core.capacity import Capacity
from api.core.config import VERSION, Settings, load_settings
from api.core.jobs import Jobs, Worker
from api.core.metrics import Metrics
from api.core.middleware import BodyGuard, RequestContext
from api.core.passwords import Passwords
from api.core.writer import Writer, together
from api.diary import sync
from api.diary.door import Door
from api.diary.operations import Delete, Put
from api.diary.quota import Quota
from api.instruments.catalogue import Catalogue
from api.openapi import describe
from api.routers import ROUTERS
from api.web.assets import CLIENT
from api.web.shell import Shell
from api.webhooks import fence
from api.webhooks.arriving import Arrival, Arrivals, Refusal
from api.webhooks.door import InboxDoor
from api.webhooks.known import Sources
from api.webhooks.waking import Waker


def create_app(settings: Settings | None = None, client: Path = CLIENT) -> FastAPI:
    """Return the application: settings, middleware, problem handlers, routers, phone client."""
    settings = settings or load_settings()
    shows_reference = settings.environment == "development"
    app = FastAPI(
        title="Daybook",
        version=VERSION,
        lifespan=_lifespan,
        docs_url=None,  # FastAPI's page loads from another site
        redoc_url=None,
        openapi_url="/openapi.json" if shows_reference else None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    app.state.engine = db.make_engine(settings, answering=True)
    app.state.places = anyio.CapacityLimiter(settings.threads)
    app.state.passwords = Passwords(settings.password_hashes)
    app.state.provider = oidc_provider.make(settings)
    app.state.metrics = Metrics()
    app.state.jobs = Jobs(settings)
    app.state.shell = Shell(client, offline=settings.offline_client)
    app.add_middleware(
        BodyGuard, limit=settings.body_limit, deadline=settings.body_deadline, unguarded=fence.PATH
    )
    app.add_middleware(Capacity, most=settings.concurrency)
    app.add_middleware(fence.Fence)
    app.add_middleware(RequestContext, metrics=app.state.metrics)
    problem_handlers.install(app)
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    return app


def _operation_id(route: APIRoute) -> str:
    """Name an operation after its function: a client generator makes its methods of these names."""
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
    entries = partial(sync.apply, quota=Quota(settings.entries_per_day))
    arrivals = Arrivals(settings.inbox_waiting).apply
    apply = together({Put: entries, Delete: entries, Arrival: arrivals, Refusal: arrivals})
    writer: Writer[Any, Any] = Writer(app.state.engine, apply, app.state.metrics.batches.observe)
    app.state.door = Door(Catalogue(app.state.engine), writer, settings.patience)
    waker = Waker(app.state.jobs)
    app.state.inbox = InboxDoor(
        Sources(app.state.engine, settings), writer, waker, settings.patience, settings.body_deadline
    )
    worker = Worker(settings) if settings.runs_jobs_inline else None
    writer.start()
    if worker:  # in a thread: dbos refuses to start where an event loop runs
        await anyio.to_thread.run_sync(worker.start)
    yield
    if worker:
        await anyio.to_thread.run_sync(worker.stop)
    await waker.close()
    writer.stop()
    app.state.jobs.close()
    app.state.engine.dispose()
