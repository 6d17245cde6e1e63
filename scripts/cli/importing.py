"""`daybook import`."""

import typer

app = typer.Typer(help="Bring in a study from another tool.", no_args_is_help=True)
