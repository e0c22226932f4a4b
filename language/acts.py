"""What a customer does with a message: greet, agree, refuse, ask for a person, ask about a case or anything.

The patterns are data over canonical words, so one pattern covers every spelling; both languages share them.
Frustration, a question for the office hours or a story about an agent is not a request for a person.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from language.files import rows, words
from language.normalise import Normalised, normalise
from language.openings import without_opening
from language.status import asks_state
from language.text import clean, fold_digits, tokens

Mode = Literal["informational", "case_specific", "action_request"]

_ID = re.compile(r"\b(?:[A-Za-z]{2,}[-_]?\w*\d{3}[\w-]*|(?:order|email|phone|upi)_\d+|\d{5,})\b|\S+@\S+\.\w+")
_CLAUSE_END = re.compile(r"[,;:.!?]+(?:\s|$)|\s[-–—]\s|\n")
_CLAUSE = re.compile(r"([^,;.!?]+)((?:[,;.!?]+\s*)?)")
_LEAD = re.compile(r"^\s*(\S+?)[,.!;]")
_CONDITION = re.compile(
    r"\b(?:if|in case|suppose|assuming|when|agar|jab|unless)\b.*"
    r"|^.*\b(?:jaye|aaye|aaya|aayi|kare|kar de|nikla|nikala|nikle|nikli|mile|mila|mili|lage|hua|hui|gaya"
    r"|gayi|kiya|lautaya|ho)\b.{0,12}\btoh\b(?! nahi\b)"
)
_UNREAL = re.compile(r"\w+(?:eg[ai]|enge|og[aei]|[uo]ng[ai])$|\w{2,}n[aei]$|jayen?$")
"""Forms of a verb that tell of nothing that has happened: future, infinitive, wish."""
_MYSELF = frozenset(
    {"i", "me", "my", "we", "our", "main", "maine", "mujhe", "mera", "hum", "hamara", "humne"}
)
_SHORT, _FOLLOW_LENGTH, _BRIEF = 7, 8, 4


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of one message; several can hold at once.

    `mode` tells a general question from one about the customer's own case and from a request to do something.
    `bare` says that nothing is left beside greeting, thanks, goodbye, yes or no; `vents` that nothing is
    left beside anger at the desk; `declines_person` that a human is refused ("no human, just tell me").
    `reports` is a thing that happened to the customer, `wants_change` a wish that something of the customer's
    own be changed or removed.
    """

    greeting: bool
    thanks: bool
    goodbye: bool
    yes: bool
    no: bool
    wants_person: bool
    declines_person: bool
    vents: bool
    question: bool
    mode: Mode
    hypothetical: bool
    reports: bool
    wants_change: bool
    negated: bool
    follow_up: bool
    bare: bool


def acts(text: str, language: str) -> Acts:
    """Return what the customer does in `text`; `language` is the one decided on (`en`, `hi`, ...)."""
    message = clean(text)
    normal = normalise(message)
    said = _stream(normal.tokens)
    no = _is_no(message, normal)
    yes = not no and _is_yes(message, normal)
    hypothetical = _is_hypothetical(said)
    thanks = _has("thanks", said) and "for nothing" not in said
    goodbye, greeting = _has("goodbye", said), _has("greeting", said)
    bare = (_only_social(normal) or _is_phrase("no phrase", message, normal)) and (
        greeting or thanks or goodbye or yes or no
    )
    return Acts(
        greeting=greeting,
        thanks=thanks,
        goodbye=goodbye,
        yes=yes,
        no=no,
        wants_person=_wants_person(said),
        declines_person=_declines_person(said),
        vents=_vents(said),
        question=_is_question(message, said, language),
        mode=_mode(message, said, normal, hypothetical),
        hypothetical=hypothetical,
        reports=not hypothetical and _reports(said, normal),
        wants_change=not hypothetical and not _has("how to", said) and _has("change own", said),
        negated=_has("negated", said),
        follow_up=not bare and _follows(_stream(normalise(without_opening(message)).tokens)),
        bare=bare,
    )


@cache
def _patterns(act: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{pattern})" for name, pattern in rows("acts_patterns.tsv") if name == act)
    )


@cache
def _listed(act: str) -> frozenset[str]:
    return frozenset(
        word for name, words in rows("acts_patterns.tsv") if name == act for word in words.split()
    )


def _stream(words: tuple[str, ...]) -> str:
    return " ".join(words).replace("'", "")


def _has(act: str, said: str) -> bool:
    return _patterns(act).search(said) is not None


def _wants_person(said: str) -> bool:
    said = _patterns("declines person").sub(" ", said)
    if not _has("wants person", said):
        return False
    return not _has("not person", said) or _has("override person", said)


def _declines_person(said: str) -> bool:
    return _has("declines person", said) and not _wants_person(said)


def without_refusal(text: str) -> str:
    """Return `text` without the clauses that refuse a person; all of it where nothing else is left.

    >>> without_refusal("no human please, what is the price?")
    'what is the price?'
    """
    clauses = [(part, f"{part}{end}") for part, end in _CLAUSE.findall(clean(text)) if part.strip()]
    kept = "".join(full for part, full in clauses if not _declines_person(_stream(normalise(part).tokens)))
    return kept.strip() or text


def lacks_number(normal: Normalised) -> bool:
    """Tell whether the message says that the number of the order is not at hand."""
    return len(normal.tokens) <= _FOLLOW_LENGTH + _BRIEF and _has("no number", _stream(normal.tokens))


def urges(normal: Normalised) -> bool:
    """Tell whether the message says to go ahead with what was spoken of."""
    return len(normal.tokens) <= _FOLLOW_LENGTH and _has("urges", _stream(normal.tokens))


def corrects(text: str) -> bool:
    """Tell whether the message says that something was said wrongly ("ugh, autocorrect, sorry")."""
    return _has("mistaken", _stream(normalise(text).tokens))


def asks_what_we_are(normal: Normalised) -> bool:
    """Tell whether the message asks if a person or a program answers, and nothing else."""
    return len(normal.tokens) <= _FOLLOW_LENGTH and _has("asks what", _stream(normal.tokens))


def _vents(said: str) -> bool:
    """Tell whether the message is nothing but anger: no question, thing or wish is left beside it."""
    calm, insults = _patterns("vent").subn(" ", said)
    around = _listed("vent around") | _listed("filler") | words("english_function_words.txt")
    return insults > 0 and all(word in around for word in calm.split())


def _is_yes(message: str, normal: Normalised) -> bool:
    if _is_phrase("yes phrase", message, normal):
        return True
    return _answers(message, normal, "yes")


def _is_no(message: str, normal: Normalised) -> bool:
    if _is_phrase("no phrase", message, normal):
        return True
    return _answers(message, normal, "no")


def _is_phrase(act: str, message: str, normal: Normalised) -> bool:
    """Tell whether the message is such a phrase, as read or as typed ("jaane do" also reads as "know")."""
    return _has(act, _stream(normal.tokens)) or _has(act, _stream(tokens(message)))


def _answers(message: str, normal: Normalised, act: str) -> bool:
    """Tell whether a short message says nothing but `act`, or a longer one opens with it and a comma."""
    words = normal.tokens
    typed = tokens(message)
    if not words:
        return False
    if len(typed) <= 2 and _listed(act) >= set(typed):
        return True
    lead = _LEAD.match(message)
    if lead and normalise(lead.group(1)).tokens[:1] and normalise(lead.group(1)).tokens[0] in _listed(act):
        return True
    spoken = set(words) - _listed("filler") - _social_words()
    if act == "yes" and not spoken:
        return bool(set(words) & _listed("yes"))
    return len(words) <= _SHORT and bool(set(words) & _listed(act)) and spoken <= _listed(act)


@cache
def _social_words() -> frozenset[str]:
    return normalise_words(
        "thanks thank hi hello hey bye goodbye namaste dhanyavad good morning evening night"
    )


def normalise_words(words: str) -> frozenset[str]:
    """Return the canonical forms of some words."""
    return frozenset(normalise(words).tokens)


def _only_social(normal: Normalised) -> bool:
    known = _listed("filler") | _social_words() | _listed("yes") | _listed("no")
    said = _stream(normal.tokens)
    rest = [word for word in said.split() if word not in known]
    if not rest or (len(normal.tokens) <= _SHORT and _has("social", said)):
        return True
    for act in ("goodbye", "thanks", "greeting"):
        said = _patterns(act).sub(" ", said)
    around = known | _listed("social around")
    return len(said) < len(_stream(normal.tokens)) and all(word in around for word in said.split())


def _is_question(message: str, said: str, language: str) -> bool:
    if "?" in message or "？" in message or _has("question", said):
        return True
    if any(_has("question", clause) for clause in _clauses(message)):
        return True
    return language == "other" and "¿" in message


def _is_hypothetical(said: str) -> bool:
    plain = _patterns("polite if").sub(" ", said)
    return (
        _has("hypothetical", plain)
        and not _has("threat", said)
        and not _has("reported", _CONDITION.sub("", plain).strip() or " ")
    )


def _mode(message: str, said: str, normal: Normalised, hypothetical: bool) -> Mode:
    if hypothetical:
        return "informational"
    if message.endswith("?") and len(normal.tokens) <= _BRIEF and _has("adds", said):
        return "informational"
    clauses = _clauses(message)
    asks_how = _has("how to", said)
    if any(
        _has("action", clause) and not _has("how to", clause)
        for clause in (*clauses, *(() if asks_how else (said,)))
    ):
        return "action_request"
    if asks_state(message, normal):
        return "case_specific"
    told = any(_has("reported", stream) for stream in _streams(said, normal))
    if asks_how and not (told and _MYSELF & set(said.split())) and not _has_id(message):
        return "informational"
    owned = any(_has("own case", stream) for stream in _streams(said, normal))
    is_own = _reports(said, normal) or owned or _has_id(message)
    return "case_specific" if is_own else "informational"


def _clauses(message: str) -> list[str]:
    return [_stream(normalise(part).tokens) for part in _CLAUSE_END.split(message) if part.strip()]


def _streams(said: str, normal: Normalised) -> tuple[str, str]:
    """The message as read, and with its verbs as roots where they may tell of what has happened."""
    pairs = zip(normal.tokens, normal.roots, strict=True)
    return said, _stream(
        tuple(word if word != root and _UNREAL.match(word) else root for word, root in pairs)
    )


def _reports(said: str, normal: Normalised) -> bool:
    """Tell whether something has happened; "hoti hai" asks how things are, not what has happened."""
    return not _has("habitual", said) and any(_has("reported", s) for s in _streams(said, normal))


def _has_id(message: str) -> bool:
    return _ID.search(fold_digits(message)) is not None


def _follows(said: str) -> bool:
    words = said.split()
    return 0 < len(words) <= _FOLLOW_LENGTH and _has("follow", said)
