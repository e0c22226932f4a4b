"""Turns a run into the figures of `results.json` (`DESIGN` 10), and more that the report shows.

Rates are shares 0..1; the parity gap is in points. Which reply a case gets is the same on every machine, so
everything here but the latencies is too.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from eval import scores
from eval.answered import answered_and_refused
from eval.runner import Result, Run, Setting
from eval.stats import Gap, Rate, paired_gap, quantile, unpaired_gap
from language.decide import reply_is

Json = dict[str, Any]

_ABSTAINED = frozenset({"unknown", "handoff", "clarify"})


def summarise(run: Run) -> Json:
    """Every figure of a run, as JSON values."""
    results = run.results
    return {
        **rate_json(_rate(results)),
        "mustNotHits": sum(result.judgement.must_not_hits for result in results),
        "byLanguage": _by(results, lambda result: result.case.language),
        "byKind": _by(results, lambda result: result.case.wanted),
        "byCompany": _by(results, lambda result: result.case.company),
        "answeredAndRefused": answered_and_refused(results, rate_json),
        "byLanguageAndKind": _by_language_and_kind(results),
        "parityGap": _gap_json(parity(results)),
        "latencyMs": latency(results),
        "ablation": [ablation_row(setting, rows) for setting, rows in run.ablation],
        "trials": len(run.trials),
        "passK": {"k": len(run.trials), **rate_json(pass_k(run))},
        "intents": intents(results),
        "calibration": _calibration(
            [result.reply.confidence for result in results], [result.passed for result in results]
        ),
        "escalationRate": _share(results, _escalated),
        "personOffered": _share(results, _person_offered),
        "toolSuccess": rate_json(_rate([result for result in results if result.case.tools])),
        "flaggedReplies": sum(result.reply.hallucination for result in results),
        "replyLanguage": rate_json(_reply_language(results)),
    }


def case_rows(run: Run) -> list[Json]:
    """One row a case: what it came to in the first trial, and in how many trials it passed."""
    passes = [sum(trial[place].passed for trial in run.trials) for place in range(len(run.results))]
    return [
        {
            "id": result.case.id,
            "passed": result.passed,
            "failures": list(result.judgement.failures),
            "kind": result.reply.kind,
            "tools": list(result.reply.tools),
            "reply": result.reply.reply,
            "turnId": result.reply.turn_id,
            "company": result.case.company,
            "language": result.case.language,
            "wantedKind": result.case.kind,
            "family": result.case.family,
            "turns": list(result.case.turns),
            "intent": result.reply.intent,
            "wantedIntent": result.case.intent,
            "action": result.reply.action,
            "confidence": round(result.reply.confidence, 4),
            "sources": list(result.reply.sources),
            "passedTrials": count,
        }
        for result, count in zip(run.results, passes, strict=True)
    ]


def parity(results: Sequence[Result]) -> Gap:
    """English minus Hinglish: paired by family where families hold both, otherwise between all cases."""
    families: dict[str, tuple[list[bool], list[bool]]] = {}
    sides: tuple[list[bool], list[bool]] = ([], [])
    for result in results:
        side = {"en": 0, "hinglish": 1}.get(result.case.language or "")
        if side is None:
            continue
        sides[side].append(result.passed)
        if result.case.family:
            families.setdefault(result.case.family, ([], []))[side].append(result.passed)
    pairs = [pair for english, hinglish in families.values() for pair in zip(english, hinglish, strict=False)]
    if pairs:
        return paired_gap(pairs)
    english, hinglish = (Rate(sum(side), len(side)) for side in sides)
    return unpaired_gap(english, hinglish) if english.cases and hinglish.cases else Gap(0.0, (-1.0, 1.0))


def pass_k(run: Run) -> Rate:
    """The share of cases that pass in every trial."""
    always = [all(trial[place].passed for trial in run.trials) for place in range(len(run.results))]
    return Rate(sum(always), len(always))


def intents(results: Sequence[Result]) -> Json:
    """How well the intents were read, over the cases that name one."""
    known = [result for result in results if result.case.intent]
    truth = [result.case.intent or "" for result in known]
    said = [result.reply.intent for result in known]
    right = [true == label for true, label in zip(truth, said, strict=True)]
    labels = scores.per_label(truth, said)
    counts = scores.confusion(truth, said)
    return {
        **rate_json(Rate(sum(right), len(right))),
        "macroF1": _round(scores.macro_f1(labels)),
        "perLabel": {
            name: {"f1": _round(score.f1), "support": score.support} for name, score in labels.items()
        },
        "byLanguage": _by(
            known,
            lambda result: result.case.language,
            lambda result: result.case.intent == result.reply.intent,
        ),
        "confusion": [[true, label, count] for (true, label), count in sorted(counts.items())],
        "calibration": _calibration([result.reply.intent_confidence for result in known], right),
    }


def latency(results: Sequence[Result]) -> Json:
    """Milliseconds of the last turns: whole, and by stage."""
    totals = [result.reply.total_ms for result in results]
    stages: dict[str, list[float]] = {}
    for result in results:
        for node, spent in result.reply.stages.items():
            stages.setdefault(node, []).append(spent)
    return {
        "p50": _round(quantile(totals, 0.5), 2),
        "p99": _round(quantile(totals, 0.99), 2),
        "stages": {node: _round(quantile(spent, 0.5), 2) for node, spent in sorted(stages.items())},
    }


def ablation_row(setting: Setting, results: Sequence[Result]) -> Json:
    """What a threshold and a mode do: who answers, how often, and how often rightly.

    `coverage` is the share of cases that the desk settles by itself: it neither says that it does not know,
    nor asks back, nor brings in a person; `selectiveAccuracy` is how often it is right then.
    """
    settled = [result for result in results if result.reply.kind not in _ABSTAINED]
    actions = sorted({result.reply.action for result in results})
    kinds = sorted({result.reply.kind for result in results})
    return {
        "threshold": setting.threshold,
        "mode": setting.mode,
        **rate_json(_rate(results)),
        "escalationRate": _share(results, _escalated),
        "personOffered": _share(results, _person_offered),
        "coverage": _round(len(settled) / len(results)) if results else 0.0,
        "selectiveAccuracy": _round(_rate(settled).rate),
        "actions": {name: sum(result.reply.action == name for result in results) for name in actions},
        "routes": {name: sum(result.reply.kind == name for result in results) for name in kinds},
    }


def rate_json(rate: Rate) -> Json:
    """A rate as the four fields that every rate has in `results.json`."""
    return {
        "cases": rate.cases,
        "passed": rate.passed,
        "rate": _round(rate.rate),
        "ci95": [_round(bound) for bound in rate.ci95],
    }


def _by(
    results: Sequence[Result],
    key: Callable[[Result], str | None],
    right: Callable[[Result], bool] = lambda result: result.passed,
) -> Json:
    groups: dict[str, list[bool]] = {}
    for result in results:
        name = key(result)
        if name is not None:
            groups.setdefault(name, []).append(right(result))
    return {name: rate_json(Rate(sum(group), len(group))) for name, group in sorted(groups.items())}


def _by_language_and_kind(results: Sequence[Result]) -> Json:
    languages = sorted({result.case.language for result in results if result.case.language})
    return {
        language: _by(
            [result for result in results if result.case.language == language],
            lambda result: result.case.wanted,
        )
        for language in languages
    }


def _calibration(confidence: Sequence[float], right: Sequence[bool]) -> Json:
    bins = scores.reliability(confidence, right)
    curve = scores.risk_coverage(confidence, right)
    return {
        "ece": _round(scores.ece(bins)),
        "bins": [
            {"confidence": _round(group.confidence), "accuracy": _round(group.accuracy), "count": group.count}
            for group in bins
        ],
        "riskCoverage": [
            [_round(step.coverage), _round(step.risk), _round(step.threshold)] for step in curve
        ],
    }


def _gap_json(gap: Gap) -> Json:
    return {
        "points": _round(100 * gap.difference, 2),
        "ci95": [_round(100 * bound, 2) for bound in gap.ci95],
        "pairs": gap.pairs,
    }


def _escalated(result: Result) -> bool:
    return result.reply.action == "escalate" or result.reply.kind == "handoff"


def _person_offered(result: Result) -> bool:
    return result.reply.handoff or _escalated(result)


def _share(results: Sequence[Result], holds: Callable[[Result], bool]) -> float:
    return _round(sum(map(holds, results)) / len(results)) if results else 0.0


def _reply_language(results: Sequence[Result]) -> Rate:
    """How many replies are in the language of the customer, as far as their words tell."""
    known = [result for result in results if result.case.language]
    right = [reply_is(result.reply.reply, result.case.language or "") for result in known]
    return Rate(sum(right), len(right))


def _rate(results: Iterable[Result]) -> Rate:
    passed = [result.passed for result in results]
    return Rate(sum(passed), len(passed))


def _round(value: float, digits: int = 4) -> float:
    return round(float(value), digits)
