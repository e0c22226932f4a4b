"""The options of the commands that look back; nothing heavy is imported before they run."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Machine output on stdout.")]
Days = Annotated[int, typer.Option(min=1, max=366)]
OneOrAll = Annotated[str, typer.Option(help="The company's slug; all without it.")]
Company = Annotated[str, typer.Option(help="The company's slug.")]


def recall(company: Company, as_json: AsJson = False) -> None:
    """List the past answers that no longer hold, by the change that made them stale."""
    from api.commands import looking

    looking.recall(company, as_json=as_json)


def outcomes(company: OneOrAll = "", days: Days = 30, as_json: AsJson = False) -> None:
    """How tickets ended, with denominators; 1 as exit code when a recount from the events differs."""
    from api.commands import looking

    looking.outcomes(company, days, as_json=as_json)


def parity(company: OneOrAll = "", days: Days = 30, as_json: AsJson = False) -> None:
    """English minus Hinglish by metric: live tickets, reviewed answers, evaluation runs."""
    from api.commands import looking

    looking.parity(company, days, as_json=as_json)


def reviews(company: Company, days: Days = 30, as_json: AsJson = False) -> None:
    """The true error rate of answers by leads' marks on a random sample."""
    from api.commands import looking

    looking.reviews(company, days, as_json=as_json)
