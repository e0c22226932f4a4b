"""The options of `backup`, `restore`, `move` and `customer`; nothing heavy is imported before they run."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Machine output on stdout.")]


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")], as_json: AsJson = False
) -> None:
    """Copy a desk on SQLite while it runs, and verify the copy."""
    from api.commands import keeping

    keeping.backup(target, as_json=as_json)


def restore(
    source: Annotated[
        Path, typer.Argument(help="A folder that `backup` made.", exists=True, file_okay=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of a desk that does not run; refuses a backup that is not whole."""
    from api.commands import keeping

    keeping.restore(source, as_json=as_json)


def move(
    to: Annotated[str, typer.Option(help="The empty PostgreSQL database, as an SQLAlchemy URL.")],
    as_json: AsJson = False,
) -> None:
    """Copy a desk to another engine; every table is compared by count and digest."""
    from api.commands import keeping

    keeping.move(to, as_json=as_json)


def customer(
    action: Annotated[str, typer.Argument(help="export or erase.")],
    email: Annotated[str, typer.Argument()],
    company: Annotated[str, typer.Option(help="The company's slug.")],
) -> None:
    """Show all that is kept of a customer as JSON, or erase it with a receipt."""
    from api.commands import keeping

    keeping.customer(action, email, company=company)
