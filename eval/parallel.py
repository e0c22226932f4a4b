"""Carries a plan out in several processes, each with a private desk of its own.

Conversations are independent of each other, so the replies are the same however many processes there are.
The first process is this one: it runs the trials, on which the figures rest; the passes of the ablation are
dealt out to all.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from eval.desk import DeskFactory
from eval.runner import Plan, Progress, Result, Run, Setting, run_setting

Passes = tuple[tuple[Result, ...], ...]


def run_plan(
    open_desk: DeskFactory, plan: Plan, *, jobs: int = 1, progress: Progress = lambda _: None
) -> Run:
    """All trials and all settings of the ablation; `jobs` > 1 needs an `open_desk` importable by name."""
    trials = [Setting(mode=plan.mode)] * plan.trials
    shares = _dealt(plan.settings, len(trials), jobs)
    own, others = [*trials, *shares[0]], [share for share in shares[1:] if share]
    if not others:
        done = {0: asyncio.run(_passes(open_desk, plan, own, progress))}
    else:
        with ProcessPoolExecutor(len(others), mp_context=get_context("spawn")) as pool:
            running = [pool.submit(_share, open_desk, plan, share) for share in others]
            done = {0: asyncio.run(_passes(open_desk, plan, own, progress))}
            for place, future in enumerate(running, start=1):
                done[place] = future.result()
                progress(len(plan.cases) * len(others[place - 1]))
    rows = dict(zip(shares[0], done[0][plan.trials :], strict=True))
    for place, share in enumerate(others, start=1):
        rows |= dict(zip(share, done[place], strict=True))
    return Run(done[0][: plan.trials], tuple((setting, rows[setting]) for setting in plan.settings))


def _dealt(settings: Sequence[Setting], trials: int, jobs: int) -> list[list[Setting]]:
    """The settings for each process: about as many passes for each; ours has the trials."""
    shares: list[list[Setting]] = [[] for _ in range(max(1, jobs))]
    for setting in settings:
        sizes = [len(share) + (trials if place == 0 else 0) for place, share in enumerate(shares)]
        shares[sizes.index(min(sizes))].append(setting)
    return shares


def _share(open_desk: DeskFactory, plan: Plan, settings: Sequence[Setting]) -> Passes:
    return asyncio.run(_passes(open_desk, plan, settings, lambda _: None))


async def _passes(
    open_desk: DeskFactory, plan: Plan, settings: Sequence[Setting], progress: Progress
) -> Passes:
    async with open_desk() as desk:
        return tuple([await run_setting(plan.cases, desk, setting, progress) for setting in settings])
