"""Which limit an entry on many things tells, when one of them is asked for."""

from graph.state import Asked, Evidence, Sentence
from nodes.answer.limits import told_limit
from tests.fakes import hit

ONLY = "The booth only makes new pictures."
CHECK = "The booth does not check other pictures."
POST = "The booth does not post prints."
LIMIT = "The booth does not check pictures of other studios; the booth only makes new pictures."


def sentences(*texts: str) -> list[Sentence]:
    return [Sentence(text=text, quote=text, source_id="scope") for text in texts]


def evidence(*, limit: float, entry: float = 0.95, parts: int = 1) -> Evidence:
    return Evidence(
        hits=(
            hit(entry, id="scope", text="\n".join((ONLY, CHECK, POST))),
            hit(limit, id="company:limit:check", text=LIMIT, kind="limit"),
        ),
        asked=tuple(Asked(query=f"question {n}", passage_id="scope", answers=entry) for n in range(parts)),
        answerable=entry,
    )


def test_that_the_limit_is_told_where_the_entry_denies_it_among_other_things() -> None:
    assert told_limit(sentences(ONLY, CHECK, POST), evidence(limit=0.9)) == "company:limit:check"


def test_that_an_entry_that_says_something_of_its_own_is_told_as_it_is() -> None:
    own = "Pictures are ready in ten minutes."

    assert told_limit(sentences(own, CHECK), evidence(limit=0.9)) is None
    assert told_limit(sentences(ONLY), evidence(limit=0.9)) is None
    assert told_limit(sentences(ONLY, POST), evidence(limit=0.9)) is None


def test_that_a_limit_that_is_less_sure_is_not_meant() -> None:
    assert told_limit(sentences(ONLY, CHECK), evidence(limit=0.8)) is None


def test_that_two_questions_get_two_answers() -> None:
    assert told_limit(sentences(ONLY, CHECK), evidence(limit=0.9, parts=2)) is None
