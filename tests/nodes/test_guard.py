"""The guard lets pass what rests on evidence, drops what does not, and blocks what no longer answers."""

import pytest

from graph.state import Draft, Evidence, GuardVerdict, SafetyMode, Sentence, Triage
from nodes.guard import guard
from tests.fakes import ScriptedClaims, hit, running_with
from tools.values import ToolResult

EVIDENCE = Evidence(hits=(hit(),))
STORED = Sentence(text="Every lamp comes with one bulb.", source_id="psg_1")
INVENTED = Sentence(text="Every lamp comes with nine bulbs.", source_id="psg_1")


def triage(language: str = "en") -> Triage:
    return Triage.model_validate(
        {
            "language": language,
            "reply_language": language,
            "intent": "faq_query",
            "intent_confidence": 0.9,
            "confidence": 0.9,
            "route": "answer",
        }
    )


async def judged(
    *sentences: Sentence,
    evidence: Evidence = EVIDENCE,
    supports: bool = False,
    mode: SafetyMode = "balanced",
    language: str = "en",
    rests: float = 1.0,
) -> GuardVerdict:
    draft = Draft(kind="answer", sentences=sentences)
    runtime = running_with(claims=ScriptedClaims(supports=supports, rests=rests), mode=mode)
    written = await guard({"triage": triage(language), "evidence": evidence, "draft": draft}, runtime)
    return written["guard"]


async def test_that_a_stored_sentence_passes_with_its_quote() -> None:
    verdict = await judged(STORED)
    assert (verdict.outcome, verdict.is_hallucination) == ("pass", False)
    assert verdict.receipts[0].quote == "Every lamp comes with one bulb."


async def test_that_it_is_as_sure_of_a_model_s_own_words_as_they_rest_on_what_they_cite() -> None:
    own = Sentence(text="You get a bulb with the lamp.", source_id="psg_1")
    assert (await judged(STORED, own, supports=True, rests=0.8)).confidence == 0.8
    assert (await judged(STORED, supports=True, rests=0.8)).confidence == 1.0


async def test_that_an_invented_sentence_alone_blocks_the_reply() -> None:
    verdict = await judged(INVENTED)
    assert (verdict.outcome, verdict.reply, verdict.is_hallucination) == ("blocked", (), True)


async def test_that_an_invented_sentence_beside_a_true_one_is_dropped() -> None:
    verdict = await judged(STORED, INVENTED)
    assert (verdict.outcome, verdict.reply) == ("repaired", (STORED,))
    assert "nine bulbs" in verdict.reasons[0]


async def test_that_permissive_mode_flags_and_sends() -> None:
    verdict = await judged(INVENTED, mode="permissive")
    assert (verdict.is_hallucination, verdict.reply) == (True, (INVENTED,))


async def test_that_a_sentence_citing_a_passage_of_no_search_is_refused() -> None:
    elsewhere = Sentence(text="Every lamp comes with one bulb.", source_id="psg_of_another_company")
    assert (await judged(elsewhere, supports=True)).outcome == "blocked"


async def test_that_a_reply_in_the_wrong_language_is_blocked() -> None:
    verdict = await judged(STORED, language="hinglish", supports=True)
    assert verdict.outcome == "blocked"
    assert "the reply is not in hinglish" in verdict.reasons


DONE = ToolResult(
    id="tool_1",
    tool="reboot_node",
    kind="write",
    status="success",
    arguments={"id": "ND-1"},
    facts={"id": "ND-1", "node_name": "validator-9"},
)


def reboot(**slots: str) -> Sentence:
    values = {"id": "ND-1", "node_name": "validator-9", **slots}
    text = f"I have started the reboot: your node {values['node_name']} ({values['id']}) is rebooting now."
    return Sentence(text=text, frame="reboot_done#0", slots=values, source_id="tool_1")


async def test_that_a_claimed_action_needs_its_tool_result() -> None:
    assert (await judged(reboot(), evidence=Evidence(tools=(DONE,)))).outcome == "pass"
    assert (await judged(reboot(), evidence=Evidence())).outcome == "blocked"


@pytest.mark.parametrize("wrong", [{"id": "ND-2"}, {"node_name": "validator-1"}])
async def test_that_a_slot_that_is_not_in_the_result_is_refused(wrong: dict[str, str]) -> None:
    assert (await judged(reboot(**wrong), evidence=Evidence(tools=(DONE,)))).outcome == "blocked"


async def test_that_a_sentence_that_differs_from_its_frame_is_refused() -> None:
    altered = reboot().model_copy(update={"text": "I have rebooted everything."})
    assert (await judged(altered, evidence=Evidence(tools=(DONE,)))).outcome == "blocked"


async def test_that_an_altered_company_sentence_is_refused() -> None:
    own = Sentence(text="You can write to help@lamps.example.", source_id="company:contact")
    forged = own.model_copy(update={"text": "You can write to help@evil.example."})
    assert (await judged(own)).outcome == "pass"
    assert (await judged(forged)).outcome == "blocked"
