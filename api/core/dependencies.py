"""What a handler can ask for that belongs to no feature."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlmodel import Session

from api.core.addresses import client_address
from api.core.config import Settings
from api.core.db import reading, transaction
from api.core.jobs import Jobs

# What needs no database is async here: a plain function would cost every request a hop to another thread.


async def get_place(request: Request) -> AsyncIterator[None]:
    """Wait for one of as many places as there are threads.

    Without it, requests that hold a connection wait for a thread behind requests that hold a thread and wait for
    a connection: three hundred at once took a minute, and most of them failed.
    """
    async with request.app.state.places:
        yield


Place = Annotated[None, Depends(get_place, scope="function")]


def get_session(request: Request, _place: Place) -> Iterator[Session]:
    """Give a handler its one transaction: committed before the answer leaves, rolled back by any raise."""
    engine: Engine = request.app.state.engine
    if request.method in {"GET", "HEAD"}:
        with reading(engine) as session:
            yield session
        return
    with transaction(engine) as session:
        yield session


async def get_settings(request: Request) -> Settings:
    """Give the settings of this application."""
    settings: Settings = request.app.state.settings
    return settings


async def get_jobs(request: Request) -> Jobs:
    """Give the queue of durable jobs."""
    jobs: Jobs = request.app.state.jobs
    return jobs


async def get_client_address(request: Request, settings: Annotated[Settings, Depends(get_settings)]) -> str:
    """Give the network address that a request comes from, as far as it can be believed."""
    peer = request.client.host if request.client else None
    return client_address(peer, request.headers.getlist("x-forwarded-for"), settings.trusted_proxies)


# scope="function": the commit happens before the answer; with the default scope a failed commit had answered 201.
DbSession = Annotated[Session, Depends(get_session, scope="function")]
AppSettings = Annotated[Settings, Depends(get_settings)]
ClientAddress = Annotated[str, Depends(get_client_address)]
AppJobs = Annotated[Jobs, Depends(get_jobs)]
