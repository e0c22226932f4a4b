"""Renders the prompts in `nodes/prompts`, strictly: a variable too few or too many is an error.

A template is the model's instructions, a line `---`, and what it is to work on. `{{name}}` is filled with
words of ours. `{{data name}}` is filled with words of others (customer, pages, tool results, staff): it only
stands below the line, between marks that none of them contains. Whatever it says, it is data.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from graph.errors import Invalid
from graph.ports import Prompt

_SLOT = re.compile(r"\{\{(data )?([a-z_]+)\}\}")
_LINE = "\n---\n"
_ECHOED = 8  # words in a row of our instructions that make a reply a leak
NAMES = ("answer", "note", "plan", "triage")
Verdict = Literal["agrees", "disagrees", "unavailable", "refused", "language", "nothing", "replaced", "found"]


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt before it is filled; `version` changes with its text."""

    name: str
    version: str
    system: str
    user: str

    @property
    def facts(self) -> frozenset[str]:
        """The variables that take words of ours."""
        return frozenset(name for data, name in _SLOT.findall(self.system + self.user) if not data)

    @property
    def data(self) -> frozenset[str]:
        """The variables that take words of others."""
        return frozenset(name for data, name in _SLOT.findall(self.user) if data)


@cache
def template(name: str) -> Template:
    """The template of this name; `Invalid` when it is not a prompt or puts data among the instructions."""
    if name not in NAMES:
        raise Invalid(f"there is no prompt {name!r}", field="prompt")
    text = (files("nodes") / "prompts" / f"{name}.md").read_text("utf-8")
    system, line, user = text.partition(_LINE)
    if not line or any(data for data, _ in _SLOT.findall(system)):
        raise Invalid(f"the prompt {name!r} keeps data apart from instructions by a line ---", field="prompt")
    return Template(name, _digest(text)[:8], system.strip(), user.strip())


def render(name: str, *, facts: Mapping[str, str], data: Mapping[str, str]) -> Prompt:
    """The filled prompt; the same words give the same prompt, so that a recorded turn can be replayed.

    Raises `Invalid` naming the variables that are missing or unknown.
    """
    found = template(name)
    _expect(name, found.facts, facts)
    _expect(name, found.data, data)
    mark = _mark(found, (*facts.values(), *data.values()))
    values = {("", key): text for key, text in facts.items()}
    values |= {("data ", key): _block(key, text, mark) for key, text in data.items()}

    def filled(part: str) -> str:
        return _SLOT.sub(lambda slot: values[slot[1] or "", slot[2]], part)

    return Prompt(
        name=name, version=found.version, mark=mark, system=filled(found.system), user=filled(found.user)
    )


def heard(verdict: Verdict, detail: str) -> str:
    """What became of a model's part in a step, as the trace tells it and the metrics count it."""
    return f"model {verdict}: {detail}"


def leaks(text: str, prompt: Prompt) -> bool:
    """Whether a reply gives away what the model was told: the mark, or a run of words of its instructions."""
    if prompt.mark in text:
        return True
    told, said = _words(prompt.system), _words(text)
    runs = {told[i : i + _ECHOED] for i in range(len(told) - _ECHOED + 1)}
    return any(said[i : i + _ECHOED] in runs for i in range(len(said) - _ECHOED + 1))


def _expect(name: str, wanted: frozenset[str], given: Mapping[str, str]) -> None:
    missing, unknown = sorted(wanted - set(given)), sorted(set(given) - wanted)
    if missing or unknown:
        what = [f"lacks {missing}" if missing else "", f"does not know {unknown}" if unknown else ""]
        raise Invalid(f"the prompt {name!r} " + " and ".join(filter(None, what)), field="prompt")


def _block(name: str, text: str, mark: str) -> str:
    return f"<data {name} {mark}>\n{text.strip() or '(nothing)'}\n</data {name} {mark}>"


def _mark(found: Template, texts: tuple[str, ...]) -> str:
    """A word that occurs in none of the texts, so that none of them can end its own block."""
    count, whole = 0, "\0".join(texts)
    while (mark := _digest(f"{found.version}{count}{whole}")[:10]) in whole:
        count += 1
    return mark


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
