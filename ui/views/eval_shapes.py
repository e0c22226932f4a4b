"""What the evaluation pages show, as values."""

from dataclasses import dataclass
from typing import ClassVar

from ui.views.charts import Chart
from ui.views.forms import Form
from ui.views.shell import Shell
from ui.views.words import Sign

STRIP, FLOOR = 200.0, 0.5


@dataclass(frozen=True)
class RunLine:
    """A run in the list."""

    title: str
    url: str
    at: str
    by: str
    rate: str
    interval: str
    gap: str
    hits: int
    latency: str


@dataclass(frozen=True)
class Going:
    """A run that has not ended."""

    id: str
    title: str
    done: int
    of: int
    status: str
    error: str = ""


@dataclass(frozen=True)
class OwnLine:
    """A case that a company keeps."""

    id: str
    name: str
    company: str
    words: str
    wants: str
    disputed: str = ""
    """Why it is not judged; empty for a case that counts."""


@dataclass(frozen=True)
class GateLine:
    """A company's gate."""

    company: str
    name: str
    cases: int
    disputed: int
    sign: Sign
    when: str
    run_url: str
    form: Form


@dataclass(frozen=True)
class Evals:
    """Every run, and the way to a new one."""

    template: ClassVar[str] = "evals.html"
    shell: Shell
    runs: tuple[RunLine, ...]
    going: tuple[Going, ...]
    sources: tuple[tuple[str, str], ...]
    companies: tuple[tuple[str, str], ...]
    form: Form
    own: tuple[OwnLine, ...]
    may_start: bool = True
    gates: tuple[GateLine, ...] = ()


@dataclass(frozen=True)
class Headline:
    """One figure with its interval or its share."""

    name: str
    value: str
    detail: str


@dataclass(frozen=True)
class Interval:
    """A rate with its 95 % interval on a strip from 50 to 100 %."""

    words: str
    rate: str
    interval: str
    low: float
    high: float
    at: float


@dataclass(frozen=True)
class KindRow:
    """How one kind of case went in each language; None where there was none."""

    name: str
    english: Interval | None
    hinglish: Interval | None
    gap: str


@dataclass(frozen=True)
class CaseLine:
    """A case and what became of it."""

    id: str
    language: str
    words: str
    wanted: str
    said: str
    passed: bool
    why: str
    reply: str
    before: str = ""
    before_passed: bool = False


@dataclass(frozen=True)
class Against:
    """What changed since another run."""

    title: str
    fixed: tuple[CaseLine, ...]
    broken: tuple[CaseLine, ...]
    other: tuple[CaseLine, ...]
    """Passed or failed as before, but with another reply."""
    missing: int = 0


@dataclass(frozen=True)
class EvalPage:
    """One run."""

    template: ClassVar[str] = "eval.html"
    shell: Shell
    id: str
    title: str
    summary: str
    headlines: tuple[Headline, ...]
    kinds: tuple[KindRow, ...]
    calibration: Chart
    intents: tuple[tuple[str, str, str], ...]
    failures: tuple[CaseLine, ...]
    others: tuple[tuple[str, str, bool], ...]
    against: Against | None = None
