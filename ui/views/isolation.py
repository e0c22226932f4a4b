"""Standing proof that companies are apart, as the operator sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from store.values.isolation import CanaryRun
from ui.views.shell import Shell
from ui.views.words import stamp


@dataclass(frozen=True)
class RoundLine:
    """A round in the list."""

    at: str
    companies: int
    found: str
    probes: str
    leaks: int
    seconds: str


@dataclass(frozen=True)
class LeakLine:
    """A fact of one company that another one could read."""

    at: str
    of: str
    where: str
    surface: str


@dataclass(frozen=True)
class IsolationPage:
    """What the rounds came to."""

    template: ClassVar[str] = "isolation.html"
    shell: Shell
    headline: str
    detail: str
    family: str
    surfaces: tuple[tuple[str, int], ...]
    rounds: tuple[RoundLine, ...]
    leaks: tuple[LeakLine, ...]
    running: bool
    may_run: bool


def round_line(run: CanaryRun) -> RoundLine:
    """A round as a row."""
    return RoundLine(
        at=stamp(run.created_at),
        companies=run.companies,
        found=f"{run.found} of {run.companies}",
        probes=f"{run.probes:,}",
        leaks=run.leaks,
        seconds=f"{run.seconds:.0f} s",
    )


def leak_lines(runs: Sequence[CanaryRun]) -> tuple[LeakLine, ...]:
    """Every leak of the rounds, the newest first."""
    return tuple(
        LeakLine(stamp(run.created_at), leak["of"], leak["at"], leak["surface"])
        for run in runs
        for leak in run.leaked
    )
