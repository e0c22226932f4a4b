"""One form for every spelling of English and Hinglish."""

from collections import Counter

import pytest

from language.glossary import entries
from language.lexicon import phrases
from language.normalise import normalise, stem
from language.translit import transliterate


@pytest.mark.parametrize(
    "spellings",
    [
        ("nahi", "nhi", "nahin", "nahee", "nahiii"),
        ("kahan", "kaha", "kidhar", "kahaan"),
        ("chahiye", "chaiye", "chahie", "chahiyee"),
        ("kyun", "kyu", "kyon", "kyoon"),
        ("wapas", "vapas", "wapis", "waapas"),
        ("toota", "tuta", "tooti"),
        ("shikayat", "sikayat", "shikaayat"),
        ("zyada", "jyada", "jada"),
    ],
)
def test_that_spellings_of_one_hinglish_word_become_one(spellings: tuple[str, ...]) -> None:
    read = {normalise(f"mera order {spelling} hai").tokens[2] for spelling in spellings}

    assert len(read) == 1


def test_that_the_query_for_retrieval_is_english() -> None:
    assert normalise("mera paisa wapas kab tak milega").english == "my refund when receive"
    assert normalise("saman toot gaya hai").english == "item broken"
    assert normalise("mujhe apna pata badalna hai").english == "my change address"


def test_that_english_words_and_their_order_are_kept() -> None:
    assert normalise("Where is my main order, is it for me?").english == "where is my main order is it for me"


@pytest.mark.parametrize("word", ["main", "is", "to", "the", "me", "do", "us"])
def test_that_a_word_of_both_languages_stays_english_in_an_english_message(word: str) -> None:
    read = normalise(f"please explain {word} and the price")

    assert word in read.tokens
    assert not any(read.hinglish)


def test_that_a_word_of_both_languages_is_hinglish_beside_hinglish() -> None:
    read = normalise("main ne order kiya tha")

    assert read.hinglish == (True, True, False, True, True)


def test_that_verb_forms_share_a_root() -> None:
    roots = {stem(form) for form in ("bhejna", "bheja", "bhejunga", "bhejiye", "bhejdo", "bhejte")}

    assert roots == {"bhej"}


def test_that_english_inflections_share_a_stem() -> None:
    assert stem("deliveries") == stem("delivered") == stem("delivery")
    assert stem("cancelled") == stem("cancellation") == stem("cancel")
    assert stem("prices") == stem("price")


@pytest.mark.parametrize(
    ("typo", "word"),
    [("delevery", "delivery"), ("paymnet", "payment"), ("retrun", "return"), ("agnt", "agent")],
)
def test_that_typing_errors_in_words_of_the_trade_are_repaired(typo: str, word: str) -> None:
    assert word in normalise(f"where is my {typo}").tokens


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("मेरा ऑर्डर कहाँ है", "mera order kahan hai"),
        ("रिफंड चाहिए", "refund chahie"),
        ("मुझे किसी इंसान से बात करनी है।", "mujhe kisi insan se bat karni hai."),
        ("ज़रूर बढ़िया", "zarur badhiya"),
        ("order देर से आया", "order der se aya"),
    ],
)
def test_that_devanagari_is_written_as_people_type_it(written: str, spoken: str) -> None:
    assert transliterate(written) == spoken


def test_that_devanagari_reaches_the_same_canonical_words_as_hinglish() -> None:
    assert normalise("मेरा ऑर्डर कहाँ है").tokens == normalise("mera order kaha hai").tokens


def test_that_the_glossary_is_large_and_every_phrase_is_reachable() -> None:
    kinds = Counter(entry.kind for entry in entries())

    assert kinds["fixed"] + kinds["declined"] > 1_400
    assert kinds["verb"] > 250
    assert len(phrases()) > 450
    for said, english in phrases().items():
        assert len(said) > 1
        assert english.strip()


@pytest.mark.parametrize("text", ["", "   ", "🙂", "????", "\u200b", "५", "a" * 5000])
def test_that_messages_without_words_are_read_too(text: str) -> None:
    read = normalise(text)

    assert len(read.tokens) == len(read.hinglish) == len(read.roots)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("photo mil jaati hai kya", "photo received"),
        ("konsa rang milega", "which colour receive"),
        ("assam bhejna hai", "assam send"),
        ("jute ki dari hai kya", "jute rug"),
        ("1 photo k kitne paise", "1 photo how much does it cost"),
        ("gift ke baare me batao", "gift about tell"),
        ("kitne bit ki encryption hai", "how much bit encryption"),
        ("korean ya russian passport hai", "korean or russian passport"),
        ("aap hindi me jawab doge", "you hindi reply give"),
        ("domain aur quantity batao", "domain and quantity tell"),
        ("mulk konsa hai", "country whose"),
        ("delete kar dijiye", "delete"),
    ],
)
def test_that_a_word_is_not_taken_for_another_that_is_spelled_like_it(text: str, english: str) -> None:
    assert normalise(text).english == english
