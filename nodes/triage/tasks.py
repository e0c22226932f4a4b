"""Which tool a request is for: the words that customers use for it are data on the tool itself."""

from itertools import pairwise

from graph.ports import ToolSpec
from language.normalise import stem
from nodes.triage.view import View

_REACH = 5  # words before a verb within which a "do not" still belongs to it
_NOT_ENGLISH = frozenset({"dont", "never", "without", "no"})
_NOT_HINGLISH = frozenset({"mat", "na", "nahi"})
_WANTED = frozenset({"want", "need", "chahiye"})


def task_for_words(view: View) -> str | None:
    """The tool whose own words the message says; writes before reads, then the most specific."""
    asks = view.asks_state and view.acts.mode != "action_request"
    wanted = {
        name: spec
        for name, spec in view.tools.items()
        if not (spec.kind == "write" and (asks or declines(view, spec)))
    }
    named = [(_strength(spec, view), name) for name, spec in wanted.items()]
    best = max(named, default=((0, 0), ""))
    return best[1] if best[0][1] > 0 else None


def task_for_category(category: str, view: View) -> str | None:
    """The tool that looks things up in this category, or None."""
    reads = [name for name, spec in view.tools.items() if spec.kind == "read" and category in spec.categories]
    return reads[0] if reads else None


def status_task(view: View) -> str | None:
    """The company's look-up for 'where is mine?', whatever its trade calls the thing."""
    reads = [name for name, spec in view.tools.items() if spec.kind == "read"]
    return reads[0] if reads else None


def case_task(view: View) -> str | None:
    """The tool that makes a case of the conversation, where the company has it on."""
    return next((name for name, spec in view.tools.items() if "description" in spec.parameters), None)


def declines(view: View, spec: ToolSpec) -> bool:
    """Whether the customer says not to do it: "do not reboot", "without resending", "reboot mat karo"."""
    verbs = {stem(group[0]) for group in spec.asks}
    words = [stem(word) for word in view.words.tokens]
    places = [place for place, word in enumerate(words) if word in verbs]
    tokens = [word.replace("'", "") for word in view.words.tokens]
    before = any(_forbids(tokens[max(0, place - _REACH) : place]) for place in places)
    after = any(_NOT_HINGLISH & set(tokens[place + 1 : place + 3]) for place in places)
    return before or after or _unwanted(tokens, {term for group in spec.asks for term in group[1:]})


def _unwanted(words: list[str], things: set[str]) -> bool:
    """Whether one of the things is not wanted: "link nahi chahiye", "I don't need the link"."""
    for place, word in enumerate(words):
        if word in things:
            after, before = set(words[place + 1 : place + 4]), words[max(0, place - _REACH) : place]
            refused = _NOT_HINGLISH & after and _WANTED & after
            if refused or (_forbids(before) and _WANTED & set(before)):
                return True
    return False


def _forbids(words: list[str]) -> bool:
    return bool(_NOT_ENGLISH & set(words)) or ("do", "not") in pairwise(words)


def _strength(spec: ToolSpec, view: View) -> tuple[int, int]:
    """(is it a write, words of its longest group that the message says); (0, 0) where none is said."""
    said = [len(group) for group in spec.asks if _says_all(view, group)]
    return (1 if spec.kind == "write" else 0, max(said)) if said else (0, 0)


def _says_all(view: View, group: tuple[str, ...]) -> bool:
    """Whether all terms are said; a "not" belongs to the word after it, so these two in one sentence."""
    denied = [pair for pair in pairwise(group) if pair[0] == "not"]
    return all(view.says(term) for term in group) and all(view.says_in_one(pair) for pair in denied)
