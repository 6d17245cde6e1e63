"""`daybook serve`."""

from typing import Annotated

import typer
import uvicorn

from api.core.config import Settings
from api.main import create_app
from scripts.cli.operating import safely, settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; DAYBOOK_HOST otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; DAYBOOK_PORT otherwise.")] = None,
) -> None:
    """Serve the API; with DAYBOOK_WORKER=inline (the default on SQLite) run the jobs too."""
    found = settings()
    with safely():
        wanted = config(found, host or found.host, found.port if port is None else port)
    uvicorn.Server(wanted).run()


def config(found: Settings, host: str, port: int) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    return uvicorn.Config(
        create_app(found),
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # the application writes its own line, without addresses or tokens
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=10,
    )
