"""Cut English words to a light stem, so that `delivery` and `delivered` count as one word."""

from functools import lru_cache

_SUFFIXES = (
    ("ations", ""), ("ation", ""), ("ments", ""), ("ment", ""), ("able", ""), ("ings", ""), ("ing", ""),
    ("ies", ""), ("ied", ""), ("edly", ""), ("ed", ""), ("ely", ""), ("ly", ""), ("sses", "ss"), ("xes", "x"),
    ("ches", "ch"), ("shes", "sh"), ("y", ""), ("s", ""), ("e", ""),
)  # fmt: skip


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the light stem of a lower-case English word: delivery, delivered, deliveries -> deliver."""
    for suffix, kept in _SUFFIXES:
        if (
            word.endswith(suffix)
            and len(word) - len(suffix) >= 3
            and not (suffix == "s" and word[-2] in "sui")
        ):
            word = word[: len(word) - len(suffix)] + kept
            break
    if word.endswith("e") and len(word) > 4:
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sz":
        word = word[:-1]
    return word
