"""A plan gives the same results in one process and in several."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from eval.desk import EvalDesk
from eval.parallel import run_plan
from eval.runner import Plan
from tests.eval.fakes import FakeDesk, case, reply


@asynccontextmanager
async def opened() -> AsyncIterator[EvalDesk]:
    yield FakeDesk({"price?": reply(confidence=0.7)})


def test_that_several_processes_come_to_what_one_comes_to_and_count_every_conversation() -> None:
    cases = (
        case("known", turns=("price?",), kind="answer"),
        case("strange", turns=("hat?",), kind="unknown"),
    )
    plan = Plan(cases=cases, thresholds=(0.6, 0.8), modes=("strict", "balanced"), trials=2)
    alone: list[int] = []
    together: list[int] = []

    one = run_plan(opened, plan, jobs=1, progress=alone.append)
    several = run_plan(opened, plan, jobs=2, progress=together.append)

    assert several == one
    assert [row.passed for _, results in one.ablation for row in results][:4] == [True, False, False, False]
    assert sum(alone) == sum(together) == plan.conversations
