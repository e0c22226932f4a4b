"""Find the personal data that has a shape of its own: addresses, tax and bank ids, secrets, order ids."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from language.pii_text import Found, Labels, data, word_pattern

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,24}(?![\w@])")
_UPI = re.compile(r"(?<![\w.@-])[\w.-]{2,64}@([A-Za-z]{2,20})(?![\w@]|\.\w)")
_PAN = re.compile(r"(?<!\w)[A-Z]{5}\d{4}[A-Z](?!\w)", re.IGNORECASE)
_GSTIN = re.compile(r"(?<!\w)\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z](?!\w)", re.IGNORECASE)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_PASSPORT = re.compile(r"(?<!\w)[A-Z]{1,2}\d{6,8}(?!\w)", re.IGNORECASE)
_LICENCE = re.compile(r"(?<!\w)[A-Z]{1,2}[-\d ]{5,18}\d(?!\w)", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w.,₹$€£-])\d{3,8}(?![\w%]|[.,]\d)")
_PIN = re.compile(r"(?<!\w)pin(?!\w|\s*-?\s*code)", re.IGNORECASE)
_PREFIXED = re.compile(r"(?<![\w#/@.-])#?([A-Za-z]{2,6})[-_](\d{3,}(?:-\d+)*)(?![\w@])")
_HASHED = re.compile(r"(?<![\w&/])#\s?([A-Za-z]{0,5}-?\d{3,}(?:-\d+)*)(?!\w)")
_TRIPLE = re.compile(r"(?<![\w-])\d{3}-\d{7}-\d{7}(?![\w-])")
_NUMBER = re.compile(r"(?<![\w.,₹$€£-])\d{5,17}(?![\w%]|[.,]\d)")
_SECRET_GAP = re.compile(r"[^\d.!?\n]{0,24}")

Free = Callable[[int, int], bool]


def find_addresses(labels: Labels, free: Free) -> Iterator[Found]:
    """Yield e-mail addresses and UPI ids."""
    if "@" not in labels.text:
        return
    for match in _EMAIL.finditer(labels.text):
        yield Found("email", match.start(), match.end(), match.group())
    handles = frozenset(data()["upi"]["handles"])
    for match in _UPI.finditer(labels.text):
        if match.group(1).casefold() in handles and free(*match.span()):
            yield Found("upi", match.start(), match.end(), match.group())


def find_ids(labels: Labels, free: Free) -> Iterator[Found]:
    """Yield IBAN, GSTIN, PAN, passport and licence numbers: a checksum or a label qualifies."""
    for match in _IBAN.finditer(labels.text):
        end = _iban_end(match.group())
        if end or labels.of(*match.span()) == "iban":
            stop = match.start() + end if end else match.end()
            yield Found("iban", match.start(), stop, match.group())
    for match in _GSTIN.finditer(labels.text):
        yield Found("gstin", match.start(), match.end(), match.group())
    for match in _PAN.finditer(labels.text):
        label = labels.of(*match.span())
        if free(*match.span()) and (label == "pan" or (label != "order" and _is_pan(match.group()))):
            yield Found("pan", match.start(), match.end(), match.group())
    for pattern, kind in ((_PASSPORT, "passport"), (_LICENCE, "licence")):
        for match in pattern.finditer(labels.text):
            if labels.before(match.start()) == kind and free(*match.span()):
                yield Found(kind, match.start(), match.end(), match.group())


@lru_cache(maxsize=1024)
def _iban_end(shown: str) -> int:
    """Return the length of the valid IBAN at the start of `shown`, or 0."""
    from stdnum import iban

    end = len(shown)
    while end >= 15:
        if iban.is_valid(shown[:end]):
            return end
        cut = shown.rfind(" ", 0, end)
        end = cut if cut > 0 else 0
    return 0


@lru_cache(maxsize=1024)
def _is_pan(shown: str) -> bool:
    from stdnum.in_ import pan

    return shown.isupper() and bool(pan.is_valid(shown))


@cache
def _password() -> re.Pattern[str]:
    words = word_pattern(data()["password"]["words"])
    return re.compile(
        rf"{words}(?P<link>\s*(?:[:=]+|is|was|hai|he|h|है)\s*[:=]?\s*|\s+)[\"'“‘]?(?P<value>[^\s\"'”’]+)",
        re.IGNORECASE,
    )


def find_secrets(labels: Labels, free: Free) -> Iterator[Found]:
    """Yield passwords, one-time codes, CVV and PIN."""
    for match in _password().finditer(labels.text):
        value = match["value"].rstrip(".,;!?)।")
        if value and _is_password(value, match["link"]) and free(*match.span("value")):
            start = match.start("value")
            yield Found("password", start, start + len(value), value)
    for match in _CODE.finditer(labels.text):
        if free(*match.span()) and _is_code(labels, match):
            yield Found("secret", match.start(), match.end(), match.group())


def _is_password(value: str, link: str) -> bool:
    """Tell whether the word behind "password" is one, not the rest of the sentence."""
    bare = value.casefold().strip(".,;!?)(")
    if len(bare) < 4 or bare in data()["password"]["not_values"] or value.startswith("["):
        return False
    if any(char in link for char in ":="):
        return True
    mixed = any(char.isdigit() for char in value) or (not value[1:].islower() and not value.isupper())
    symbols = any(not (char.isalnum() or char in "-'’/.,") for char in value)
    if not link.strip():
        return (any(char.isdigit() for char in value) and not value.isdigit()) or symbols
    return mixed or symbols


def _is_code(labels: Labels, match: re.Match[str]) -> bool:
    if labels.of(*match.span()) == "secret":
        return True
    pin = list(_PIN.finditer(labels.text, 0, match.start()))
    if not pin or len(match.group()) > 5:
        return False
    gap = labels.text[pin[-1].end() : match.start()]
    return bool(_SECRET_GAP.fullmatch(gap))


@cache
def _labelled_order() -> re.Pattern[str]:
    order = data()["order"]
    label = word_pattern(order["labels"])
    filler = word_pattern(order["fillers"])
    unit = word_pattern(order["units"])
    return re.compile(
        rf"{label}(?P<gap>(?:[\s:=#.'’-]|{filler})*?)[\s:=#-]"
        rf"(?P<id>(?=[A-Za-z-]{{0,8}}\d)[A-Za-z\d]+(?:[-_/][A-Za-z\d]+)*)(?![\w@%]|[.,]\d)(?!\s*{unit})",
        re.IGNORECASE,
    )


@lru_cache(maxsize=256)
def _company(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


def find_company_ids(labels: Labels, free: Free, patterns: Sequence[str]) -> Iterator[Found]:
    """Yield the ids in the shapes that the company itself names (regular expressions)."""
    for pattern in patterns:
        for match in _company(pattern).finditer(labels.text):
            if match.group() and free(*match.span()):
                yield Found("order_id", match.start(), match.end(), match.group())


def find_order_ids(labels: Labels, free: Free) -> Iterator[Found]:
    """Yield order-like ids of general shape: ORD-123, #20417, 402-1234567-1234567, "order 12345"."""
    not_prefixes = frozenset(data()["order"]["not_prefixes"])
    for match in _PREFIXED.finditer(labels.text):
        if match.group(1).casefold() not in not_prefixes and free(*match.span()):
            yield Found("order_id", match.start(), match.end(), match.group().lstrip("#"))
    for pattern in (_HASHED, _TRIPLE):
        for match in pattern.finditer(labels.text):
            if free(*match.span()):
                yield Found("order_id", match.start(), match.end(), match.group().lstrip("# "))
    for match in _labelled_order().finditer(labels.text):
        value = match["id"]
        digits = sum(char.isdigit() for char in value)
        if digits >= (3 if match["gap"].strip() or not value.isdigit() else 4) and free(*match.span("id")):
            yield Found("order_id", *match.span("id"), value)
    for match in _NUMBER.finditer(labels.text):
        named = labels.before(match.start()) == "" and labels.after(match.end()) == "order"
        if named and free(*match.span()):
            yield Found("order_id", match.start(), match.end(), match.group())
