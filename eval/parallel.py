"""Carries a plan out in several processes, each with a private desk of its own.

Conversations are independent of each other, so the replies are the same however many processes there are.
Each process has its share of the cases and puts them through all trials and settings: what a desk found for
one setting it remembers for the next.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from eval.desk import DeskFactory
from eval.runner import Plan, Progress, Results, Run, run


def run_plan(
    open_desk: DeskFactory, plan: Plan, *, jobs: int = 1, progress: Progress = lambda _: None
) -> Run:
    """All trials and all settings of the ablation; `jobs` > 1 needs an `open_desk` importable by name."""
    jobs = max(1, min(jobs, len(plan.cases)))
    own, *others = [replace(plan, cases=plan.cases[at::jobs]) for at in range(jobs)]
    if not others:
        return asyncio.run(_share(open_desk, own, progress))
    with ProcessPoolExecutor(len(others), mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_alone, open_desk, share) for share in others]
        runs = [asyncio.run(_share(open_desk, own, progress))]
        for share, future in zip(others, running, strict=True):
            runs.append(future.result())
            progress(share.conversations)
    return _joined(runs)


def _alone(open_desk: DeskFactory, plan: Plan) -> Run:
    return asyncio.run(_share(open_desk, plan, lambda _: None))


async def _share(open_desk: DeskFactory, plan: Plan, progress: Progress) -> Run:
    async with open_desk() as desk:
        return await run(plan, desk, progress)


def _joined(runs: list[Run]) -> Run:
    """The results in the order of the cases, which were dealt like cards."""
    trials = zip(*(run.trials for run in runs), strict=True)
    passes = zip(*(run.ablation for run in runs), strict=True)
    return Run(
        tuple(_dealt_back(hands) for hands in trials),
        tuple((hands[0][0], _dealt_back([results for _, results in hands])) for hands in passes),
    )


def _dealt_back(hands: Sequence[Results]) -> Results:
    return tuple(hand[at] for at in range(len(hands[0])) for hand in hands if at < len(hand))
