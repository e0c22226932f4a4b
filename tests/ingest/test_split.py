"""How a page is cut into passages."""

from ingest.extract import Document, Section, extract
from ingest.split import LONGEST, split

SENTENCE = "This sentence has exactly seven words inside."


def document(*sections: Section) -> Document:
    return Document("Guide", sections, ())


def test_that_a_section_is_one_passage_with_its_path() -> None:
    (passage,) = split(
        document(Section(("Paying", "Cards"), ("We take Visa cards.", "We take RuPay too."))),
        source_id="page-1",
        url="https://booth.example/pay",
    )

    assert passage.title == "Guide"
    assert passage.heading == "Paying › Cards"
    assert passage.lines == ("We take Visa cards.", "We take RuPay too.")
    assert passage.url == "https://booth.example/pay"
    assert passage.kind == "page"


def test_that_long_sections_are_cut_between_sentences() -> None:
    passages = split(document(Section((), (SENTENCE,) * 60)), source_id="p")

    assert all(set(passage.lines) == {SENTENCE} for passage in passages)
    assert all(len(passage.text.split()) <= LONGEST for passage in passages)


def test_that_nothing_is_lost_by_cutting() -> None:
    said = tuple(f"Sentence number {n} says something of its own." for n in range(90))

    passages = split(document(Section((), said)), source_id="p")

    assert tuple(line for passage in passages for line in passage.lines) == said
    assert len(passages) > 4


def test_that_one_long_sentence_stays_whole() -> None:
    long = " ".join(["word"] * (LONGEST * 2)) + "."

    assert [passage.text for passage in split(document(Section((), (long,))), source_id="p")] == [long]


def test_that_questions_become_passages_that_they_find() -> None:
    page = extract(
        "<main><h1>FAQ</h1><details><summary>Can I pay by card?</summary><p>Yes, by Visa.</p></details>"
        "<h2>How long does it take?</h2><p>It takes two days.</p></main>"
    )

    by_question = {passage.questions: passage.text for passage in split(page, source_id="p")}

    assert by_question == {
        ("Can I pay by card?",): "Yes, by Visa.",
        ("How long does it take?",): "It takes two days.",
    }


def test_that_unchanged_text_keeps_its_id_when_the_page_grows() -> None:
    old = Section(("Old",), ("This text was here before.",))
    new = Section(("New",), ("This text was put before it.",))

    before = split(document(old), source_id="p")
    after = split(document(new, old), source_id="p")

    assert before[0] in after
    assert before[0].id != after[0].id


def test_that_repeated_and_empty_text_is_left_out() -> None:
    same = Section(("Same",), ("The same words every time.",))

    assert len(split(document(same, same, Section((), ("Ok.",))), source_id="p")) == 1


def test_that_other_sources_have_other_ids() -> None:
    section = Section((), ("The same words on two pages.",))

    assert split(document(section), source_id="a")[0].id != split(document(section), source_id="b")[0].id
