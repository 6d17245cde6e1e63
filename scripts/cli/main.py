"""The `daybook` command."""

import typer

from scripts.cli import (
    agreement,
    audit,
    backup,
    compliance,
    demo,
    importing,
    inbox,
    instrument,
    invite,
    keys,
    migrate,
    openapi,
    participant,
    release,
    review,
    schedule,
    serve,
    source,
    staff,
    study,
    token,
    worker,
)

app = typer.Typer(
    name="daybook",
    help="Run diary studies: offline-safe entries in, de-identified releases out.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("migrate")(migrate.migrate)
app.command("invite")(invite.invite)
app.command("review")(review.review)
app.command("demo")(demo.demo)
app.command("openapi")(openapi.openapi)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(staff.app, name="staff")
app.add_typer(token.app, name="token")
app.add_typer(study.app, name="study")
app.add_typer(importing.app, name="import")
app.add_typer(keys.app, name="keys")
app.add_typer(participant.app, name="participant")
app.add_typer(release.app, name="release")
app.add_typer(agreement.app, name="agreement")
app.add_typer(schedule.app, name="schedule")
app.add_typer(source.app, name="source")
app.add_typer(instrument.app, name="instrument")
app.add_typer(inbox.app, name="inbox")
app.add_typer(compliance.app, name="compliance")
app.add_typer(audit.app, name="audit")

if __name__ == "__main__":
    app()
