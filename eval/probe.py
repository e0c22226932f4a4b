"""Connects `supportgraph probe` to the components: each is measured as the desk uses it, and by itself."""

from collections.abc import Callable, Mapping
from pathlib import Path

from eval.probes import guard, intents, language, pii, safety
from eval.probes.rows import FlaggedText, Json, LabelledText, ReplyInContext, SpannedText, read_rows
from graph.errors import Invalid

_SEED = 20261121
_FAMILIES = {"injection": "injection", "abuse": "abusive", "spam": "spam"}
"""The desk's name for what the data is labelled with."""

Probe = Callable[[Path, str | None], tuple[int, Json]]
"""Measures the component on a file or folder; returns how many rows there were, and the figures."""


def probe(component: str, data: Path, *, flag: str | None = None) -> Json:
    """The figures of a component on the evaluator's data; `flag` says which safety flag the labels are of.

    Raises `Invalid` for an unknown component or flag and for data that breaks its format.
    """
    if component not in _PROBES:
        raise Invalid(f"no component {component!r}; there are {', '.join(_PROBES)}", field="component")
    if flag is not None and component != "safety":
        raise Invalid("only the safety probe takes a flag", field="flag")
    count, figures = _PROBES[component](data, flag)
    return {"component": component, "n": count, **figures}


def _intents(data: Path, flag: str | None) -> tuple[int, Json]:
    from eval.respell import respell
    from language.decide import decide_language
    from language.intents import IntentModel

    model = IntentModel.load()

    def classify(text: str) -> intents.Said:
        verdict = model.classify(text)
        return intents.Said(verdict.intent, verdict.confidence, verdict.scores)

    def otherwise(text: str) -> str:
        return respell(text, _SEED, hinglish=decide_language(text).language == "hinglish")

    del flag
    rows = read_rows(data, LabelledText)
    return len(rows), intents.measure(rows, classify, otherwise)


def _language(data: Path, flag: str | None) -> tuple[int, Json]:
    from language.decide import decide_language

    del flag
    rows = read_rows(data, LabelledText)
    return len(rows), language.measure(rows, lambda text: decide_language(text).language)


def _safety(data: Path, flag: str | None) -> tuple[int, Json]:
    from language.risk import family_score, is_raised

    if flag not in _FAMILIES:
        raise Invalid(f"the safety probe needs a flag: {', '.join(_FAMILIES)}", field="flag")
    family = _FAMILIES[flag]
    rows = read_rows(data, FlaggedText)
    return len(rows), safety.measure(rows, lambda text: (is_raised(text, family), family_score(text, family)))


def _pii(data: Path, flag: str | None) -> tuple[int, Json]:
    from language.redact import spans

    del flag
    rows = read_rows(data, SpannedText)
    return len(rows), pii.measure(rows, spans)


def _guard(data: Path, flag: str | None) -> tuple[int, Json]:
    from language.claims import SUPPORTED_AT, grounding_score

    def judge(row: ReplyInContext) -> tuple[float, bool]:
        score = grounding_score(row.response, row.context)
        return score, score < SUPPORTED_AT

    del flag
    rows = read_rows(data, ReplyInContext)
    return len(rows), guard.measure(rows, judge)


def _retrieval(data: Path, flag: str | None) -> tuple[int, Json]:
    from retrieval.probe import evaluate

    del flag
    figures: Json = dict(evaluate(data))
    return int(figures.pop("n")), {"unanswerableAuroc": None, **figures}


_PROBES: Mapping[str, Probe] = {
    "intents": _intents,
    "language": _language,
    "safety": _safety,
    "pii": _pii,
    "guard": _guard,
    "retrieval": _retrieval,
}
