"""`daybook demo`."""

import os
import socket
import threading
from typing import Annotated, Any
from uuid import UUID

import typer
import uvicorn
from sqlmodel import Session

from api.audit.service import OPERATOR, Actor
from api.auth import service as auth
from api.core import db
from api.core.config import Settings
from api.participants import invitations
from api.releases import service as releases
from api.studies import service as studies
from api.studies.models import Study
from schemas.release import ReleaseCreate
from scripts import demo_data
from scripts.cli import demo_guide
from scripts.cli.migrate import upgrade
from scripts.cli.operating import err, out, refusals, settings
from scripts.cli.serve import config

FOLDER = "var/demo"
_PORTS_TRIED = 50


def demo(
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Port to listen on; DAYBOOK_PORT otherwise.")
    ] = None,
) -> None:
    """Serve a demonstration study with synthetic people, and show how a researcher pulls its data."""
    # Apart from real data, and quiet: what an operator set already stays.
    os.environ.setdefault("DAYBOOK_DATA_DIR", FOLDER)
    os.environ.setdefault("DAYBOOK_LOG_LEVEL", "WARNING")
    found = settings().model_copy(update={"worker": "inline"})
    if found.environment == "production":
        err.print("The demonstration does not run with DAYBOOK_ENVIRONMENT=production.")
        raise typer.Exit(2)
    listening = _listen(found.host, found.port if port is None else port)
    with refusals():
        with out.status("Preparing the database and the demonstration study"):
            upgrade()
            guide = prepare(found)
        _serve(found, listening, guide)
    out.print("Stopped. What was stored is kept for the next start.")


def prepare(found: Settings) -> demo_guide.Guide:
    """Seed the study if this database has none; make a token and a spare invitation, which are shown once."""
    engine = db.make_engine(found)
    with db.transaction(engine) as session:
        study = demo_data.find(session) or demo_data.seed(session, found)
        token = _token(session, study)
        code = invitations.invite(session, OPERATOR, study, 1, 30)[0].code
    engine.dispose()
    return demo_guide.Guide(study.id, study.title, token, code)


def _token(session: Session, study: Study) -> str:
    analyst = auth.staff_by_email(session, demo_data.ANALYST[0])
    return auth.create_token(session, OPERATOR, analyst, study.id, "demonstration", [], 7)[1]


def _listen(host: str, wanted: int) -> socket.socket:
    """Take the wanted port, or the next free one."""
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65_536)):
        listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen()
        except OSError:
            listening.close()
            continue
        if port != wanted:
            out.print(f"Port {wanted} is taken; using {port}.", highlight=False)
        return listening
    err.print(f"No free port from {wanted} on. Choose another: daybook demo --port 9000", highlight=False)
    raise typer.Exit(1)


def _serve(found: Settings, listening: socket.socket, guide: demo_guide.Guide) -> None:
    """Serve until stopped; meanwhile ask for the first release, and show the guide once it is there."""
    host, port = listening.getsockname()[:2]
    running = config(found, host, port)
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    stopping = threading.Event()

    def accompany() -> None:
        if demo_guide.wait_until_ready(address, stopping):
            _ask_for_release(running.app, guide.study_id)
            demo_guide.show(guide, address, stopping)

    guiding = threading.Thread(target=accompany, daemon=True)
    guiding.start()
    try:
        uvicorn.Server(running).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # uvicorn raises it again after it has stopped in order
    finally:
        stopping.set()
        guiding.join(timeout=5)


def _ask_for_release(app: Any, study_id: UUID) -> None:
    """Ask for the first release as the owner would, if there is none; the worker of this process makes it."""
    with db.transaction(app.state.engine) as session:
        if not releases.listing(session, study_id):
            owner = auth.staff_by_email(session, demo_data.OWNER[0])
            wanted = ReleaseCreate(recipient="Ana Analyst", purpose="Demonstration")
            study = studies.get(session, study_id)
            releases.request(session, app.state.jobs, Actor("staff", owner.id), study, wanted)
