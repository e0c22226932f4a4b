"""A model's reply, written from the evidence only: every sentence is checked before anybody sees it.

The desk's own reply goes along as a draft and takes over whenever the model fails, says nothing that holds,
leaves out what was asked, or writes the wrong language twice.
"""

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Literal

from langgraph.runtime import Runtime

from graph.errors import ModelUnavailable
from graph.parts import ResetPart, SentencePart
from graph.ports import Deps, Prompt
from graph.receipts import settle
from graph.state import Draft, Evidence, Hit, ReplyLanguage, Sentence, Triage
from language.decide import reply_is
from nodes.answer.compose import citations
from nodes.answer.lines import Line, Lines
from nodes.prompting import heard, leaks, render

_MOST = 6  # sentences of a reply
_LONGEST = 500  # characters of a sentence
_NAMES: dict[ReplyLanguage, str] = {
    "en": "English",
    "hinglish": "Hinglish: Hindi in Latin letters, mixed with the English words that people in India use",
}
_AGAIN = "Your last reply was not in {language}. Write it again, wholly in {language}."
End = Literal["whole", "nothing", "language", "fault"]


@dataclass(frozen=True)
class Written:
    """What came of it: a draft whose sentences are out already, or none and why."""

    notes: tuple[str, ...]
    draft: Draft | None = None
    finds_nothing: bool = False  # the model says that the sources do not answer


@dataclass
class _Attempt:
    """One stream: what held, what did not, how it ended."""

    kept: list[Sentence] = field(default_factory=list)
    said: list[Sentence] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    end: End = "whole"


async def write(triage: Triage, evidence: Evidence, draft: Draft, runtime: Runtime[Deps]) -> Written:
    """Let the model write the reply that `draft` gives plainly; sentences leave as they pass.

    Returns no draft where the desk's own has to be used; what had been shown is withdrawn then.
    """
    deps, notes = runtime.context, []
    cited = [sentence for sentence in draft.sentences if sentence.source_id is not None]
    hits = _sources(cited, evidence)
    if deps.model is None or not hits:
        return Written(())
    for again in (False, True):
        prompt = _prompt(triage, cited, hits, deps, again=again)
        attempt = await _attempt(prompt, cited, hits, triage, evidence, runtime)
        notes += attempt.notes
        if attempt.end == "nothing":
            return Written((*notes, heard("nothing", "no answer in the sources")), finds_nothing=True)
        if attempt.end == "whole" and _answers(attempt, cited):
            return Written(tuple(notes), _finished(attempt, draft, triage, evidence, tuple(notes), runtime))
        if attempt.kept:
            runtime.stream_writer(ResetPart())
        if attempt.end != "language":
            break
    return Written((*notes, heard("replaced", "the desk's own reply is used")))


async def _attempt(
    prompt: Prompt,
    cited: list[Sentence],
    hits: tuple[Hit, ...],
    triage: Triage,
    evidence: Evidence,
    runtime: Runtime[Deps],
) -> _Attempt:
    attempt, lines, deps = _Attempt(), Lines(), runtime.context
    assert deps.model is not None

    def take(line: Line, *, last: bool = False) -> bool:
        """Check one sentence, and let it out where it holds; False ends the reading."""
        if line.text.rstrip(".") == "NONE" and not attempt.said:
            attempt.end = "nothing"
            return False
        sentence = _sentence(line, cited, hits)
        fault = _fault(sentence, prompt, triage, evidence, deps)
        attempt.said.append(sentence)
        if fault == "language":
            attempt.end = "language"
            attempt.notes.append(heard("language", f"not {triage.reply_language}: {line.text[:120]!r}"))
            return False
        if fault:
            attempt.notes.append(heard("refused", f"{fault}: {line.text[:120]!r}"))
        else:
            runtime.stream_writer(SentencePart(len(attempt.kept), sentence.text, last))
            attempt.kept.append(sentence)
        return len(attempt.said) < _MOST

    try:
        async with aclosing(deps.model.write(prompt)) as stream:
            async for piece in stream:
                if not all(take(line) for line in lines.feed(piece)):
                    return attempt
        all(take(line, last=True) for line in lines.end())
    except ModelUnavailable as error:
        attempt.end = "fault"
        attempt.notes.append(heard("unavailable", error.message))
    return attempt


def _fault(sentence: Sentence, prompt: Prompt, triage: Triage, evidence: Evidence, deps: Deps) -> str:
    """Why a sentence may not go out; empty when it may."""
    if len(sentence.text) > _LONGEST:
        return "too long"
    if leaks(sentence.text, prompt):
        return "repeats the instructions"
    receipt = settle(sentence, evidence, deps.company, triage.reply_language, deps.claims)
    if receipt.supported and receipt.stored:
        return ""
    if not reply_is(sentence.text, triage.reply_language):
        return "language"
    return "" if receipt.supported else ", ".join(receipt.reasons) or "not supported"


def _answers(attempt: _Attempt, cited: list[Sentence]) -> bool:
    """Whether what held is a reply: something did, and nothing that was asked is missing.

    Only a reply that lost sentences is held to the passages of the desk's own.
    """
    sources = {sentence.source_id for sentence in attempt.kept}
    if len(attempt.kept) == len(attempt.said):
        return bool(attempt.kept)
    return bool(attempt.kept) and {sentence.source_id for sentence in cited} <= sources


def _finished(
    attempt: _Attempt,
    draft: Draft,
    triage: Triage,
    evidence: Evidence,
    notes: tuple[str, ...],
    runtime: Runtime[Deps],
) -> Draft:
    """The model's sentences, then what the desk itself adds: an unanswered half, the offer of a person."""
    tail = [sentence for sentence in draft.sentences if sentence.source_id is None]
    for index, sentence in enumerate(tail, len(attempt.kept)):
        runtime.stream_writer(SentencePart(index=index, text=sentence.text, last=True))
    sentences = (*attempt.said, *tail)
    cited = citations(sentences, evidence.hits, triage.reply_language)
    return draft.model_copy(update={"sentences": sentences, "citations": cited, "notes": notes})


def _sources(cited: list[Sentence], evidence: Evidence) -> tuple[Hit, ...]:
    """The passages that the model may use: those of the draft first, then what else was found."""
    first = {sentence.source_id for sentence in cited}
    return tuple(sorted(evidence.hits, key=lambda hit: hit.passage.id not in first)) if cited else ()


def _sentence(line: Line, cited: list[Sentence], hits: tuple[Hit, ...]) -> Sentence:
    """A sentence of the draft is the draft's, with all that it rests on; any other cites its passage."""
    known = next((sentence for sentence in cited if sentence.text == line.text), None)
    if known is not None:
        return known
    number = line.source or 0
    found = hits[number - 1].passage.id if 0 < number <= len(hits) else None
    return Sentence(text=line.text, source_id=found)


def _prompt(
    triage: Triage, cited: list[Sentence], hits: tuple[Hit, ...], deps: Deps, *, again: bool
) -> Prompt:
    language = _NAMES[triage.reply_language]
    numbers = {hit.passage.id: number for number, hit in enumerate(hits, 1)}
    said = [f"{sentence.text} [{numbers.get(sentence.source_id or '', 1)}]" for sentence in cited]
    return render(
        "answer",
        facts={
            "company": deps.company.name,
            "language": language,
            "again": _AGAIN.format(language=language.partition(":")[0]) if again else "",
        },
        data={
            "tone": deps.agent.tone,
            "topic": triage.context,
            "question": triage.query,
            "sources": "\n\n".join(_source(number, hit) for number, hit in enumerate(hits, 1)),
            "draft": "\n".join(said),
        },
    )


def _source(number: int, hit: Hit) -> str:
    passage = hit.passage
    hinglish = f"\nIn Hinglish:\n{passage.hinglish}" if passage.hinglish else ""
    return f"[{number}] {passage.title}\n{passage.text}{hinglish}"
