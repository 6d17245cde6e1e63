"""`daybook openapi`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.core.config import Settings
from api.main import create_app
from scripts.cli.operating import out

COMMITTED = Path(__file__).parents[2] / "schemas" / "openapi.json"


def document() -> str:
    """Return the OpenAPI document as it is committed."""
    app = create_app(Settings(environment="development"))
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


def openapi(
    check: Annotated[
        bool, typer.Option(help="Compare with the committed document instead of writing it.")
    ] = False,
) -> None:
    """Write schemas/openapi.json, or check it."""
    if not check:
        COMMITTED.write_text(document(), encoding="utf-8")
    elif not COMMITTED.exists() or COMMITTED.read_text(encoding="utf-8") != document():
        out.print("schemas/openapi.json is out of date: run `daybook openapi`.")
        raise typer.Exit(1)
