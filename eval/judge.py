"""Decides whether a reply is what its case demands. Pure: the same reply is always judged the same."""

import re
import unicodedata
from dataclasses import dataclass

from eval.cases import Case
from eval.desk import CaseReply

_SAME = str.maketrans(
    {
        "×": "x",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "―": "-",
        "−": "-",
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "ʼ": "'",
        "′": "'",
        "`": "'",
        "´": "'",
    }
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the reply passed, and every demand that it missed, in words."""

    passed: bool
    failures: tuple[str, ...] = ()
    must_not_hits: int = 0


def judge(case: Case, reply: CaseReply) -> Judgement:
    """Hold the reply against all that the case demands."""
    text = fold(reply.reply)
    hits = [words for words in case.must_not if fold(words) in text]
    failures = [
        *_kind(case, reply),
        *_tools(case, reply),
        *(f"must: none of {list(group)} occurs" for group in case.must if not _occurs(group, text)),
        *(f"must_not: {words!r} occurs" for words in hits),
    ]
    return Judgement(passed=not failures, failures=tuple(failures), must_not_hits=len(hits))


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC, lower case, ASCII dashes and apostrophes, single spaces.

    Mapped before NFKC too, which would turn an acute accent into a space and a combining mark. A space at the
    edge of an alternative is kept: its author means the end of a word.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME).lower()
    return re.sub(r"\s+", " ", plain)


def _occurs(group: tuple[str, ...], text: str) -> bool:
    return any(fold(words) in text for words in group)


def _kind(case: Case, reply: CaseReply) -> list[str]:
    if not case.kinds or reply.kind in case.kinds:
        return []
    return [f"kind: wanted {' or '.join(sorted(case.kinds))}, got {reply.kind}"]


def _tools(case: Case, reply: CaseReply) -> list[str]:
    wanted = case.tool_lists
    if not wanted or reply.tools in wanted:
        return []
    return [f"tools: wanted {' or '.join(str(list(names)) for names in wanted)}, ran {list(reply.tools)}"]
