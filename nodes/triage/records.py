"""Which record a message names: by its whole number, by the end of it, or as one of those just listed."""

import re

from graph.state import Memory, Question
from language.normalise import normalise
from language.text import fold_digits

_NUMBER = re.compile(r"(?<![\w.,₹$€£-])(\d{3,})(?![\w%]|[.,]\d)")
_PLACES = (
    re.compile(r"\b(?:first|1st|pehla|pahla|pehli|pehle wala|upar wala)\b"),
    re.compile(r"\b(?:second|2nd|dusra|doosra|dusri|other one|other)\b"),
    re.compile(r"\b(?:third|3rd|teesra|tisra)\b"),
)
_LAST = re.compile(r"\b(?:last|latest|newest|recent|aakhri|akhri|naya wala|new one)\b")


def record_of(question: Question, memory: Memory, example: str) -> str:
    """A placeholder, or the number of a record; empty where the message names none.

    `example` is a number as the company writes it ("LH-1001"): "1003" then means LH-1003. The gate still
    looks only among the customer's own records.
    """
    slots = [slot for slot in question.slots if slot.startswith("order")]
    if slots:
        return slots[-1]
    numbers = _NUMBER.findall(fold_digits(question.text))
    listed = [one for one in memory.choices if any(one.endswith(number) for number in numbers)]
    if len(listed) == 1:
        return listed[0]
    written = re.fullmatch(r"(\D*)(\d+)", example)
    whole = [number for number in numbers if written and len(number) == len(written[2])]
    if written and len(whole) == 1:
        return f"{written[1]}{whole[0]}"
    return _by_place(question.text, memory.choices)


def _by_place(text: str, choices: tuple[str, ...]) -> str:
    """One of the listed records by its place in the list: "the second one", "aakhri wala"."""
    said = f"{text.casefold()} {' '.join(normalise(text).tokens)}"
    if not choices:
        return ""
    if _LAST.search(said):
        return choices[-1]
    return next((one for one, place in zip(choices, _PLACES, strict=False) if place.search(said)), "")
