"""The phrasings of `asked.yaml` land where they are named, and mistakes of the file are told."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from graph.errors import Invalid
from seeds.asked import Asked, author_of, folded, with_entries_asked, with_limits_asked, with_pages_asked
from seeds.pages import imported_pages
from seeds.schema import CompanySeed, authors, load_company, read_company

GARDEN = load_company("nodes-garden")


def asked(**given: object) -> Asked:
    return Asked.model_validate(given)


def test_that_an_entry_keeps_its_own_questions_first() -> None:
    entry = GARDEN.entries[0]
    more = asked(entries={entry.key: {"en": ["An unheard way to ask", entry.questions[0].upper()]}})

    first = with_entries_asked(GARDEN.entries, more, "asked.yaml")[0]

    assert first.questions == (*entry.questions, "An unheard way to ask")
    assert first.questions_hinglish == entry.questions_hinglish


def test_that_a_limit_has_its_phrasings() -> None:
    key = GARDEN.company.cannot[0].key

    company = with_limits_asked(GARDEN.company, asked(cannot={key: {"hinglish": ["Aisa kar doge?"]}}), "x")

    assert "Aisa kar doge?" in company.cannot[0].asked


def test_that_a_section_of_a_page_has_its_phrasings() -> None:
    more = asked(pages=[{"page": "billing", "heading": "Credits and adjustments", "en": ["Any goodwill?"]}])
    seed = GARDEN.model_copy(update={"pages": tuple(with_pages_asked(GARDEN.pages, more, "x"))})

    found = [passage for _, passages in imported_pages(seed) for passage in passages]

    assert [p.heading for p in found if "Any goodwill?" in p.questions] == ["Credits and adjustments"]


def test_that_an_unknown_section_is_told() -> None:
    more = asked(pages=[{"page": "billing", "heading": "Elsewhere", "en": ["Hm?"]}])
    seed = GARDEN.model_copy(update={"pages": tuple(with_pages_asked(GARDEN.pages, more, "x"))})

    with pytest.raises(Invalid, match=r"pages\.billing: no section called 'Elsewhere'"):
        list(imported_pages(seed))


def test_that_a_phrasing_under_two_names_is_told() -> None:
    with pytest.raises(ValidationError, match=r"is under entries\.a too"):
        asked(entries={"a": {"en": ["Same words?"]}}, cannot={"b": {"en": ["same  words"]}})


def test_that_a_question_of_another_entry_is_told() -> None:
    first, second, *_ = GARDEN.entries
    more = asked(entries={second.key: {"en": [first.questions[0]]}})

    with pytest.raises(Invalid, match=f"is a question of {first.key}"):
        with_entries_asked(GARDEN.entries, more, "asked.yaml")


@pytest.mark.parametrize("part", ["entries", "cannot"])
def test_that_an_unknown_key_is_told_with_its_file(tmp_path: Path, part: str) -> None:
    folder = _copied(tmp_path)
    (folder / "asked.yaml").write_text(f"{part}:\n  nowhere: {{en: [Hm]}}\n", "utf-8")

    with pytest.raises(Invalid, match=rf"nodes-garden/asked.yaml: {part}: nothing is called nowhere"):
        read_company(folder)


def _copied(target: Path) -> Path:
    """The least that a company's folder needs."""
    import seeds

    source = Path(str(seeds.__file__)).parent / "data" / "nodes-garden"
    folder = target / "nodes-garden"
    folder.mkdir()
    for name in ("company.yaml", "entries.yaml", "agents.yaml"):
        (folder / name).write_text((source / name).read_text("utf-8"), "utf-8")
    assert isinstance(read_company(folder), CompanySeed)
    return folder


def test_that_a_phrasing_belongs_to_the_first_author_who_has_it() -> None:
    wrote = authors("nodes-garden")

    assert set(wrote.values()) == {1, 2, 3, 4, 5, 6, 7}
    assert all(folded(text) == text for text in wrote)
    assert [author_of(name) for name in ("asked.yaml", "asked-12.yaml")] == [1, 12]
