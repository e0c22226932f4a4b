"""The shipped cases are readable, balanced, and about companies and customers that are seeded."""

import hashlib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from eval.cases import Case, read_cases
from seeds.schema import all_companies
from tools.specs import all_tools

FOLDER = Path(str(files("eval") / "datasets"))
DESKS = ("desk_en.jsonl", "desk_hinglish.jsonl")


def _cases(*names: str) -> tuple[Case, ...]:
    return read_cases(FOLDER / name for name in names)


@pytest.mark.parametrize(("name", "language"), [(DESKS[0], "en"), (DESKS[1], "hinglish")])
def test_that_each_language_has_forty_cases_over_all_companies(name: str, language: str) -> None:
    cases = _cases(name)

    assert len(cases) >= 40
    assert {case.language for case in cases} == {language}
    assert {case.company for case in cases} == {seed.company.slug for seed in all_companies()}


def test_that_the_scenarios_of_the_company_pages_are_cases() -> None:
    typed = {case.turns[0] for case in _cases(*DESKS)}

    for seed in all_companies():
        for scenario in seed.company.scenarios:
            assert {scenario.en, scenario.hinglish} <= typed


def test_that_the_bilingual_set_is_paired_and_has_every_kind() -> None:
    cases = _cases("bilingual.jsonl")
    families: dict[str, set[str | None]] = {}
    for case in cases:
        if case.family:
            families.setdefault(case.family, set()).add(case.language)

    assert len(families) >= 150
    assert all(languages == {"en", "hinglish"} for languages in families.values())
    assert len(Counter(case.kind for case in cases if case.kind)) == 8
    assert any(len(case.turns) > 1 for case in cases)


def test_that_no_case_names_a_tool_that_does_not_exist() -> None:
    cases = _cases("bilingual.jsonl", *DESKS)
    named = {tool for case in cases for tools in case.tool_lists for tool in tools}

    assert named == set(all_tools())


def test_that_proven_customers_have_records() -> None:
    known = {
        seed.company.slug: {record.customer_email for record in seed.records}
        | {order.email for order in seed.orders}
        for seed in all_companies()
    }

    for case in _cases("bilingual.jsonl", *DESKS):
        if case.verified:
            assert case.email in known[case.company or ""], case.id


@pytest.mark.parametrize("digest", sorted(FOLDER.glob("*.sha256")), ids=lambda path: path.stem)
def test_that_a_blind_set_is_the_one_whose_digest_was_committed(digest: Path) -> None:
    wanted, _, name = digest.read_text("utf-8").strip().partition("  ")

    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == wanted


@pytest.mark.parametrize("name", ["bilingual_dev.jsonl", "conversations_dev.jsonl", "situations_dev.jsonl"])
def test_that_tuning_and_development_families_are_apart_and_the_latter_speak_both_languages(
    name: str,
) -> None:
    tuned = {case.family for case in _cases("bilingual.jsonl", "dialogue.jsonl", *DESKS)}
    held = _cases(name)

    assert len(held) >= 600
    assert tuned.isdisjoint(case.family for case in held)
    assert {case.language for case in held} == {"en", "hinglish"}


def test_that_the_small_set_has_sixteen_messages_in_each_language_over_the_ten_intents() -> None:
    cases = _cases("bilingual_32.jsonl")

    assert Counter(case.language for case in cases) == {"en": 16, "hinglish": 16}
    assert len({case.intent for case in cases}) == 10
