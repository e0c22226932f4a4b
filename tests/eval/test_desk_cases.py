"""The desk's own cases, 48 in each language, through a private desk: most pass, and none is bluffed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from api.trial import TrialDesk, open_trial_desk
from eval.cases import Case, read_cases
from eval.desk import CaseReply
from eval.judge import judge
from language.decide import reply_is

DATASETS = Path(__file__).parents[2] / "eval" / "datasets"
ENOUGH = 40


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk() -> AsyncIterator[TrialDesk]:
    async with open_trial_desk() as opened:
        yield opened


async def replies(desk: TrialDesk, language: str) -> list[tuple[Case, CaseReply]]:
    cases = read_cases([DATASETS / f"desk_{language}.jsonl"])
    return [
        (case, await desk.ask(case.company or "", case.email, case.verified, case.turns)) for case in cases
    ]


@pytest.mark.parametrize("language", ["en", "hinglish"])
@pytest.mark.asyncio(loop_scope="module")
async def test_that_at_least_forty_cases_pass_in_the_language_of_the_customer(
    desk: TrialDesk, language: str
) -> None:
    answered = await replies(desk, language)
    judged = [judge(case, reply) for case, reply in answered]
    assert sum(judgement.passed for judgement in judged) >= ENOUGH
    assert [reply.reply for _, reply in answered if not reply_is(reply.reply, language)] == []


@pytest.mark.asyncio(loop_scope="module")
async def test_that_nine_talks_in_ten_are_followed_in_their_course(desk: TrialDesk) -> None:
    cases = read_cases([DATASETS / "dialogue.jsonl"])
    judged = [
        judge(case, await desk.ask(case.company or "", case.email, case.verified, case.turns))
        for case in cases
    ]
    assert sum(judgement.passed for judgement in judged) >= 0.9 * len(cases)
