"""Which sentences follow from their sources, in both languages."""

import json
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from eval.guard_probe import Half, build
from language.claims import SUPPORTED_AT, Source, check_claim, grounding_score

DATA = Path(__file__).parents[3] / "shared" / "data" / "groundedness.jsonl"
REFUND = Source(
    "p1", "We ship worldwide. Refunds reach your bank within 5-7 business days after approval. Bye."
)
PHOTO = Source(
    "p2", "Glasses are prohibited in US passport photos. A photo costs $4.99 and retakes are free."
)
VARIANT = Source("v1", "Refund approval ke baad paisa 5-7 din mein bank mein aa jata hai.", "variant")


@pytest.mark.parametrize(
    "claim",
    [
        "Refunds reach your bank within 5-7 business days after approval.",
        "Your refund reaches the bank within 5 to 7 business days after approval.",
        "Refund 5-7 din mein bank mein aa jata hai.",
        "A photo costs $4.99.",
        "Glasses are not allowed in US passport photos.",
        "Photo ki keemat $4.99 hai.",
        "US passport photo mein glasses allowed nahi hain.",
    ],
)
def test_that_a_faithful_sentence_is_supported(claim: str) -> None:
    verdict = check_claim(claim, [REFUND, PHOTO])
    assert verdict.supported, verdict
    assert verdict.score >= SUPPORTED_AT


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Refunds reach your bank within 9-12 business days after approval.", "duration"),
        ("Refunds do not reach your bank within 5-7 business days after approval.", "negation"),
        ("Refunds reach your bank within 5-7 business days before approval.", "negation"),
        ("Refund 10 din mein bank mein aa jata hai.", "duration"),
        ("A photo costs $9.99.", "amount"),
        ("A photo costs Rs 4.99.", "amount"),
        ("Glasses are allowed in US passport photos.", "negation"),
        ("Glasses are prohibited in Canadian passport photos.", "name"),
        ("US passport photo mein glasses allowed hain.", "negation"),
        ("Retakes free nahi hain.", "negation"),
        ("Write to help@evil.example about your refund.", "email"),
        ("We also accept crypto and PayPal for gift vouchers.", "coverage"),
    ],
)
def test_that_one_changed_fact_is_caught(claim: str, reason: str) -> None:
    verdict = check_claim(claim, [REFUND, PHOTO])
    assert not verdict.supported
    assert reason in verdict.reasons
    assert verdict.score < SUPPORTED_AT


PASSES = "Season passes are non-refundable, but they may be lent until a day before the match."


@pytest.mark.parametrize(
    ("claim", "source", "reasons"),
    [
        ("Season passes are refundable.", PASSES, {"negation"}),
        ("A pass may be lent until a day after the match.", PASSES, {"negation"}),
        ("A pass may be lent until a day before the match.", PASSES, set()),
        ("Breakfast is excluded.", "The room rate is ₹2,400, breakfast included.", {"negation"}),
        ("A second key is charged.", "A second key is free.", {"negation"}),
        ("A smaller order is paid in advance.", "Larger orders are paid in advance.", {"negation"}),
        ("Our cookies contain eggs.", "Our cookies contain milk but no eggs.", {"negation"}),
        ("Your account is deleted.", "When it ends, your account is paused, not deleted.", {"negation"}),
        ("A key that is lost cannot be copied.", "A lost key cannot be copied.", set()),
        ("Worn items cannot be exchanged.", "Gifts can be exchanged; worn items cannot.", set()),
        (
            "Keep the new SIM until the old one works.",
            "Keep the old SIM until the new one works.",
            {"negation"},
        ),
        ("Plant the bulbs in April.", "Plant the bulbs in October.", {"month"}),
        ("Waiting costs ₹2 an hour.", "Waiting costs ₹2 a minute.", {"period"}),
        ("There is no penalty for paying early.", "You can pay early without a penalty.", set()),
        ("The lid of the box is red.", "The lid of the box is green.", {"rival"}),
        ("The pool is open on Mondays.", "The pool is open daily except on Mondays.", {"negation"}),
        ("The pool is open daily, but not on Mondays.", "The pool is open daily except on Mondays.", set()),
        ("Saver mein breakfast shaamil hai.", "Breakfast is included in every rate but Saver.", {"negation"}),
        ("Members must bring a guest.", "Members may bring a guest.", {"negation"}),
        ("A class goes on one trip a month.", "A class goes on one trip a year.", {"period"}),
        ("A dog costs ₹600 a stay.", "A dog costs ₹600 a night.", {"period"}),
        ("The lab is on the third floor.", "The lab is on the second floor.", {"ordinal"}),
        ("You may take two cabin bags.", "You may take one cabin bag. Lockers hold 2 coats.", {"number"}),
        ("We pay the bus fare.", "You pay the bus fare; we cook the meals.", {"moved"}),
        (
            "The clinic opens after noon.",
            "The clinic opens before noon. Shops shut after 9 pm.",
            {"negation"},
        ),
        (
            "Blood test report hospital counter par milti hai.",
            "You receive the report of a blood test at the hospital desk.",
            {"word"},
        ),
        ("Moving a plant does not harm its leaves.", "Move the plant without harm to its leaves.", set()),
    ],
)
def test_that_opposites_and_denials_are_told_apart(claim: str, source: str, reasons: set[str]) -> None:
    assert set(check_claim(claim, [Source("p", source)]).reasons) == reasons


def test_that_a_word_stands_on_one_scale_of_opposites_only() -> None:
    text = (files("language") / "data" / "opposites.toml").read_text("utf-8")
    words = [word for scale in tomllib.loads(text)["scales"] for part in scale for word in part.split()]
    assert len(words) > 700
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_that_the_quote_stands_in_its_source() -> None:
    verdict = check_claim("A photo costs $4.99.", [REFUND, PHOTO])
    assert verdict.source_id == "p2"
    assert verdict.quote == "A photo costs $4.99 and retakes are free."


def test_that_a_stored_variant_supports_itself_only() -> None:
    assert (
        check_claim("refund approval ke baad paisa 5-7 din mein bank mein aa jata hai", [VARIANT]).score
        == 1.0
    )
    changed = check_claim("Refund approval ke baad paisa 3 din mein bank mein aa jata hai.", [VARIANT])
    assert not changed.supported


def test_that_a_quoted_span_carries_a_hinglish_sentence() -> None:
    said = "Site par likha hai: «Refunds reach your bank within 5-7 business days»"
    verdict = check_claim(said, [REFUND], language="hinglish")
    assert verdict.supported
    assert verdict.quote == "Refunds reach your bank within 5-7 business days"


def test_that_a_question_back_costs_nothing() -> None:
    reply = "A photo costs $4.99. Would you like to order one now?"
    assert grounding_score(reply, PHOTO.text) >= SUPPORTED_AT


def test_that_nothing_supports_a_claim_without_sources() -> None:
    assert not check_claim("A photo costs $4.99.", []).supported
    assert grounding_score("A photo costs $4.99.", "") < SUPPORTED_AT


@pytest.mark.parametrize(
    ("half", "caught", "harmed"), [("test", 0.97, 0.02), ("blind", 0.97, 0.02), ("moved_test", 0.75, 0.06)]
)
def test_that_edits_of_the_unseen_half_are_caught(half: Half, caught: float, harmed: float) -> None:
    blocked = {True: [], False: []}  # type: dict[bool, list[bool]]
    for row in build(half):
        if row["kind"] != "swap":
            source = Source("p", row["context"])
            verdict = check_claim(row["response"], [source], language=row["language"])
            blocked[row["label"] == 1].append(not verdict.supported)
    assert len(blocked[False]) + len(blocked[True]) >= 200
    assert sum(blocked[False]) / len(blocked[False]) >= caught
    assert sum(blocked[True]) / len(blocked[True]) <= harmed


def test_that_a_whole_reply_with_an_edit_of_the_unseen_half_is_not_grounded() -> None:
    scores: dict[int, list[float]] = {0: [], 1: []}
    for row in build("test"):
        if row["kind"] != "swap":
            scores[row["label"]].append(grounding_score(row["response"], row["context"]))
    assert sum(score < SUPPORTED_AT for score in scores[0]) / len(scores[0]) >= 0.97
    assert sum(score < SUPPORTED_AT for score in scores[1]) / len(scores[1]) <= 0.03


@pytest.mark.parametrize(("source", "floor"), [("begin", 0.95), ("wice", 0.70), ("dstc11", 0.90)])
def test_that_grounding_ranks_foreign_replies(source: str, floor: float) -> None:
    if not DATA.exists():
        pytest.skip("the evaluation data are not beside the project")
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    scores: dict[int, list[float]] = {0: [], 1: []}
    for row in rows:
        if row["source"].startswith(source):
            scores[row["label"]].append(grounding_score(row["response"], row["context"]))
    wins = sum((good > bad) + 0.5 * (good == bad) for good in scores[1] for bad in scores[0])
    assert wins / (len(scores[0]) * len(scores[1])) >= floor
