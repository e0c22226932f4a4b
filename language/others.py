"""Hear a wish for what is private to somebody else: another customer's address, orders, telephone number.

A person is somebody else if other customers are spoken of, "his" or "uska", or a name: a word that no list
knows (nor the company) with a possessive. Whose is told by the words, never by who is asked about.
"""

import re
from collections.abc import Collection

from language.files import words
from language.lexicon import find_hinglish, is_english
from language.text import clean

_PRIVATE = (
    r"(?:(?:home |ghar ka |e-?mail |phone |mobile |private |personal )?(?:address(?:es)?|pata|phones?"
    r"|mobiles?|contacts?|e-?mails?|mail id|numbers?|no|details?|data|info(?:rmation)?|orders?"
    r"|purchases?|naam|names?))"
)
_REACHABLE = r"(?:home address|address|ghar ka pata|pata|phone|mobile|e-?mail|contact|private|personal)"
_CROWD = (
    r"(?:(?:other|another|all|those|previous|every|baa?ki|d[uo]+sr[aei]|sabhi|sa[ab]+re?|sab|jin|in|un) "
    r"(?:the |of |your |ke |ki )*(?:customers?|users?|buyers?|people|persons?|clients?|logo|log|grahako?n?)"
    r"|(?:customers?|users?|buyers?|clients?) (?:ka|ki|ke|who)|(?:somebody|someone|kisi) (?:else|aur))"
)
_WISH = re.compile(
    r"\b(?:tell|give|show|share|send|list|provide|export|want|need|what|which|who|batao|bata|bataiye|btao|bta"
    r"|do|de|dedo|dijiye|dikhao|dikha|bhejo|bhej|chahiye|nikal|nikalo|dump|print|reveal|fetch|kya|kaun\w*)\b"
)
_OF_THE_CROWD = re.compile(rf"\b{_CROWD}\b.{{0,60}}\b{_PRIVATE}\b|\b{_PRIVATE}\b.{{0,40}}\b{_CROWD}\b")
_OF_A_THIRD = re.compile(rf"\b(?:his|her|their|us(?:ka|ki|ke)|un(?:ka|ki|ke))(?: \w+){{0,2}} {_REACHABLE}\b")
_OF_A_NAME = re.compile(
    rf"\b(?P<name>[a-z]{{3,}})(?:'s| ka| ki)(?: \w+){{0,2}} "
    rf"(?:{_REACHABLE}|mail id|(?:order |photo )?(?:details|data|info)|(?:photo )?download link"
    r"|(?:photo|pic|picture|file)(?: k[aei])? link)\b"
)
_EVERYTHING = r"(?:all|every|each|entire|whole|saar[aei]|sabhi|poor[aei]|pur[aei])"
_RECORDS = r"(?:records?|requests?|orders?|tickets?|deployments?|nodes?|chats?|payments?|database|db)"
_DUMP = re.compile(
    rf"\b{_EVERYTHING}\b.{{0,30}}\b{_RECORDS}\b.{{0,50}}\b(?:e-?mails?|phones?|names?|addresses|numbers|database|db)\b"
    rf"|\b(?:database|db)\b.{{0,30}}\b{_EVERYTHING}\b"
)
_NOT_ME = re.compile(r"\b(?:(?:i'?m|i am) not|main) (?P<name>[a-z]{3,})(?P<no> na?hi[n]?\b)?")
_BELONGINGS = re.compile(
    r"\b(?:links?|photos?|details?|data|orders?|files?|invoices?|address|phone|e-?mails?)\b"
)
_CHANGES = re.compile(r"\b(?:badal\w*|change|update|correct|sudhar\w*)\b")
_NEAR = 3
"""Words before a name within which "my" makes it one of the customer's own people."""
_OWN = re.compile(r"\b(?:my|our|mer[aei]|meri|hamar[aei]|apn[aei])\b")
_ACQUAINTED = re.compile(
    rf"{_OWN.pattern}(?: \w+)? (?:(?:best )?friends?|bestie|neighbou?rs?|ex|colleagues?|boss|competitors?"
    r"|(?:class|room|flat) ?mates?|dost|saheli|padosi|padosan)\b"
)
"""Not one of the customer's own people: what is theirs is private to them."""
_ACQUAINTANCE_AT = re.compile(rf"(?<!to ){_ACQUAINTED.pattern}(?:\W+\w+)?\W+(?:email_\d|\S+@\S)")
"""An address right beside them is theirs."""
_ADDRESS = re.compile(r"\[email_\d+\]|\S@\S")
_A_THIRD = re.compile(r"\b(?:his|her|their|them|us(?:ka|ki|ke|ko)|un(?:ka|ki|ke|ko|hone)|woh?)\b")
_OWN_THING = re.compile(rf"{_OWN.pattern}(?: \w+)? (?:{_BELONGINGS.pattern})")


def asks_about_others(text: str, own: Collection[str] = ()) -> bool:
    """Tell whether `text` asks for private data of others; `own` are lower-case words of the company."""
    said = clean(text).lower()
    if _WISH.search(said) is None:
        return False
    if _OF_THE_CROWD.search(said) or (_DUMP.search(said) and not _OWN.search(said)):
        return True
    shown = frozenset(re.findall(r"\b[A-Z][a-z]{2,}\b", text))
    own = {*own, *(word.lower() for word in re.findall(r"\b[A-Z]{2,4}\b", text) if not text.isupper())}
    if _says_to_be_another(said, own, shown):
        return True
    if _CHANGES.search(said):
        return False  # "change its address"
    third = _A_THIRD.search(said) or _ACQUAINTANCE_AT.search(said)
    if _ADDRESS.search(said) and third and not _OWN_THING.search(said):
        return True  # "she bought one too, sara@example.com, give me her link"
    named = any(
        _is_name(found["name"], own, shown=found["name"].capitalize() in shown)
        for found in _OF_A_NAME.finditer(said)
        if not _OWN.search(" ".join(said[: found.start()].split()[-_NEAR:]))  # "my sister Anna's address"
    )
    return named or (_OF_A_THIRD.search(said) is not None and not _OWN.search(_ACQUAINTED.sub(" ", said)))


def _says_to_be_another(said: str, own: Collection[str], shown: Collection[str]) -> bool:
    """Whether somebody who says not to be the owner wants what is the owner's: "I'm not Anna, but ..."."""
    found = _NOT_ME.search(said)
    if found is None or (found.group().startswith("main") and not found["no"]):
        return False
    is_name = _is_name(found["name"], own, shown=found["name"].capitalize() in shown)
    return is_name and _BELONGINGS.search(said) is not None


def _is_name(word: str, own: Collection[str], *, shown: bool) -> bool:
    """`shown`: it is written with a capital, as names are."""
    known = word in own or word in words("english_function_words.txt") or is_english(word)
    return not known and (shown or find_hinglish(word) is None)
