"""`daybook backup` and `daybook restore`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import OPERATOR
from scripts.backup.making import SHORTEST, back_up
from scripts.backup.refusals import NotDone
from scripts.backup.restoring import restore as bring_back
from scripts.cli.operating import err, operating, out, settings

VARIABLE = "DAYBOOK_BACKUP_PASSPHRASE"
_INCOMPLETE = 3
Passphrase = Annotated[
    Path | None, typer.Option(help=f"File with the passphrase; {VARIABLE} or a question otherwise.")
]


def backup(file: Path, passphrase_file: Passphrase = None) -> None:
    """Write everything into one encrypted file, while the service runs."""
    with _sentences("No backup was made."):
        made = back_up(settings(), file, _passphrase(passphrase_file, new=True))
    with operating() as (session, _):
        audit.record(session, Event.BACKUP_MADE, OPERATOR)
    out.print(
        f"{file}: {sum(made.tables.values())} rows, {made.files} release files, read back.", markup=False
    )
    out.print("It opens with the passphrase only, and needs DAYBOOK_MASTER_KEY too: keep both elsewhere.")
    for name in made.damaged:
        err.print(
            f"The release file {name} is missing or not as it was published.", style="red", markup=False
        )
    if made.damaged:
        raise typer.Exit(_INCOMPLETE)


def restore(
    file: Path,
    passphrase_file: Passphrase = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a database that holds data: it is gone then.")
    ] = False,
    without_ledger: Annotated[
        bool, typer.Option("--without-ledger", help="Go on although the ledger of withdrawals is lost.")
    ] = False,
) -> None:
    """Put a backup in the place of the database; on any failure everything stays as it was."""
    with _sentences("Nothing was restored, nothing was changed."):
        passphrase = _passphrase(passphrase_file, new=False)
        done = bring_back(settings(), file, passphrase, replace=replace, with_ledger=not without_ledger)
    out.print(
        f"Restored as it was at {done.header.made_at:%Y-%m-%d %H:%M:%S} UTC: "
        f"{sum(done.manifest.tables.values())} rows, {done.files} release files."
    )
    for kind, count in done.redone.items():
        out.print(f"Done again from the ledger: {kind}: {count}.")
    if without_ledger:
        err.print("No ledger was followed: who withdrew since then is back, until you withdraw them again.")
    if done.lost_keys:
        err.print(f"{done.lost_keys} data keys do not open. Is a key missing from DAYBOOK_OLD_MASTER_KEYS?")


@contextmanager
def _sentences(said: str) -> Iterator[None]:
    try:
        yield
    except NotDone as refused:
        err.print(f"[red]{said}[/red] {escape(str(refused))}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _passphrase(file: Path | None, *, new: bool) -> str:
    """Return the passphrase; never from the command line, which every user of the machine can read."""
    if file is not None:
        if not file.is_file():
            raise NotDone(f"There is no file {file}.")
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    if given := os.environ.get(VARIABLE):
        return given
    asked: str = typer.prompt(
        f"Passphrase (at least {SHORTEST} characters)" if new else "Passphrase",
        hide_input=True,
        confirmation_prompt=new,
    )
    return asked
