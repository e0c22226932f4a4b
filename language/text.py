"""Clean a customer's text and cut it into tokens and sentences, before anything reads meaning into it.

Everything that judges words (classifier, retrieval, safety, guard) starts from the same clean text, so that
an invisible character or a full-width letter cannot make two of them see different messages.
"""

import re
import unicodedata
from functools import cache

from language.files import rows

_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"
_VARIATION_SELECTORS = "\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BREAKING_CONTROLS = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029")

_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e"
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)+(?!\w)"
    rf"|{_LETTER}+(?:['’]{_LETTER}+)*"
)
_POSSESSIVE = re.compile(r"['’]s$")
_DIGIT = re.compile(r"\d")

_TERMINATOR = re.compile(r"(?:[.!?।॥…]+)[\"'”’)\]]*(?=\s|$)")
_LAST_WORD = re.compile(r"\S+$")


@cache
def _abbreviations(kind: str) -> frozenset[str]:
    """Abbreviations that keep their full stop: `inside`, `before a number`, `unless a capital follows`."""
    return frozenset(
        word for name, words in rows("abbreviations.tsv") if name == kind for word in words.split()
    )


def _is_dropped(char: str) -> bool:
    return unicodedata.category(char) in _DROPPED_CATEGORIES


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile(f"[{_INVISIBLE_LETTERS}{_VARIATION_SELECTORS}]")


def clean(text: str) -> str:
    """Return `text` in NFKC on one line, without invisible, control, tag or surrogate characters.

    White space of any kind becomes single spaces; letters, case and punctuation stay as typed.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = "".join(" " if c in _BREAKING_CONTROLS else c for c in text)
    visible = "".join(c for c in spaced if c.isprintable() or not _is_dropped(c))
    composed = unicodedata.normalize("NFKC", _hidden().sub("", visible))
    return " ".join(composed.split())


def fold_digits(text: str) -> str:
    """Return `text` with the digits of every script (५, ٥, 5) as ASCII digits."""
    if text.isascii():
        return text
    return _DIGIT.sub(lambda found: str(unicodedata.digit(found.group())), text)


def tokens(text: str) -> tuple[str, ...]:
    """Return the lower-cased words and numbers of `text`, in order.

    `1,299` is the one token `1299`, `4.99` stays whole, an English possessive loses its `'s`; a hyphen
    separates. Words of Indic scripts keep their vowel signs.
    """
    found = _TOKEN.findall(fold_digits(clean(text)).casefold())
    return tuple(_bare(token) for token in found)


def _bare(token: str) -> str:
    if token[0].isdigit():
        return token.replace(",", "")
    return _POSSESSIVE.sub("", token).replace("’", "'")


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of `text` without surrounding white space; a line break always separates.

    A full stop inside `Rs. 500`, `e.g.`, `9.30`, an address or a URL does not end a sentence.
    """
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for end in _ends(line):
            found.append(line[start:end].strip())
            start = end
        found.append(line[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def _ends(line: str) -> list[int]:
    return [m.end() for m in _TERMINATOR.finditer(line) if _closes(line, m)]


def _closes(line: str, mark: re.Match[str]) -> bool:
    """Tell whether the mark ends a sentence: anything but one full stop does."""
    if mark.group().rstrip("\"'”’)]") != ".":
        return True
    before = _LAST_WORD.search(line[: mark.start()])
    word = before.group().lstrip("(\"'“‘[").casefold() if before else ""
    after = line[mark.end() :].lstrip()
    if word in _abbreviations("inside"):
        return False
    if word in _abbreviations("before a number"):
        return not after[:1].isdigit()
    if word in _abbreviations("unless a capital follows"):
        return not after or after[0].isupper()
    is_list_number = word.isdigit() and line[: mark.start()].strip() == word and bool(after)
    is_initial = len(word) == 1 and word.isalpha() and word not in {"i", "u", "h"}
    return not (is_list_number or is_initial)
