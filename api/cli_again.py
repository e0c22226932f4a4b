"""The options of the commands that run past turns again; nothing heavy is imported before they run."""

from pathlib import Path
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


def rerun(
    draft: Annotated[Path, typer.Argument(help="The draft, a JSON file.", exists=True, dir_okay=False)],
    company: Annotated[
        str | None, typer.Option(help="On whose tickets; else the draft's own company.")
    ] = None,
    last: Annotated[int, typer.Option(min=1, max=1000, help="On so many answered tickets.")] = 200,
    every: Annotated[bool, typer.Option("--every", help="Run every ticket: leave none out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try a draft of knowledge, a rule or an agent on past tickets; writes nothing at all."""
    from api.commands import trying_again

    trying_again.rerun(draft, company=company, last=last, sieve=not every, as_json=as_json)


def gate(
    company: Annotated[str, typer.Argument(help="The company's slug.")],
    trials: Annotated[int | None, typer.Option(min=1, max=10, help="Of each case; else the gate's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask a company's own cases of the desk as it is; fails when its gate does not hold (pass^k)."""
    from api.commands import trying_again

    trying_again.gate(company, trials=trials, as_json=as_json)
