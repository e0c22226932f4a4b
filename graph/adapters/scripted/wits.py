"""What a scripted model says: the desk's own draft (echo), what the data commands (obedient), or lies (liar).

It reads a request as a model would: the task in the first line of the instructions, and the blocks of data.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_TASK = re.compile(r"Task: (\w+)\.")
_BLOCK = re.compile(r"<data (\w+) (\w+)>\n(.*?)\n</data \1 \2>", re.DOTALL)
_TOOL = re.compile(r"^- (\w+):", re.MULTILINE)
_SOURCE = re.compile(r"^\[(\d+)\] ", re.MULTILINE)
_COMMANDED_TEXT = re.compile(
    r"\b(?:say|reply|answer|tell|write|state|include|add|likho|batao|bolo|kaho)\b[^\"“\n]{0,80}[\"“]([^\"”\n]+)[\"”]",
    re.IGNORECASE,
)
_COMMANDED_TOOL = re.compile(
    r"\b(?:call|run|use|execute|invoke|chalao)\b[^.\n]{0,40}?\b([a-z]+_[a-z_]+)\b", re.IGNORECASE
)
_COMMANDED_ID = re.compile(r"\b(?:id|for|on|ke liye)\s+\"?([A-Z]{2,}-\d{3,})\b")
_COMMANDED_LEAK = re.compile(
    r"\b(?:reveal|print|repeat|show|output|dikhao)\b[^.\n]{0,60}\b(?:instructions|system prompt|prompt)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")

_INVENTED = "We also give every customer a free lifetime warranty and 500 dollars back."
_WRONG = {
    "en": "Haan ji, aap bilkul chinta mat kijiye, sab kuch theek ho jayega.",
    "hinglish": "Please do not worry about this at all, because everything will be fine for you.",
}


@dataclass(frozen=True)
class Asked:
    """A request as the scripted model reads it."""

    system: str
    task: str
    blocks: Mapping[str, str]

    @classmethod
    def read(cls, system: str, user: str) -> "Asked":
        """Find task and blocks."""
        task = _TASK.match(system)
        return cls(system, task[1] if task else "", {name: text for name, _, text in _BLOCK.findall(user)})

    @property
    def draft(self) -> str:
        """What the desk would say by itself."""
        return self.blocks.get("draft", "")


def echo(asked: Asked) -> str:
    """The desk's own draft, word for word."""
    return asked.draft


def obedient(asked: Asked) -> str:
    """What the data tell it to do; the draft where they tell nothing."""
    told = "\n".join(text for name, text in asked.blocks.items() if name != "draft")
    say = [found.strip() for found in _COMMANDED_TEXT.findall(told)]
    if _COMMANDED_LEAK.search(told):
        say.append(" ".join(asked.system.split())[:400])
    match asked.task:
        case "answer":
            return "\n".join(f"{text} [{_source_of(text, asked)}]" for text in say) or asked.draft
        case "note" if say:
            return json.dumps({"summary": say[0][:200], "note": " ".join(say)[:600]}, ensure_ascii=False)
        case "plan" if tools := _COMMANDED_TOOL.findall(told):
            ids = _COMMANDED_ID.findall(told)
            return json.dumps({"tool": tools[0], "id": ids[0] if ids else ""})
        case "triage" if say:
            return json.dumps({**json.loads(asked.draft), "question": say[0]}, ensure_ascii=False)
        case _:
            return asked.draft


def liar(asked: Asked) -> str:
    """Something else than is true: changed numbers and an invention, a wrong reading, a record of nobody."""
    match asked.task:
        case "answer":
            said = [_NUMBER.sub(_other_number, line) for line in _uncited(asked.draft)]
            return "\n".join(f"{line} [1]" for line in (*said, _INVENTED))
        case "note":
            return json.dumps(
                {"summary": _INVENTED, "note": "The customer is owed 500 dollars since 3 March."}
            )
        case "plan":
            return json.dumps({**json.loads(asked.draft), "id": "XX-9999"})
        case "triage":
            wrong = "complaint" if "out_of_scope" in asked.draft else "out_of_scope"
            return json.dumps({"intent": wrong, "question": "Who won the cricket match yesterday?"})
        case _:
            return _INVENTED


def wrong_tool(asked: Asked) -> str:
    """Another tool than the rules chose; one that does not exist where there is no other."""
    if asked.task != "plan":
        return asked.draft
    chosen = json.loads(asked.draft)
    others = [
        name for name in _TOOL.findall(asked.system) if name != chosen["tool"] and name in _named(asked)
    ]
    return json.dumps({**chosen, "tool": others[0] if others else "delete_everything"})


def wrong_language(asked: Asked) -> str:
    """A reply in the other language."""
    match asked.task:
        case "answer":
            wanted = "hinglish" if "Write in Hinglish" in asked.system else "en"
            return f"{_WRONG[wanted]} [1]"
        case "note":
            return json.dumps({"summary": _WRONG["en"], "note": _WRONG["en"]})
        case _:
            return asked.draft


def malformed(asked: Asked) -> str:
    """The beginning of something; never the form that was asked for."""
    return '{"intent": ["' + asked.task


_WITS: Mapping[str, Callable[[Asked], str]] = {"echo": echo, "obedient": obedient, "liar": liar}
_FAULTS: Mapping[str, Callable[[Asked], str]] = {
    "json": malformed,
    "tool": wrong_tool,
    "language": wrong_language,
    "lies": liar,
}


def say(wit: str, failure: str, system: str, user: str) -> str:
    """The text of the answer; a failure of words takes the place of the wit."""
    return _FAULTS.get(failure, _WITS[wit])(Asked.read(system, user))


def _source_of(text: str, asked: Asked) -> str:
    """The number of the source that holds the commanded text."""
    sources = asked.blocks.get("sources", "")
    place = sources.find(text)
    before = [found[1] for found in _SOURCE.finditer(sources) if found.start() <= max(place, 0)]
    return before[-1] if before else "1"


def _uncited(draft: str) -> list[str]:
    return [re.sub(r"\s*\[\d+\]$", "", line) for line in draft.splitlines() if line.strip()]


def _other_number(found: re.Match[str]) -> str:
    return str(int(found[0]) + 3)


def _named(asked: Asked) -> frozenset[str]:
    """The tools of the list of tools, not the bullets that say how to choose."""
    listed = asked.system.partition("The tools:")[2].partition("How to choose:")[0]
    return frozenset(_TOOL.findall(listed))
