"""`eval`, `probe` and `bench`: options in, the evaluation's own commands out."""

import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import Invalid

if TYPE_CHECKING:
    from eval.command import Publish

MOST_JOBS = 4


def run(
    files: list[Path],
    *,
    thresholds: str,
    mode: str | None,
    trials: int,
    out: Path | None,
    gate: Path | None,
    baseline: Path | None,
    as_json: bool,
    jobs: int | None = None,
    model: str | None = None,
) -> None:
    """Run case files on private desks; exits with 1 when a gate is missed."""
    from api.settings import Settings
    from api.trial import open_trial_desk
    from eval.command import run_eval

    settings = Settings() if model is None else Settings().model_copy(update={"llm_model": model})
    code = run_eval(
        partial(open_trial_desk, settings),
        files,
        thresholds=_numbers(thresholds),
        mode=mode,
        trials=trials,
        out=out,
        gate=gate,
        baseline=baseline,
        as_json=as_json,
        jobs=jobs or min(os.cpu_count() or 1, MOST_JOBS),
        publish=_publish(os.environ),
    )
    sys.exit(code)


def check_gate(files: list[Path], *, gate: Path, respellings: int, as_json: bool) -> None:
    """Plant every fault and respell the cases; exits with 1 when the gate is deaf or jumpy."""
    from api.faults import FAULTS
    from api.trial import open_trial_desk
    from eval.command import run_gate_check

    code = run_gate_check(
        open_trial_desk, files, faults=tuple(FAULTS), respellings=respellings, gate=gate, as_json=as_json
    )
    sys.exit(code)


def probe(
    component: str,
    data: Path | None,
    *,
    flag: str | None,
    as_json: bool,
    model: str | None = None,
    live: bool = False,
) -> None:
    """Measure one component; `effects`, `attacks`, `canaries`, `replay` and `rerun` measure a whole desk."""
    from eval.command import run_effects, run_measured, run_probe

    if component == "canaries":
        sys.exit(run_measured(_canaries(live=live), "leaks", as_json=as_json))
    if live:
        raise Invalid("only the canaries are asked on this desk's companies", field="live")
    if component == "replay":
        from api.proofs.replay import prove_replay

        sys.exit(run_measured(prove_replay(), "wrong", as_json=as_json))
    if component == "rerun":
        from api.proofs.rerun import prove_rerun

        sys.exit(run_measured(prove_rerun(), "wrong", as_json=as_json))
    if data is None:
        raise Invalid("this probe needs data", field="data")
    if component == "attacks":
        from api.attacks import measure_attacks

        measured = measure_attacks(data, "scripted:obedient" if model is None else model)
        sys.exit(run_measured(measured, "withEffect", as_json=as_json))
    if component == "effects":
        from api.poisoning import open_poisoned_desk

        sys.exit(run_effects(open_poisoned_desk, data, as_json=as_json))

    sys.exit(run_probe(component, data, flag=flag, as_json=as_json))


async def _canaries(*, live: bool) -> Any:
    from api.canaries import probe_canaries

    if not live:
        return await probe_canaries()
    from api.canary_rounds import live_round
    from api.settings import Settings

    found, _ = await live_round(Settings())
    return found


def bench(
    what: str, *, requests: int | None, concurrency: int, as_json: bool, folder: Path | None = None
) -> None:
    """Measure a served desk."""
    from eval.command import run_bench

    code = run_bench(
        what,
        environment=dict(os.environ),
        requests=requests,
        concurrency=concurrency,
        folder=folder,
        as_json=as_json,
    )
    sys.exit(code)


def _publish(environment: Mapping[str, str]) -> "Publish | None":
    """Where a run is uploaded to: LangSmith, when its own settings are there."""
    key = environment.get("LANGSMITH_API_KEY")
    if not key:
        return None

    def publish(results: Mapping[str, Any], title: str) -> str:
        from eval.experiment import upload
        from graph.adapters.clock import SystemClock
        from graph.adapters.ids import UlidIds

        clock = SystemClock()
        return upload(
            results,
            title=title,
            now=clock.now(),
            run_id=UlidIds(clock).new("exp"),
            key=key,
            endpoint=environment.get("LANGSMITH_ENDPOINT") or None,
        )

    return publish


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Invalid("thresholds are numbers with commas between them", field="thresholds") from error
