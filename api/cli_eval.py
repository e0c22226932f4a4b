"""The options of the commands that measure; nothing heavy is imported before they run."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Machine output on stdout.")]


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Case files, JSON Lines.", exists=True, dir_okay=False)],
    thresholds: Annotated[str, typer.Option(help="For the ablation, such as 0.6,0.7,0.8.")] = "",
    mode: Annotated[str | None, typer.Option(help="strict, balanced or permissive.")] = None,
    trials: Annotated[int, typer.Option(min=1)] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Write results.json, results.csv, report.html here.")
    ] = None,
    gate: Annotated[Path | None, typer.Option(help="Fail when the results miss this gate.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Compare with earlier results.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one a core, at most 4.")] = None,
    model: Annotated[
        str | None, typer.Option(help="A language model such as scripted:echo; else SUPPORTGRAPH_LLM_MODEL.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run case files on a private copy of the seeded desk and judge the replies."""
    from api.commands import evaluating

    evaluating.run(
        files,
        thresholds=thresholds,
        mode=mode,
        trials=trials,
        out=out,
        gate=gate,
        baseline=baseline,
        jobs=jobs,
        model=model,
        as_json=as_json,
    )


def check_gate(
    files: Annotated[list[Path], typer.Argument(help="Case files, JSON Lines.", exists=True, dir_okay=False)],
    gate: Annotated[Path, typer.Option(help="The gate to test.", exists=True, dir_okay=False)],
    respellings: Annotated[int, typer.Option(min=0, help="How often the cases are respelled.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Test a gate: planted faults have to fail it, respelled cases must not."""
    from api.commands import evaluating

    evaluating.check_gate(files, gate=gate, respellings=respellings, as_json=as_json)


def check_isolation(
    count: Annotated[int, typer.Option("--removals", min=1, help="How many of all company checks.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed removes the same checks.")] = 1,
    every: Annotated[bool, typer.Option("--all", help="Remove each of them in turn.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove company checks from a copy of the code, one at a time: a test has to go red for each."""
    from api.commands import isolating

    isolating.check(count, seed=seed, every=every, as_json=as_json)


def probe(
    component: Annotated[
        str,
        typer.Argument(
            help="intents, language, safety, pii, guard, retrieval, or of a whole desk: "
            "effects, attacks, canaries, replay, rerun."
        ),
    ],
    data: Annotated[
        Path | None,
        typer.Option(exists=True, help="The evaluator's file or folder."),
    ] = None,
    flag: Annotated[str | None, typer.Option(help="For safety: injection, abuse or spam.")] = None,
    model: Annotated[
        str | None,
        typer.Option(help="For attacks: the model behind the desk; scripted:obedient if not given."),
    ] = None,
    live: Annotated[
        bool, typer.Option(help="For canaries: a copy of this desk's companies; kept for the page.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure one component on the evaluator's own data."""
    from api.commands import evaluating

    evaluating.probe(component, data, flag=flag, as_json=as_json, model=model, live=live)


def bench(
    what: Annotated[
        str, typer.Argument(help="turn, stream, model, retrieval, import, recall, pages or start.")
    ] = "turn",
    requests: Annotated[
        int | None, typer.Option(min=1, help="How many; each benchmark has its own number.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1)] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="For import: HTML pages instead of made ones.", exists=True)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure speed and memory of a served desk on a private folder."""
    from api.commands import evaluating

    evaluating.bench(what, requests=requests, concurrency=concurrency, folder=folder, as_json=as_json)


def faults(
    profile: Annotated[str, typer.Option(help="embedded, postgres or both.")] = "both",
    rows: Annotated[str, typer.Option(help="Of the fault matrix, such as 10,23; all or none.")] = "all",
    seconds: Annotated[float, typer.Option(min=0, help="Of random faults after the rows.")] = 1200.0,
    kills: Annotated[int, typer.Option(min=0, help="The run ends after so many; 0: with its time.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed draws the same faults.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Break real processes of a private desk in every known way, and check every promise after each."""
    from api.commands import faulting

    faulting.faults(profile, seed=seed, seconds=seconds, kills=kills, rows=rows, as_json=as_json)


def load(
    profile: Annotated[str, typer.Option(help="embedded or postgres.")] = "embedded",
    parts: Annotated[str, typer.Option(help="Of throughput, streams, neighbours.")] = (
        "throughput,streams,neighbours"
    ),
    requests: Annotated[int, typer.Option(min=1, help="Turns in each round of throughput.")] = 64,
    concurrency: Annotated[int, typer.Option(min=1, help="So many at once.")] = 16,
    streams: Annotated[int, typer.Option(min=1, help="Open streams.")] = 1000,
    seconds: Annotated[float, typer.Option(min=1, help="How long streams stay open.")] = 60.0,
    rate: Annotated[float, typer.Option(min=0.1, help="Messages a second beside open streams.")] = 2.0,
    as_json: AsJson = False,
) -> None:
    """Measure what a private desk bears: turns a second, open streams, a loud company beside a quiet one."""
    from api.commands import loading

    loading.load(
        profile,
        parts=parts,
        requests=requests,
        concurrency=concurrency,
        streams=streams,
        seconds=seconds,
        rate=rate,
        as_json=as_json,
    )
