"""What a running turn reports while it runs: stages, tools, guarded sentences, and its end."""

from dataclasses import dataclass

from graph.state import Outcome
from store.values.turns import StepRecord


@dataclass(frozen=True, slots=True)
class StagePart:
    """A node has finished."""

    node: str
    ms: float


@dataclass(frozen=True, slots=True)
class ToolPart:
    """A tool was used, or refused."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class SentencePart:
    """One sentence that has passed its check and may be shown."""

    index: int
    text: str
    last: bool = False
    """Nothing that takes time follows: it may be stored together with the reply."""


@dataclass(frozen=True, slots=True)
class ResetPart:
    """What was shown of this reply so far is withdrawn."""


@dataclass(frozen=True, slots=True)
class FinishedPart:
    """The turn's outcome and the record of its steps."""

    outcome: Outcome
    steps: tuple[StepRecord, ...]
    stages: dict[str, float]
    total_ms: float
    resumed: int = 0
    """How many of the steps an earlier run, which was cut off, had taken."""


Part = StagePart | ToolPart | SentencePart | ResetPart | FinishedPart
