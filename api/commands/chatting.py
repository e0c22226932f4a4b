"""`chat`: a conversation with a private copy of the desk, in the terminal."""

import asyncio
import sys

from api.commands.output import note, say
from api.trial import open_trial_desk


def chat(company: str, *, email: str | None, verified: bool) -> None:
    """Read lines until the end of input; each reply shows its kind and what it rests on."""
    asyncio.run(_chat(company, email, verified))


async def _chat(company: str, email: str | None, verified: bool) -> None:
    async with open_trial_desk() as desk:
        talk = await desk.open(company, email, verified=verified)
        note(f"{talk.company.name}. An empty line or Ctrl-D ends the chat.")
        while line := (await asyncio.to_thread(_read)).strip():
            answer = await talk.say(line[:5000])
            say(answer.response)
            sources = ", ".join(str(item.get("title", "")) for item in answer.citations)
            tools = ", ".join(f"{call.tool}: {call.status}" for call in answer.tool_calls)
            facts = [answer.kind, f"{answer.latency.total_ms:.0f} ms", sources, tools]
            note("  " + " · ".join(fact for fact in facts if fact))


def _read() -> str:
    if sys.stdin.isatty():
        sys.stderr.write("> ")
        sys.stderr.flush()
    return sys.stdin.readline()
