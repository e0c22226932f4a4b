"""A customer's words on their way in: personal data leaves the text before anything is stored."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from language.redact import redact
from store.values.turns import KeptValue


@dataclass(frozen=True, slots=True)
class SafeMessage:
    """What may be stored of a message: its text with placeholders, and with hints for the customer."""

    text: str
    display: str
    values: tuple[KeptValue, ...]
    discarded: tuple[str, ...]


def body_hash(*parts: object) -> str:
    """A digest that tells a retry from another message under the same id."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def safe_message(text: str, id_patterns: Sequence[str]) -> SafeMessage:
    """Redact a message; `id_patterns` are regular expressions for the company's own ids."""
    found = redact(text, id_patterns)
    kept = [value for value in found.values if value.keep]
    hints = {value.placeholder: value.hint for value in kept}
    return SafeMessage(
        text=found.text,
        display=_replaced(found.text, hints),
        values=tuple(
            KeptValue(value.placeholder.strip("[]"), value.kind, value.value, value.hint) for value in kept
        ),
        discarded=tuple(dict.fromkeys(value.kind for value in found.values if not value.keep)),
    )


def _replaced(text: str, names: dict[str, str]) -> str:
    if not names:
        return text
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(pattern, lambda found: names[found.group()], text)
