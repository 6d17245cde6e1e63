"""`daybook keys`."""

import typer
from sqlalchemy import Column, Engine

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import OPERATOR
from api.core import db, rewrapping
from api.core.crypto import MasterKeys
from api.participants import contacts
from scripts.cli.operating import err, opened, out

app = typer.Typer(help="The master key and what it wraps.", no_args_is_help=True)


@app.command("check")
def check() -> None:
    """Say whether every stored key and contact record can be opened; end with 1 if not."""
    lost = old = 0
    with opened() as (engine, found), db.reading(engine) as session:
        for column in rewrapping.columns():
            one = rewrapping.survey(session, found.master_keys, column)
            lost, old = lost + one.lost, old + one.old
            _say(
                f"{column.table.name}: {one.current} keys under the current master key, "
                f"{one.old} under an old one, {one.lost} that no key opens"
            )
        readable, closed = contacts.readable(session, found)
        _say(f"contact records: {readable} can be opened, {closed} cannot")
    if lost or closed:
        err.print("Something cannot be opened. Is a key missing in DAYBOOK_OLD_MASTER_KEYS?", style="red")
        raise typer.Exit(1)
    if found.master_keys.old and not old:
        _say("DAYBOOK_OLD_MASTER_KEYS is needed no more: take it away.")


@app.command("rotate-master")
def rotate_master() -> None:
    """Wrap every data key under the current master key; it may be killed, and run again, at any time."""
    with opened() as (engine, found):
        done = [_rewrap(engine, found.master_keys, column) for column in rewrapping.columns()]
    _say(f"{sum(changed for changed, _ in done)} data keys were wrapped anew.")
    if lost := sum(lost for _, lost in done):
        err.print(f"{lost} data keys are left as they were: no key opens them.", style="red")
        raise typer.Exit(1)
    _say("Now run `daybook keys check`.")


def _rewrap(engine: Engine, keys: MasterKeys, column: Column[bytes]) -> tuple[int, int]:
    changed, lost, after = 0, 0, None
    while True:
        with db.transaction(engine) as session:
            batch = rewrapping.rewrap_batch(session, keys, column, after)
            if batch.old:
                audit.record(
                    session, Event.KEYS_REWRAPPED, OPERATOR, table=column.table.name, count=batch.old
                )
        changed, lost, after = changed + batch.old, lost + batch.lost, batch.last
        if after is None:
            return changed, lost


def _say(sentence: str) -> None:
    out.print(sentence, highlight=False, soft_wrap=True)
