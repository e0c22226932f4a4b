"""Builds the one-fact probe: replies that change one fact of their passage, beside faithful ones.

The facts are ours, in both languages (`seeds/phrases/guard/*.toml`). A hash of their id splits the
families into a half to tune on and a half that is only measured; so it does those that move a value from one
clause of a sentence into another. A third set is blind, by an author who had not opened the checker; a
fourth, of free wording and many opposites, is tuned on. A row's `kind` is `faithful`, the edit (`slot`,
`negation`, `opposite`, `moved`) or `swap`: a slot filled with another value of the same passage, reported
apart.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from language.fact_match import missing
from language.quantities import facts

Half = Literal["tune", "test", "blind", "free", "moved", "moved_test", "fresh"]
_FILES: Mapping[Half, tuple[str, ...]] = {
    "tune": ("families.toml", "families_more.toml"),
    "test": ("families.toml", "families_more.toml"),
    "blind": ("families_blind.toml",),
    "free": ("families_free.toml",),
    "fresh": ("families_fresh.toml",),
    "moved": ("families_moved.toml",),
    "moved_test": ("families_moved.toml",),
}
_WHOLE = frozenset({"blind", "free", "fresh"})
_MEASURED = frozenset({"test", "moved_test"})
_SLOT = re.compile(r"\{(\w)\}")
_LANGUAGES = (("en", 0), ("hi", 1))
_NAMES = {"en": "en", "hi": "hinglish"}


def build(half: Half) -> list[dict[str, Any]]:
    """Return the probe rows of one half: `context, response, label` (1 grounded), `kind`, `language`."""
    families = _families(_FILES[half])
    rows: list[dict[str, Any]] = []
    for place, family in enumerate(families):
        if half not in _WHOLE and (half in _MEASURED) == _is_tuned(family["id"]):
            continue
        context = _context(families, place)
        for kind, language, response, label in _replies(family, context):
            rows.append(
                {
                    "context": context,
                    "response": response,
                    "label": label,
                    "kind": kind,
                    "language": language,
                    "family": family["id"],
                }
            )
    return rows


def write(folder: Path) -> None:
    """Write `guard_tune.jsonl` and its like, one file for each half, into `folder`."""
    for half in _FILES:
        lines = [json.dumps(row, ensure_ascii=False) for row in build(half)]
        (folder / f"guard_{half}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def _families(names: tuple[str, ...]) -> list[dict[str, Any]]:
    folder = files("seeds") / "phrases" / "guard"
    texts = [(folder / name).read_text("utf-8") for name in names]
    return [family for text in texts for family in tomllib.loads(text)["family"]]


def _is_tuned(identity: str) -> bool:
    return hashlib.sha256(identity.encode()).digest()[0] % 2 == 1


def _context(families: list[dict[str, Any]], place: int) -> str:
    """Return the family's passage between two sentences about something else."""
    around = [families[(place + step) % len(families)] for step in (7, 17)]
    middle = _filled(families[place]["context"], families[place], 0, {})
    return " ".join(
        [
            _filled(around[0]["context"], around[0], 0, {}),
            middle,
            _filled(around[1]["context"], around[1], 0, {}),
        ]
    )


def _filled(text: str, family: dict[str, Any], form: int, edits: dict[str, int]) -> str:
    return _SLOT.sub(lambda slot: str(family[slot[1]][edits.get(slot[1], 0)][form]), text)


def _replies(family: dict[str, Any], context: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield `(kind, language, response, label)`."""
    for language, form in _LANGUAGES:
        name = _NAMES[language]
        for text in family[language]:
            yield "faithful", name, _filled(text, family, form, {}), 1
            for slot in sorted(set(_SLOT.findall(text))):
                for wrong in range(1, len(family[slot])):
                    kind = "swap" if _says(context, family[slot][wrong][0]) else "slot"
                    yield kind, name, _filled(text, family, form, {slot: wrong}), 0
        for text in family.get(f"not_{language}", ()):
            yield "negation", name, _filled(text, family, form, {}), 0
        for text in family.get(f"opp_{language}", ()):
            yield "opposite", name, _filled(text, family, form, {}), 0
        for text in family.get(f"moved_{language}", ()):
            yield "moved", name, _filled(text, family, form, {}), 0


def _says(context: str, value: str) -> bool:
    """Tell whether the passage has the wrong value somewhere else."""
    stated = facts(value)
    return value.casefold() in context.casefold() or bool(stated and not missing(value, facts(context)))
