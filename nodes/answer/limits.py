"""What a company does not do, where an entry says so among other things."""

from collections.abc import Sequence

from graph.state import Evidence, Sentence
from language.claim_words import content_stem, negators, read

AS_SURE = 0.1
"""How much surer the entry is at most."""
MOST = 0.75
"""Share of a sentence's words that stand in the limit that says the same."""


def told_limit(sentences: Sequence[Sentence], evidence: Evidence) -> str | None:
    """The limit that a denial among the sentences tells; the others tell it too, or deny something else.

    An entry on the scope of a service lists what is not done; a customer who asks for one of these things
    is told that one, in the words for it.
    """
    if len(evidence.asked) != 1:
        return None
    denials = [sentence.quote for sentence in sentences if _denies(sentence.quote)]
    for hit in evidence.hits:
        if hit.passage.kind == "limit" and hit.answers >= evidence.answerable - AS_SURE:
            limit = hit.passage.text
            rest = [one.quote for one in sentences if one.quote not in denials]
            if all(_says(limit, quote) for quote in rest) and any(_says(limit, quote) for quote in denials):
                return hit.passage.id
    return None


def _denies(sentence: str) -> bool:
    return not negators().isdisjoint(read(sentence, False))


def _says(limit: str, sentence: str) -> bool:
    words = _content(sentence)
    return bool(words) and len(words & _content(limit)) >= MOST * len(words)


def _content(text: str) -> set[str]:
    return {content_stem(word) for word in read(text, False)} - {""}
