"""The test of the gate notices a gate that is deaf and one that is jumpy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from eval.gate import BaselineLimits, Check, Gate
from eval.gatecheck import Finding, PlantableDesk, check_gate, respelled
from tests.eval.fakes import FakeDesk, case, reply

CASES = tuple(
    case(
        f"c{number}",
        turns=(f"how much is the delivery of parcel {number}",),
        kind="answer",
        family=f"f{number}",
    )
    for number in range(20)
)


class Fragile(FakeDesk):
    """Answers by number; what is planted silences it, and so does any other spelling if it is brittle."""

    def __init__(self, *, brittle: bool) -> None:
        super().__init__({turn: reply() for item in CASES for turn in item.turns})
        if not brittle:
            self.replies = {
                turn: reply() for seed in range(6) for item in respelled(CASES, seed) for turn in item.turns
            } | self.replies

    async def plant(self, fault: str) -> None:
        if fault == "silence":
            self.replies = {}


def findings(gate: Gate, *, brittle: bool = False) -> dict[str, Finding]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[PlantableDesk]:
        yield Fragile(brittle=brittle)

    async def every() -> list[Finding]:
        faults = ("silence", "nothing")
        return [found async for found in check_gate(opened, CASES, gate, faults=faults, respellings=3)]

    return {finding.name: finding for finding in asyncio.run(every())}


def test_that_a_fault_which_costs_cases_fails_and_one_that_costs_none_is_called_unnoticed() -> None:
    found = findings(Gate())

    assert found["unchanged"].right
    assert not found["silence"].report.passed
    assert not found["nothing"].right


def test_that_a_desk_which_breaks_on_other_spellings_makes_the_gate_jumpy() -> None:
    assert all(findings(Gate())[f"respelling {seed}"].right for seed in (1, 2, 3))
    assert not any(findings(Gate(), brittle=True)[f"respelling {seed}"].right for seed in (1, 2, 3))


def test_that_a_gate_without_limits_is_found_deaf() -> None:
    deaf = Gate(
        check=(Check(metric="rate", min=0.0),),
        baseline=BaselineLimits(points=100, slice_points=100, families=100),
    )

    assert not findings(deaf)["silence"].right
