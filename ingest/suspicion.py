"""Tell imported text that gives orders to a bot; a page is data, and a person looks at such text first.

Manuals are full of imperatives ("ignore this option"), so a text is weighed as an attack only when it speaks
of the one it would address: a bot, its instructions, what it should keep from customers.
"""

import re

from language.disguise import views
from language.risk import family_score

SUSPICIOUS = 0.6
_BOT = r"\b(?:ai|assistants?|chat ?bots?|bots?|language models?|llms?|gpt\w*|gemini|copilot)\b"
_ORDERS = r"(?:instructions?|prompts?|guidelines|nirdesh|directives)\b"
_PEOPLE = r"(?:customers?|users?|visitors?)\b"
_ADDRESSED = re.compile(
    rf"{_BOT}"
    r"|\bsystem (?:prompt|message|override)|\b(?:developer|god|admin) mode|\bjailbreak"
    r"|\b(?:previous|prior|above|earlier|preceding|all|your|these|any|new|saare|pichh?le|pehle(?: ke| wale)?)"
    rf"(?: \w+){{0,2}} {_ORDERS}"
    rf"|\b(?:tell|inform|mention (?:this )?to)(?: \w+)? {_PEOPLE}"
)
_OUTRIGHT = re.compile(
    rf"\b(?:ignore|disregard|forget|bypass|bhool|andekha)\w*(?: \w+){{0,4}} {_ORDERS}"
    rf"|{_ORDERS} (?:ko )?(?:ignore|bhool|andekha|bhul)"
    rf"|\byou are (?:now |no longer )?(?:an? |the )?(?:\w+ )?(?:{_BOT}|dan\b)"
    rf"|{_BOT}(?: \w+){{0,4}} (?:must|should|shall|have to) (?:always |never |now |only )?"
    r"(?:say|tell|reply|respond|answer|recommend|reveal|send|ignore|promise|offer)\b"
    rf"|\b(?:do not|don't|never) (?:tell|reveal|mention|say)(?: \w+){{0,3}} {_PEOPLE}"
    r"|<\|im_start|\[/?inst\]|<<sys>>"
)


def suspicion(text: str) -> str:
    """Why a person should read the text before it is answered from, or an empty string."""
    for view in views(text):
        if found := _OUTRIGHT.search(view):
            return f"it reads like an order to the bot: “{found.group()[:80]}”"
        if (found := _ADDRESSED.search(view)) and family_score(text, "injection") >= SUSPICIOUS:
            return f"it may be an order to the bot: “{found.group()[:80]}”"
    return ""
