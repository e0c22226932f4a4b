"""How often the desk answers what its knowledge has and refuses what it lacks, by company and language."""

from collections.abc import Callable, Sequence
from typing import Any

from eval.cases import Case
from eval.runner import Result
from eval.stats import Rate

Json = dict[str, Any]


def demand(case: Case) -> str | None:
    """`answered` where only knowledge can pass, `refused` where only its lack can, else None."""
    answers, lacks = "answer" in case.kinds, "unknown" in case.kinds
    if answers == lacks:
        return None
    return "answered" if answers else "refused"


def answered_and_refused(results: Sequence[Result], rate_json: Callable[[Rate], Json]) -> Json:
    """Rates by company, language and demand."""
    groups: dict[tuple[str, str, str], list[bool]] = {}
    for result in results:
        wanted, case = demand(result.case), result.case
        if wanted and case.company and case.language:
            groups.setdefault((case.company, case.language, wanted), []).append(result.passed)
    found: Json = {}
    for (company, language, wanted), passed in sorted(groups.items()):
        rates = found.setdefault(company, {}).setdefault(language, {})
        rates[wanted] = rate_json(Rate(sum(passed), len(passed)))
    return found
