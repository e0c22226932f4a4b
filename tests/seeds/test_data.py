"""The data files: complete by the specification, and equal in both languages."""

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.errors import Invalid, NotFound
from language.normalise import normalise, stem
from seeds.schema import (
    CompanySeed,
    Pair,
    all_companies,
    global_rules,
    load_company,
    read_company,
    starter_tags,
)

SLUGS = ("aipassportphoto", "nodes-garden", "tamarind-lane")
NUMBER = re.compile(r"(?<![A-Za-z])[$₹]?\d+(?:[.,:]\d+)*%?")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s,]+")
ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
NO_EN = re.compile(r"\b(?:not|no(?!-cost)|never|cannot|none|nor|without|unless)\b|n't\b", re.I)
NO_HINGLISH = re.compile(r"\b(?:nahi|mat|na|bina)\b", re.I)
DEVANAGARI = re.compile(r"[ऀ-ॿ]")
INFORMAL = re.compile(r"\b(?:tum|tumhe|tumhara|tumhari|tere|yaar|bhai)\b", re.I)


def every_pair() -> Iterator[tuple[str, Pair]]:
    """All sentences that a customer may be told, with the place where they stand."""
    for seed in all_companies():
        slug, company = seed.company.slug, seed.company
        for entry in seed.entries:
            yield from ((f"{slug}/{entry.key}", fact) for fact in entry.facts)
        yield from ((f"{slug}/cannot/{item.key}", item) for item in company.cannot)
        yield from ((f"{slug}/page/{item.page}", item) for item in seed.page_pairs)
        yield from ((f"{slug}/company", item) for item in (company.greeting, company.contact, company.scope))


def differing(found: Callable[[str], object]) -> list[str]:
    """The pairs for which `found` differs between the languages."""
    return [f"{at}: {pair.en}" for at, pair in every_pair() if found(pair.en) != found(pair.hinglish)]


def test_that_all_companies_are_there() -> None:
    assert tuple(seed.company.slug for seed in all_companies()) == SLUGS


@pytest.mark.parametrize("pattern", [NUMBER, ADDRESS, ACRONYM], ids=["numbers", "addresses", "acronyms"])
def test_that_both_languages_state_the_same_values(pattern: re.Pattern[str]) -> None:
    assert differing(lambda text: sorted(set(pattern.findall(text)))) == []


def test_that_both_languages_deny_the_same() -> None:
    denies = [
        f"{at}: {pair.en}"
        for at, pair in every_pair()
        if bool(NO_EN.search(pair.en)) != bool(NO_HINGLISH.search(pair.hinglish))
    ]
    assert denies == []


def test_that_each_fact_is_one_sentence() -> None:
    many = [
        text
        for seed in all_companies()
        for entry in seed.entries
        for fact in entry.facts
        for text in (fact.en, fact.hinglish)
        if not text.endswith(".") or re.search(r"[.!?] [A-Z]", text.replace("L.L.C", "LLC"))
    ]
    assert many == []


def test_that_facts_name_their_subject() -> None:
    vague = [
        fact.en
        for seed in all_companies()
        for entry in seed.entries
        for fact in entry.facts
        if re.match(r"(?:It|This|That|They|These|Those|He|She)\b", fact.en)
    ]
    assert vague == []


def test_that_the_data_are_in_latin_script_and_polite() -> None:
    for seed in all_companies():
        assert DEVANAGARI.search(seed.model_dump_json()) is None
    assert [pair.hinglish for _, pair in every_pair() if INFORMAL.search(pair.hinglish)] == []


@pytest.mark.parametrize(
    ("slug", "entries", "articles", "rules", "records", "scenarios", "tickets"),
    [("aipassportphoto", 27, 4, 3, 3, 6, 5), ("nodes-garden", 5, 4, 2, 2, 5, 4)],
)
def test_that_the_first_two_companies_have_what_the_specification_counts(
    slug: str, entries: int, articles: int, rules: int, records: int, scenarios: int, tickets: int
) -> None:
    seed = load_company(slug)
    found = (seed.entries, seed.articles, seed.rules, seed.records, seed.company.scenarios, seed.tickets)
    assert tuple(len(part) for part in found) == (entries, articles, rules, records, scenarios, tickets)


def test_that_tags_and_global_rules_are_there() -> None:
    assert len(starter_tags()) == 15
    assert [(rule.priority, rule.terms, rule.confidence) for rule in global_rules()] == [
        (10, ("embassy", "refund"), 0.92)
    ]


def rules_that_match(seed: CompanySeed, text: str, *, hinglish: bool = False) -> list[str]:
    """The names of the company's rules that hold for a text, in their order, then the global ones."""
    found = []
    low = text.lower()
    for rule in (*sorted(seed.rules, key=lambda rule: rule.priority), *global_rules()):
        any_of = [(term,) for term in rule.terms] if rule.match == "any_terms" else [rule.terms]
        groups = [*any_of, *rule.terms_hinglish] if hinglish else any_of
        if any(all(term.lower() in low for term in group) for group in groups):
            found.append(rule.name)
    return found


@pytest.mark.parametrize("seed", all_companies(), ids=lambda seed: seed.company.slug)
def test_that_a_scenario_meets_the_same_first_rule_in_both_languages(seed: CompanySeed) -> None:
    for scenario in seed.company.scenarios:
        english = rules_that_match(seed, scenario.en)[:1]
        assert rules_that_match(seed, scenario.hinglish, hinglish=True)[:1] == english, scenario.key


def test_that_records_match_the_specification() -> None:
    records = {
        record.external_id: (record.customer_email, record.status)
        for slug in SLUGS[:2]
        for record in load_company(slug).records
    }
    assert records == {
        "APP-1001": ("anna@example.com", "completed"),
        "APP-1002": ("mark@example.com", "processing"),
        "APP-1003": ("sara@example.com", "completed"),
        "ND-1001": ("operator@example.com", "provisioning"),
        "ND-1002": ("builder@example.com", "healthy"),
    }


@pytest.mark.parametrize("seed", all_companies(), ids=lambda seed: seed.company.slug)
def test_that_ids_follow_the_patterns_of_their_company(seed: CompanySeed) -> None:
    ids = [record.external_id for record in seed.records] + [order.order_id for order in seed.orders]
    assert ids
    for value in ids:
        assert any(re.fullmatch(pattern, value) for pattern in seed.company.id_patterns), value


def test_that_questions_lead_to_one_entry_only() -> None:
    for seed in all_companies():
        homes: dict[str, set[str]] = {}
        for entry in seed.entries:
            for question in (*entry.questions, *entry.questions_hinglish):
                homes.setdefault(question.lower().rstrip("?. "), set()).add(entry.key)
        assert {text: keys for text, keys in homes.items() if len(keys) > 1} == {}


@functools.cache
def stems_of(text: str) -> frozenset[str]:
    """The stems of the words that a text comes to."""
    return frozenset(stem(word) for word in normalise(text).tokens)


def asks_for(terms: tuple[str, ...], text: str) -> bool:
    """Whether a text holds all words of one term, as written or by their stems."""
    stems, lower = stems_of(text), text.lower()
    return any(
        all(
            (word.lower() in lower and re.search(rf"(?<!\w){re.escape(word.lower())}", lower) is not None)
            or stems_of(word) <= stems
            for word in term.split()
        )
        for term in terms
    )


@pytest.mark.parametrize(
    ("slug", "text", "key"),
    [
        ("aipassportphoto", "Can you check a photo I already have?", "check-existing-photos"),
        ("aipassportphoto", "mera passport renew kar doge?", "renew-passport"),
        ("aipassportphoto", "photo print karke ghar bhej doge?", "mail-prints"),
        ("nodes-garden", "I lost my seed phrase, can you recover it?", "key-recovery"),
        ("nodes-garden", "mujhe kaunsa coin khareedna chahiye?", "trading-advice"),
        ("tamarind-lane", "Can I rent a chair?", "rental"),
        ("tamarind-lane", "purana sofa repair karte ho?", "repair-other-items"),
    ],
)
def test_that_a_request_outside_the_service_is_known(slug: str, text: str, key: str) -> None:
    found = [
        item.key
        for item in load_company(slug).company.cannot
        if asks_for((*item.terms_en, *item.terms_hinglish), text)
    ]
    assert found == [key]


def test_that_orders_add_up_and_keep_to_the_shop_s_own_terms() -> None:
    for order in load_company("tamarind-lane").orders:
        goods = sum(item.price * item.quantity for item in order.items)
        furniture = any(re.search(r"chair|table$", item.name) for item in order.items)
        shipping = 499 if furniture else (0 if goods >= 999 else 79)
        cash = 40 if order.payment_method == "COD" else 0
        assert order.total == goods + shipping + cash, order.order_id
        assert order.payment_method != "EMI" or order.total >= 5000, order.order_id
        dates = [day for day in (order.placed_on, order.shipped_on, order.delivered_on) if day]
        assert dates == sorted(dates), order.order_id
        assert (order.delivered_on is not None) == (
            order.status in {"delivered", "returned", "return_requested", "refunded"}
        ), order.order_id


def luminance(colour: str) -> float:
    """Relative luminance of an `#rrggbb` colour, 0 to 1 (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("seed", all_companies(), ids=lambda seed: seed.company.slug)
def test_that_brand_colours_are_readable(seed: CompanySeed) -> None:
    brand = seed.company.brand
    assert contrast(brand.brand, brand.brand_ink) >= 4.5
    assert contrast(brand.brand, "#ffffff") >= 4.5
    assert contrast(brand.brand_dark, brand.brand_dark_ink) >= 4.5
    assert contrast(brand.brand_dark_text, "#1b2326") >= 4.5


def test_that_canaries_are_in_no_public_text() -> None:
    for seed in all_companies():
        public = " ".join(entry.body() for entry in seed.entries) + "".join(page.html for page in seed.pages)
        assert seed.company.canary not in public


def test_that_an_unknown_company_is_not_found() -> None:
    with pytest.raises(NotFound, match="nowhere"):
        load_company("nowhere")


def test_that_a_mistake_names_its_file_and_field(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    with pytest.raises(Invalid, match=r"acme/company\.yaml: is missing"):
        read_company(folder)
    (folder / "company.yaml").write_text("slug: Not A Slug\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"acme/company\.yaml: slug: "):
        read_company(folder)
    (folder / "company.yaml").write_text("slug: [", encoding="utf-8")
    with pytest.raises(Invalid, match=r"acme/company\.yaml: "):
        read_company(folder)
