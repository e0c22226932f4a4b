"""Word search and the mending of typing errors."""

from retrieval.lexical import Lexical

DOCUMENTS = Lexical(
    [
        [("Refund policy", 2.0), ("You get a refund within five days.", 1.0)],
        [("Shipping", 2.0), ("We ship on weekdays and charge nothing for shipping.", 1.0)],
        [("Passport photos", 2.0), ("A passport photo costs three dollars.", 1.0)],
    ]
)


def test_that_the_document_with_the_words_scores_highest() -> None:
    scores = DOCUMENTS.scores(["passport", "photo"])

    assert scores.argmax() == 2
    assert 0.0 < scores[2] <= 1.0
    assert scores[0] == 0.0


def test_that_a_repeated_word_counts_once() -> None:
    once, twice = DOCUMENTS.scores(["refund"]), DOCUMENTS.scores(["refund", "refund"])

    assert list(once) == list(twice)


def test_that_unknown_words_lower_the_share() -> None:
    assert DOCUMENTS.scores(["refund", "zeppelin"])[0] < DOCUMENTS.scores(["refund"])[0]


def test_that_a_typing_error_is_mended() -> None:
    assert DOCUMENTS.mend("pasport") == "passport"
    assert DOCUMENTS.mend("refnud") == "refund"
    assert DOCUMENTS.mend("shiping") == "shipping"


def test_that_what_is_no_typing_error_is_left_alone() -> None:
    assert DOCUMENTS.mend("zeppelin") is None
    assert DOCUMENTS.mend("cat") is None
    assert DOCUMENTS.mend("35x45") is None


def test_that_rare_words_tell_more() -> None:
    many = Lexical([[("photo size", 1.0)], [("photo price", 1.0)], [("photo hat", 1.0)]])

    assert many.rarity("photo") < many.rarity("pric") <= many.rarity("never-seen")


def test_that_an_empty_company_can_be_searched() -> None:
    assert len(Lexical([]).scores(["refund"])) == 0
