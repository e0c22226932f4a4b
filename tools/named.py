"""Which of several records a message means, by the things that it names: "the hanging lamp"."""

from collections.abc import Sequence

from language.files import words
from language.normalise import normalise, stem
from tools.backoffice import Record

_SHORTEST = 3
_FACTS = ("items", "node_name")


def named_among(records: Sequence[Record], text: str) -> list[Record]:
    """The record that alone has most of the words of `text`; empty where several have, or none."""
    said = _words(text)
    own = [_words(" ".join(record.facts.get(name, "") for name in _FACTS)) for record in records]
    shared = frozenset.intersection(*own) if own else frozenset()
    counts = [len((found - shared) & said) for found in own]
    best = max(counts, default=0)
    found = [record for record, count in zip(records, counts, strict=True) if count == best]
    return found if best > 0 and len(found) == 1 else []


def _words(text: str) -> frozenset[str]:
    """The stems of a text's words, as written and in English."""
    grammar = words("english_function_words.txt")
    reading = normalise(text)
    said = (*reading.tokens, *reading.english.split())
    return frozenset(stem(word) for word in said if len(word) >= _SHORTEST and word not in grammar)
