"""Tell what a long number is: a card, an identity number, an account, a telephone number, or none of these.

A checksum or a word beside it decides; a number that the customer calls an order, a booking or a
transaction is never taken for a card or a telephone.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from language.pii_text import Found, Labels

_RUN = re.compile(
    r"(?<![\w@#.])(?:\+|\(\+?)?\d(?:[\d()]|[ ./-]{1,2}(?=[\d(+]))*"
    r"(?:\s?(?:x|ext\.?|extn\.?)\s?\d{1,6})?(?![\w@])",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\S+")
_SEPARATORS = re.compile(r"[^\d]")
_CARD_GROUPS = (
    re.compile(r"\d{12,19}"),
    re.compile(r"\d{4}([ -])\d{4}(\1\d{4}){1,2}(\1\d{1,4})?"),
    re.compile(r"\d{4}([ -])\d{6}\1\d{4,5}"),
)
_CARD_PREFIX = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})$"
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$"
    r"|3[47]\d{13}$"
    r"|(?:30[0-5]|36\d|3[89]\d)\d{11}$"
    r"|(?:6011|64[4-9]\d|65\d\d|60\d\d|8[12]\d\d|508\d)\d{12}$"
    r"|(?:35(?:2[89]|[3-8]\d)\d{12}|(?:2131|1800)\d{11})$"
    r"|(?:50[0-9]\d|5[6-8]\d\d|6304|6390|67\d\d)\d{8,15}$"
)
_GROUPED_12 = re.compile(r"\d{4}[ -]\d{4}[ -]\d{4}")
_SSN = re.compile(r"(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_WITH_DATE = re.compile(r"(?<!\S)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\S)")
_PHONE_SHAPE = re.compile(r"^(?:\+|\(|0)|[ ().-]")
_SURE_PHONE = re.compile(
    r"\+\d.*|00[1-9]\d.*|(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?:\s?(?:x|ext).*)?", re.I
)
_NOT_PHONE_LABELS = frozenset(
    {
        "order",
        "account",
        "card",
        "money",
        "aadhaar",
        "vid",
        "ssn",
        "iban",
        "passport",
        "licence",
        "secret",
        "gstin",
    }
)
_REGIONS = ("IN", "US", "GB")


def find_numbers(labels: Labels, free: Callable[[int, int], bool]) -> Iterator[Found]:
    """Yield the numbers that are personal data, in spans for which `free(start, end)` holds."""
    for run in _RUN.finditer(labels.text):
        pieces = [(run.start(), run.end())]
        if _kind(labels, *pieces[0]) == "" or _WITH_DATE.search(run.group()):
            pieces = list(_split(labels.text, run.start(), run.end()))
        for start, end in pieces:
            kind = _kind(labels, start, end) if free(start, end) else ""
            if kind:
                value = labels.text[start:end] if kind == "phone" else _digits(labels.text[start:end])
                yield Found(kind, start, end, value)


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the blank-separated parts of a run that is nothing as a whole."""
    for part in _PARTS.finditer(text, start, end):
        yield part.start(), part.end()


def _digits(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _kind(labels: Labels, start: int, end: int) -> str:
    """Return the kind of the number at `start..end`, or ""."""
    shown = labels.text[start:end]
    digits = _digits(shown)
    if len(digits) < 6 or len(digits) > 19:
        return ""
    label = labels.of(start, end)
    return _identity(label, shown, digits) or _card(label, shown, digits) or _contact(label, shown, digits)


def _identity(label: str, shown: str, digits: str) -> str:
    """Return aadhaar, vid, ssn or another number that only its label can tell, or ""."""
    if len(digits) == 12 and (
        label == "aadhaar" or (label in {"", "phone"} and _is_bare_aadhaar(shown, digits))
    ):
        return "aadhaar"
    if len(digits) == 16 and label in {"aadhaar", "vid"}:
        return "aadhaar"
    if len(digits) == 9 and (label == "ssn" or (label not in {"order", "phone"} and _SSN.fullmatch(shown))):
        return "ssn"
    if label == "account" and not _DATE.fullmatch(shown) and 8 <= len(digits) <= 18 and "+" not in shown:
        return "account"
    return label if label in {"licence", "passport"} and len(digits) <= 12 else ""


def _is_bare_aadhaar(shown: str, digits: str) -> bool:
    """Tell whether 12 digits that nothing names are an Aadhaar: grouped 4-4-4 or bare, valid checksum."""
    if not (_GROUPED_12.fullmatch(shown) or shown.isdigit()):
        return False
    if not _is_aadhaar(digits):
        return False
    return not (shown.isdigit() and _is_card(digits))


def _card(label: str, shown: str, digits: str) -> str:
    if label in {"order", "account", "licence", "passport"} or not 12 <= len(digits) <= 19:
        return ""
    if not any(groups.fullmatch(shown) for groups in _CARD_GROUPS):
        return ""
    return "card" if label == "card" or _is_card(digits) else ""


def _contact(label: str, shown: str, digits: str) -> str:
    if label in _NOT_PHONE_LABELS or not 7 <= len(digits) <= 18 or _DATE.fullmatch(shown):
        return ""
    if label == "phone" or _PHONE_SHAPE.search(shown):
        lenient = label == "phone" or bool(_SURE_PHONE.fullmatch(shown))
        return "phone" if _is_phone(shown, lenient=lenient) else ""
    return "phone" if len(digits) in {10, 11, 12} and _is_phone(shown, lenient=False) else ""


@lru_cache(maxsize=2048)
def _is_card(digits: str) -> bool:
    from stdnum import luhn

    return bool(_CARD_PREFIX.match(digits)) and bool(luhn.is_valid(digits))


@lru_cache(maxsize=2048)
def _is_aadhaar(digits: str) -> bool:
    from stdnum.in_ import aadhaar

    return bool(aadhaar.is_valid(digits))


@lru_cache(maxsize=2048)
def _is_phone(shown: str, *, lenient: bool) -> bool:
    """Tell whether `shown` is a telephone number of India, the US or Britain, or of anywhere behind `+`/`00`.

    `lenient`: the customer calls it one, so a possible length is enough.
    """
    import phonenumbers

    written = "+" + shown[2:] if shown.startswith("00") else shown
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
        if lenient and phonenumbers.is_possible_number(number):
            return True
    return False
