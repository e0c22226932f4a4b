"""The report is complete, stands alone, and cannot be scripted by what customers write."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from eval.gate import Change, GateReport
from eval.report import as_csv, as_html, write_report
from eval.runner import Plan, Run, run
from eval.summary import case_rows, summarise
from tests.eval.fakes import FakeDesk, case, reply, result

NASTY = '<script>alert("x")</script>'


def _json(outcome: Run) -> dict[str, Any]:
    return {"summary": summarise(outcome), "cases": case_rows(outcome)}


async def _results() -> dict[str, Any]:
    desk = FakeDesk(
        {"a": reply(confidence=0.9, intent="faq_query", intent_confidence=0.8), "b": reply(confidence=0.6)}
    )
    cases = (
        case("en-1", turns=("a",), kind="answer", intent="faq_query", family="f"),
        case("hi-1", turns=("b",), kind="answer", language="hinglish", family="f"),
        case("en-2", turns=(NASTY,), kind="unknown", must=((NASTY,),)),
    )
    return _json(await run(Plan(cases=cases, trials=2, thresholds=(0.5, 0.7), modes=("strict",)), desk))


async def test_that_the_page_shows_every_part() -> None:
    page = HTMLParser(as_html(await _results(), title="cases.jsonl"))

    headings = [node.text() for node in page.css("h2")]
    assert headings == [
        "By language and kind",
        "Intents",
        "Parity gap",
        "Reliability",
        "Risk over coverage",
        "Thresholds, strict",
        "Thresholds and modes",
        "Failed cases",
    ]
    assert all(node.attributes.get("aria-label") for node in page.css('svg[role="img"]'))
    assert len(page.css('svg[role="img"]')) >= 7


async def test_that_the_page_stands_alone_and_runs_nothing() -> None:
    html = as_html(await _results(), title=NASTY)
    page = HTMLParser(html)

    assert NASTY not in html
    assert page.css("script, link, img, iframe") == []
    assert "http" not in html
    assert not any(
        name.startswith("on") or name == "style" for node in page.css("*") for name in node.attributes
    )


async def test_that_a_verdict_is_shown_with_its_reasons_and_changes() -> None:
    verdict = GateReport(
        False, ("rate is 0.5, at least 0.9 is needed",), (Change("en-1", "answer", "unknown", False, "kind"),)
    )

    text = HTMLParser(as_html(await _results(), title="t", verdict=verdict)).body
    assert text is not None
    assert "Gate failed" in text.text()
    assert "at least 0.9 is needed" in text.text()
    assert "What changed since the baseline" in text.text()


def test_that_a_run_of_one_language_without_intents_still_renders() -> None:
    html = as_html(_json(Run(((result("a", passed=True),),))), title="t")

    assert "By language and kind" in html


async def test_that_a_spreadsheet_gets_text_and_no_formulas() -> None:
    rows = (await _results())["cases"]
    rows[0] = {**rows[0], "reply": "=1+1", "failures": ["x", "y"]}

    table = list(csv.DictReader(io.StringIO(as_csv(rows))))

    assert table[0]["reply"] == "'=1+1"
    assert table[0]["failures"] == "x | y"
    assert [row["id"] for row in table] == ["en-1", "hi-1", "en-2"]


async def test_that_three_files_are_written(tmp_path: Path) -> None:
    results = await _results()

    write_report(tmp_path / "deep" / "out", results, title="t")

    written = tmp_path / "deep" / "out"
    assert sorted(path.name for path in written.iterdir()) == ["report.html", "results.csv", "results.json"]
    assert json.loads((written / "results.json").read_text("utf-8")) == results


async def test_that_the_same_run_gives_the_same_report() -> None:
    assert as_html(await _results(), title="t") == as_html(await _results(), title="t")
