"""The figures of a run, by hand-made results."""

import pytest

from eval.runner import Plan, Result, Run, Setting, run
from eval.summary import case_rows, parity, summarise
from tests.eval.fakes import FakeDesk, case, reply, result


def _run(*results: Result) -> Run:
    return Run((tuple(results),))


def test_that_rates_are_given_by_language_kind_and_company() -> None:
    summary = summarise(
        _run(
            result("a", passed=True),
            result("b", passed=False),
            result("c", passed=True, language="hinglish", company="passport"),
        )
    )

    assert (summary["cases"], summary["passed"], summary["rate"]) == (3, 2, 0.6667)
    assert summary["byLanguage"]["en"]["rate"] == 0.5
    assert summary["byLanguage"]["hinglish"]["passed"] == 1
    assert summary["byCompany"]["passport"]["cases"] == 1
    assert summary["byKind"]["answer"] == {
        "cases": 3,
        "passed": 2,
        "rate": 0.6667,
        "ci95": [pytest.approx(0.2077, abs=1e-4), pytest.approx(0.9385, abs=1e-4)],
    }


def test_that_cases_that_accept_several_kinds_are_a_group_of_their_own() -> None:
    either = result("b", passed=True, kind=None, kinds_ok=("cannot_perform", "answer"))

    summary = summarise(_run(result("a", passed=True), either))

    assert {name: rate["cases"] for name, rate in summary["byKind"].items()} == {
        "answer": 1,
        "answer or cannot_perform": 1,
    }


def test_that_answered_and_refused_are_counted_by_company_and_language() -> None:
    refused = result("c", passed=False, kind=None, kinds_ok=("unknown", "off_topic"), language="hinglish")
    either = result("d", passed=True, kind=None, kinds_ok=("unknown", "answer"))

    found = summarise(_run(result("a", passed=True), result("b", passed=False), refused, either))

    rates = found["answeredAndRefused"]["shop"]
    assert (rates["en"]["answered"]["passed"], rates["en"]["answered"]["cases"]) == (1, 2)
    assert "refused" not in rates["en"]
    assert rates["hinglish"]["refused"]["cases"] == 1


def test_that_a_case_without_a_language_counts_in_the_whole_only() -> None:
    summary = summarise(
        _run(
            result("a", passed=True, language="en"),
            Result(case("b", language=None), reply(), result("x", passed=True).judgement),
        )
    )

    assert summary["cases"] == 2
    assert list(summary["byLanguage"]) == ["en"]


def test_that_the_parity_gap_is_paired_by_family() -> None:
    results = [
        result(f"{language}{number}", passed=passed, language=language, family=f"f{number}")
        for number in range(20)
        for language, passed in (("en", True), ("hinglish", number > 1))
    ]

    gap = summarise(_run(*results))["parityGap"]

    assert gap["points"] == 10.0
    assert gap["pairs"] == 20
    assert gap["ci95"][0] < 10.0 < gap["ci95"][1]


def test_that_the_parity_gap_is_unpaired_without_families() -> None:
    results = [result(f"e{n}", passed=True) for n in range(10)]
    results += [result(f"h{n}", passed=n > 4, language="hinglish") for n in range(10)]

    gap = parity(results)

    assert gap.difference == pytest.approx(0.5)
    assert gap.pairs == 0


def test_that_one_language_alone_has_no_gap_to_speak_of() -> None:
    assert parity([result("a", passed=True)]).ci95 == (-1.0, 1.0)


async def test_that_pass_k_needs_every_trial() -> None:
    desk = FakeDesk({"How much?": reply()}, failing=lambda number: number == 3)
    plan = Plan(cases=(case("a", kind="answer"), case("b", kind="answer")), trials=2)

    outcome = await run(plan, desk)
    summary = summarise(outcome)

    assert summary["passed"] == 2
    assert (summary["passK"]["k"], summary["passK"]["passed"]) == (2, 1)
    assert [row["passedTrials"] for row in case_rows(outcome)] == [1, 2]


def test_that_forbidden_claims_are_summed() -> None:
    wanted = case(must_not=("costs", "$4.99", "free"))
    from eval.judge import judge

    assert summarise(_run(Result(wanted, reply(), judge(wanted, reply()))))["mustNotHits"] == 2


async def test_that_the_ablation_shows_what_a_threshold_does() -> None:
    desk = FakeDesk({"sure": reply(confidence=0.9), "unsure": reply(confidence=0.65, reply="It is free.")})
    cases = (
        case("a", turns=("sure",), must=(("$4.99",),)),
        case("b", turns=("unsure",), must=(("$4.99",),)),
    )

    summary = summarise(await run(Plan(cases=cases, thresholds=(0.6, 0.8), modes=("strict",)), desk))

    low, high = summary["ablation"]
    assert (low["coverage"], low["selectiveAccuracy"], low["escalationRate"]) == (1.0, 0.5, 0.0)
    assert (high["coverage"], high["selectiveAccuracy"], high["escalationRate"]) == (0.5, 1.0, 0.5)
    assert high["actions"] == {"answer": 1, "escalate": 1}


def test_that_intents_are_measured_where_a_case_names_one() -> None:
    wanted = [case("a", intent="greeting"), case("b", intent="greeting"), case("c")]
    said = [
        reply(intent="greeting", intent_confidence=0.9),
        reply(intent="faq_query", intent_confidence=0.3),
        reply(),
    ]
    passed = result("x", passed=True).judgement

    intents = summarise(_run(*(Result(one, two, passed) for one, two in zip(wanted, said, strict=True))))[
        "intents"
    ]

    assert (intents["cases"], intents["rate"]) == (2, 0.5)
    assert intents["confusion"] == [["greeting", "faq_query", 1], ["greeting", "greeting", 1]]
    assert intents["calibration"]["ece"] == pytest.approx(0.2)


def test_that_the_language_of_replies_is_measured() -> None:
    hinglish = case("b", language="hinglish")
    passed = result("x", passed=True).judgement
    english = reply(reply="Your order was shipped yesterday and it should be with you by Monday.")

    summary = summarise(_run(Result(case("a"), english, passed), Result(hinglish, english, passed)))

    assert (summary["replyLanguage"]["passed"], summary["replyLanguage"]["cases"]) == (1, 2)


def test_that_latencies_are_whole_and_by_stage() -> None:
    passed = result("x", passed=True).judgement
    rows = [Result(case(f"c{n}"), reply(total_ms=n, stages={"guard": n / 2}), passed) for n in (10, 20, 30)]

    assert summarise(_run(*rows))["latencyMs"] == {"p50": 20.0, "p99": 29.8, "stages": {"guard": 10.0}}


def test_that_settings_without_results_are_no_error() -> None:
    outcome = Run(((),), ((Setting(0.7, "strict"), ()),))

    assert summarise(outcome)["ablation"][0]["coverage"] == 0.0
