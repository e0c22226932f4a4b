"""The options of the commands that run past turns again; nothing heavy is imported before they run."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Machine output on stdout.")]


def replay(
    ticket: Annotated[str, typer.Argument(help="The ticket's id or number.")],
    turn: Annotated[str | None, typer.Option(help="One turn only, by its id.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run a ticket's recorded turns again, offline; fails and names the first step that differs, if any."""
    from api.commands import replaying

    replaying.replay(ticket, turn=turn, as_json=as_json)
