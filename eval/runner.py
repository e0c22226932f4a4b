"""Puts every case to a desk and judges what comes back: once, several times, and under other settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from eval.cases import Case
from eval.desk import CaseReply, EvalDesk
from eval.judge import Judgement, judge

Progress = Callable[[int], None]
"""Told how many conversations have been finished since the last call."""


@dataclass(frozen=True, slots=True)
class Result:
    """One case, what the desk said in one trial, and the judgement."""

    case: Case
    reply: CaseReply
    judgement: Judgement

    @property
    def passed(self) -> bool:
        """Whether every demand was met."""
        return self.judgement.passed


Results: TypeAlias = tuple[Result, ...]
"""Of one pass, in the order of the cases."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an ablation changes; None keeps the agent's own."""

    threshold: float | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """All results: by trial for the main setting, and one pass for each setting of the ablation."""

    trials: tuple[Results, ...]
    ablation: tuple[tuple[Setting, Results], ...] = ()

    @property
    def results(self) -> Results:
        """The first trial, on which all figures but pass^k rest."""
        return self.trials[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run."""

    cases: tuple[Case, ...]
    mode: str | None = None
    trials: int = 1
    thresholds: tuple[float, ...] = ()
    modes: tuple[str, ...] = ("strict", "balanced", "permissive")

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The settings of the ablation: none without thresholds, one mode when it was chosen."""
        modes = (self.mode,) if self.mode else self.modes
        return tuple(Setting(threshold, mode) for mode in modes for threshold in self.thresholds)

    @property
    def conversations(self) -> int:
        """How many conversations the whole plan takes."""
        return len(self.cases) * (self.trials + len(self.settings))


async def run(plan: Plan, desk: EvalDesk, progress: Progress = lambda _: None) -> Run:
    """Carry the plan out on one desk, one conversation after the other."""
    main = Setting(mode=plan.mode)
    trials = [await run_setting(plan.cases, desk, main, progress) for _ in range(plan.trials)]
    return Run(tuple(trials), await _ablate(plan, desk, progress) if plan.settings else ())


async def _ablate(plan: Plan, desk: EvalDesk, progress: Progress) -> tuple[tuple[Setting, Results], ...]:
    """All cases under the settings at the corners, and under the others those that the corners disagree on.

    Modes are ordered by what they let pass and thresholds by size, so a setting between settings that reply
    alike replies as they do.
    """
    modes, thresholds = [setting.mode for setting in plan.settings], sorted(plan.thresholds)
    corners = {
        Setting(end, mode) for mode in (modes[0], modes[-1]) for end in (thresholds[0], thresholds[-1])
    }
    found: dict[Setting, Results] = {}
    for setting in sorted(plan.settings, key=lambda each: each not in corners):
        if setting in corners:
            found[setting] = await run_setting(plan.cases, desk, setting, progress)
            continue
        replies = list(zip(*(found[corner] for corner in corners), strict=True))
        torn = [each[0].case for each in replies if len({_said(result) for result in each}) > 1]
        again = {result.case.id: result for result in await run_setting(torn, desk, setting, progress)}
        found[setting] = tuple(again.get(each[0].case.id, each[0]) for each in replies)
        progress(len(plan.cases) - len(torn))
    return tuple((setting, found[setting]) for setting in plan.settings)


def _said(result: Result) -> str:
    """The reply without what differs from run to run."""
    return repr(replace(result.reply, total_ms=0.0, stages={}, turn_id=""))


async def run_setting(cases: Sequence[Case], desk: EvalDesk, setting: Setting, progress: Progress) -> Results:
    """One pass over all cases, in order, from the seeded state."""
    await desk.reset()
    results = []
    for case in cases:
        reply = await desk.ask(
            case.company or "",
            case.email,
            case.verified,
            case.turns,
            threshold=setting.threshold,
            mode=setting.mode,
        )
        results.append(Result(case, reply, judge(case, reply)))
        progress(1)
    return tuple(results)
