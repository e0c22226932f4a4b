"""What a probe reports for answers that are known."""

from pathlib import Path

import pytest

from eval.probes import guard, intents, language, pii, safety
from eval.probes.intents import Said
from eval.probes.rows import FlaggedText, LabelledText, ReplyInContext, Span, SpannedText, read_rows
from graph.errors import Invalid


def test_that_intents_are_scored_strictly_and_leniently() -> None:
    rows = [
        LabelledText(text="hi", label="greeting"),
        LabelledText(text="price", label="product_query", alt=("faq_query",)),
        LabelledText(text="moon", label="out_of_scope"),
        LabelledText(text="refund", label="refund_request"),
    ]
    answers = {
        "hi": Said("greeting", 0.9, {"out_of_scope": 0.1}),
        "price": Said("faq_query", 0.9, {"out_of_scope": 0.3}),
        "moon": Said("out_of_scope", 0.9, {"out_of_scope": 0.9}),
        "refund": Said("complaint", 0.9, {"out_of_scope": 0.95}),
    }

    figures = intents.measure(
        rows, lambda text: answers[text.lower()], lambda text: {"hi": "moon"}.get(text, text)
    )

    assert figures["accuracy"] == 0.5
    assert figures["lenientAccuracy"] == 0.75
    assert figures["oosAuroc"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["ece"] == pytest.approx(0.4)
    assert figures["flipRate"] == 0.25
    assert figures["perLabel"]["greeting"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1}


def test_that_languages_are_scored_by_label() -> None:
    rows = [LabelledText(text=text, label=text[:2]) for text in ("en1", "en2", "hi1")]

    figures = language.measure(rows, lambda text: "en")

    assert figures["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["byLabel"]["hi"] == {"n": 1, "accuracy": 0.0, "said": {"en": 1}}


def test_that_a_flag_is_scored_by_what_it_catches_and_what_it_harms() -> None:
    rows = [
        FlaggedText(text="a", label=1, subtype="jailbreak", source="x"),
        FlaggedText(text="b", label=1, subtype="jailbreak"),
        FlaggedText(text="c", label=0, source="shop"),
        FlaggedText(text="d", label=0, source="shop"),
    ]
    scores = {"a": 0.9, "b": 0.4, "c": 0.6, "d": 0.0}

    figures = safety.measure(rows, lambda text: (scores[text] > 0.5, scores[text]))

    assert (figures["recall"], figures["falsePositiveRate"], figures["f1"]) == (0.5, 0.5, 0.5)
    assert figures["auroc"] == 0.75
    assert figures["byType"]["jailbreak"] == {"n": 2, "recall": 0.5, "falsePositiveRate": None}
    assert figures["byType"]["shop"] == {"n": 2, "recall": None, "falsePositiveRate": 0.5}


def test_that_a_set_of_harmless_texts_says_nothing_about_recall() -> None:
    figures = safety.measure([FlaggedText(text="a", label=0)], lambda text: (True, 0.9))

    assert figures["falsePositiveRate"] == 1.0
    assert (figures["recall"], figures["f1"], figures["auroc"]) == (None, None, None)


def test_that_spans_are_right_when_they_overlap_one_of_their_type() -> None:
    rows = [
        SpannedText(
            text="x" * 40,
            spans=(
                Span(start=0, end=10, type="EMAIL_ADDRESS"),
                Span(start=12, end=20, type="PHONE_NUMBER"),
                Span(start=30, end=35, type="PERSON"),
            ),
        )
    ]
    found = [(1, 9, "EMAIL_ADDRESS"), (12, 20, "CREDIT_CARD"), (30, 35, "UPI_ID")]

    figures = pii.measure(rows, lambda text: found)

    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.5, 0.5, 0.5)
    assert figures["byType"]["EMAIL_ADDRESS"]["f1"] == 1.0
    assert figures["byType"]["PERSON"]["recall"] == 0.0


def test_that_the_guard_is_scored_on_both_sides_and_by_source() -> None:
    rows = [
        ReplyInContext(context="c", response=response, label=label, source=source)
        for response, label, source in (("a", 1, "x"), ("b", 1, "y"), ("c", 0, "x"), ("d", 0, "y"))
    ]
    scores = {"a": 0.9, "b": 0.4, "c": 0.1, "d": 0.2}

    figures = guard.measure(rows, lambda row: (scores[row.response], scores[row.response] < 0.5))

    assert figures["auroc"] == 1.0
    assert figures["recallUngrounded"] == 1.0
    assert figures["blockedGrounded"] == 0.5
    assert figures["balancedAccuracy"] == 0.75
    assert figures["bySource"]["x"] == {
        "n": 2,
        "auroc": 1.0,
        "balancedAccuracy": 1.0,
        "recallUngrounded": 1.0,
        "blockedGrounded": 0.0,
    }


@pytest.mark.parametrize(
    ("content", "field"),
    [("", "holds no row"), ('{"text": "a"}', "label"), ('{"text": 1, "label": "a"}', "text"), ("x", "line")],
)
def test_that_a_broken_data_file_is_refused(tmp_path: Path, content: str, field: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content, "utf-8")

    with pytest.raises(Invalid, match=field):
        read_rows(path, LabelledText)


def test_that_extra_fields_of_a_row_are_notes(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": "b", "alt": ["c"], "source": "s", "n": 1}\n', "utf-8")

    assert read_rows(path, LabelledText) == (LabelledText(text="a", label="b", alt=("c",)),)
