"""Take personal data out of a customer's message before anything stores, logs or reads it.

Numbers that nobody here may know (cards, identity and tax ids, account numbers, passwords, one-time codes)
are thrown away. What a customer gives so that the desk can help (e-mail, telephone, order id, UPI id) leaves
the text as a placeholder; the store keeps the value encrypted and only the tool gate opens it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.pii_numbers import find_numbers
from language.pii_text import Folded, Found, Labels, fold, labels
from language.pii_words import find_addresses, find_company_ids, find_ids, find_order_ids, find_secrets

KEPT = frozenset({"email", "phone", "order_id", "upi"})
_PLACEHOLDERS = {"order_id": "order"}
_PROBE_TYPES = {
    "card": "CREDIT_CARD", "ssn": "US_SSN", "aadhaar": "IN_AADHAAR", "pan": "IN_PAN", "iban": "IBAN_CODE",
    "gstin": "IN_GSTIN", "passport": "PASSPORT", "licence": "US_DRIVER_LICENSE", "account": "BANK_ACCOUNT",
    "password": "PASSWORD", "secret": "SECRET_CODE", "email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER",
    "upi": "UPI_ID",
}  # fmt: skip
_FORGED = re.compile(r"\[((?:email|phone|order|upi)_\d+)\]", re.IGNORECASE)
_SHORT_RUN = re.compile(r"(?<!\d)\d{6,11}(?!\d)")
_SHORT_RUN = re.compile(r"(?<!\d)\d{6,11}(?!\d)")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundValue:
    """One value that left the text: `start`/`end` are its first place in the customer's text.

    `value` is empty where it may not be kept (`keep` false). `hint` is a masked form for people to see.
    """

    kind: str
    placeholder: str
    value: str
    start: int
    end: int
    keep: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """The text that may be stored and read, one value per placeholder, and a flag per kind (`pii_card`)."""

    text: str
    values: tuple[FoundValue, ...]
    flags: tuple[str, ...]


def redact(text: str, id_patterns: Sequence[str] = ()) -> Redaction:
    """Replace personal data in `text` by placeholders such as `[email_1]`, `[order_1]`, `[card]`.

    `id_patterns` are regular expressions for the company's own ids (matched on whole words, any case).
    The same value gets the same placeholder. A placeholder typed by the customer loses its brackets.
    """
    folded = fold(text)
    named: dict[tuple[str, str], FoundValue] = {}
    pieces: list[str] = []
    at = 0
    flags: set[str] = set()
    for found in _find(folded, id_patterns):
        start, end = folded.span(found.start, found.end)
        value = _named(named, found, start, end)
        pieces += [_without_forged(text[at:start]), value.placeholder]
        at = end
        flags.add(f"pii_{found.kind}")
    pieces.append(_without_forged(text[at:]))
    return Redaction("".join(pieces), tuple(named.values()), tuple(sorted(flags)))


def spans(text: str) -> list[tuple[int, int, str]]:
    """Return `(start, end, type)` of the personal data in `text`, with the types of the probe's files."""
    folded = fold(text)
    return [
        (*folded.span(found.start, found.end), _PROBE_TYPES[found.kind])
        for found in _find(folded, ())
        if found.kind in _PROBE_TYPES
    ]


def _find(folded: Folded, id_patterns: Sequence[str]) -> list[Found]:
    """Return what is in the text, in order, without overlaps; the surest detectors claim their span first."""
    seen = labels(folded)
    found: list[Found] = []

    def free(start: int, end: int) -> bool:
        return all(end <= other.start or start >= other.end for other in found)

    def claim(items: Iterator[Found]) -> None:
        for item in items:
            if not free(item.start, item.end):
                continue
            found.append(item)

    claim(find_addresses(seen, free))
    claim(find_company_ids(seen, free, id_patterns))
    claim(find_ids(seen, free))
    claim(find_numbers(_outside_urls(seen), free))
    claim(find_secrets(seen, free))
    claim(find_order_ids(seen, free))
    return sorted(found, key=lambda item: item.start)


def _outside_urls(seen: Labels) -> Labels:
    """Return the text with the digits of links blanked: an address's digits are no telephone."""
    if "://" not in seen.text:
        return seen
    blank = _URL.sub(lambda link: _SHORT_RUN.sub(lambda run: "_" * len(run.group()), link.group()), seen.text)
    return Labels(blank, seen.places)


def _named(named: dict[tuple[str, str], FoundValue], found: Found, start: int, end: int) -> FoundValue:
    key = (found.kind, found.value.casefold())
    if key not in named:
        keep = found.kind in KEPT
        name = _PLACEHOLDERS.get(found.kind, found.kind)
        number = 1 + sum(kind == found.kind for kind, _ in named)
        placeholder = f"[{name}_{number}]" if keep else f"[{name}]"
        value = found.value if keep else ""
        hint = _hint(found.kind, found.value) if keep else placeholder
        named[key] = FoundValue(found.kind, placeholder, value, start, end, keep, hint)
    return named[key]


def _without_forged(text: str) -> str:
    return _FORGED.sub(r"(\1)", text)


def _hint(kind: str, value: str) -> str:
    """Return `value` masked so that its owner recognises it: `ra•••@gmail.com`, `CH-•••17`, `•••10`."""
    if kind in {"email", "upi"}:
        name, _, domain = value.partition("@")
        return f"{name[: 2 if len(name) > 3 else 1]}•••@{domain}"
    if kind == "phone":
        return f"•••{value[-2:]}"
    prefix = re.match(r"[A-Za-z]+-", value)
    return f"{prefix.group() if prefix else ''}•••{value[-2:]}"
