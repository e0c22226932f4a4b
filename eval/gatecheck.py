"""Tests the gate itself: planted regressions have to fail it, meaning-preserving respellings must not.

A gate that never fails is worth nothing, and one that fails for another spelling is soon ignored. So the
same cases are run once for a baseline, once on a desk with each planted fault, and once in each respelling.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from eval.cases import Case
from eval.desk import EvalDesk
from eval.gate import Gate, GateReport, hold
from eval.respell import respell
from eval.runner import Plan, Progress, run
from eval.summary import case_rows, summarise


class PlantableDesk(EvalDesk, Protocol):
    """A private desk in which a fault can be planted."""

    async def plant(self, fault: str) -> None:
        """Break one thing, by name; raises `Invalid` for a fault that is not known."""
        ...


PlantableFactory = Callable[[], AbstractAsyncContextManager[PlantableDesk]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate said of one run, and whether that is what it should say."""

    name: str
    should_pass: bool
    report: GateReport
    rate: float

    @property
    def right(self) -> bool:
        """Whether the gate said what it should."""
        return self.report.passed is self.should_pass

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON values."""
        return {
            "run": self.name,
            "rate": self.rate,
            "shouldPass": self.should_pass,
            "passed": self.report.passed,
            "right": self.right,
            "reasons": list(self.report.reasons),
        }


async def check_gate(
    open_desk: PlantableFactory,
    cases: Sequence[Case],
    gate: Gate,
    *,
    faults: Sequence[str],
    respellings: int,
    progress: Progress = lambda _: None,
) -> AsyncIterator[Finding]:
    """The baseline against itself, then every fault and every respelling against the baseline."""
    async with open_desk() as desk:
        baseline = await _results(desk, cases, progress)
        yield _finding("unchanged", True, gate, baseline, baseline)
        for seed in range(1, respellings + 1):
            results = await _results(desk, respelled(cases, seed), progress)
            yield _finding(f"respelling {seed}", True, gate, results, baseline)
    for fault in faults:
        async with open_desk() as desk:
            await desk.plant(fault)
            yield _finding(fault, False, gate, await _results(desk, cases, progress), baseline)


def respelled(cases: Sequence[Case], seed: int) -> tuple[Case, ...]:
    """The cases as other customers might have typed them; what is demanded of the replies stays."""
    return tuple(
        case.model_copy(
            update={
                "turns": tuple(
                    respell(turn, seed, hinglish=case.language == "hinglish") for turn in case.turns
                )
            }
        )
        for case in cases
    )


async def _results(desk: EvalDesk, cases: Sequence[Case], progress: Progress) -> dict[str, Any]:
    outcome = await run(Plan(cases=tuple(cases)), desk, progress)
    return {"summary": summarise(outcome), "cases": case_rows(outcome)}


def _finding(
    name: str, should_pass: bool, gate: Gate, results: dict[str, Any], baseline: dict[str, Any]
) -> Finding:
    return Finding(name, should_pass, hold(gate, results, baseline), results["summary"]["rate"])
