"""Rows 1 to 10: a process dies at a step of the graph, at a reply, at an effect, or is asked to end."""

import asyncio
from collections.abc import Awaitable, Callable

from eval.faults.locks import run_on
from eval.faults.provider import give_tools, provider
from eval.faults.scene import QUESTION, Scene, Talk

PHASES = ("before", "inside", "after")
ORDERS = ("tamarind-lane", "priya@example.com", "Where is my order TL-10482?")
PLAIN = ("aipassportphoto", None, QUESTION)
PERSON = ("aipassportphoto", None, "I want to speak to a person.")
DEATH_SECONDS = 120.0
STEPS: dict[str, tuple[tuple[str, tuple[str, str | None, str]], ...]] = {
    "1": (("safety", PLAIN),),
    "2": (("triage", PLAIN), ("retrieve", PLAIN)),
    "3": (("answer", PLAIN),),
    "4": (("specialist", ORDERS), ("tool", ORDERS)),
    "5": (("guard", PLAIN),),
    "6": (("escalation", PERSON),),
    "7": (("reply", PLAIN),),
}
"""By row: the steps, and what a customer says to get there."""


def steps(number: str) -> Callable[[Scene], Awaitable[None]]:
    """The row that kills before, inside and after each step of this number."""

    async def row(scene: Scene) -> None:
        for step, (slug, email, text) in STEPS[number]:
            for phase in PHASES:
                await _die_at(scene, f"{step}:{phase}", slug, email, text)

    return row


async def _die_at(scene: Scene, point: str, slug: str, email: str | None, text: str) -> Talk:
    """A process dies at a point of the turn; it, or another one, ends the turn."""
    doomed = scene.stage.servers[0]
    await _alone(scene, f"kill={point}")
    talk = await scene.talk(slug, email)
    doomed.arm()
    await talk.say(text)
    died = await asyncio.to_thread(doomed.dies, DEATH_SECONDS)
    scene.expect(died, f"the process did not get to {point}")
    await _alone(scene, "")
    replies = await talk.at(0).replies()
    scene.expect(len(replies) == 1, f"{point}: {len(replies)} replies to one message")
    return talk


async def _alone(scene: Scene, sabotage: str) -> None:
    """The first process anew; its turns are not taken by another before it has begun them."""
    doomed = scene.stage.servers[0]
    await asyncio.to_thread(doomed.kill)
    doomed.start(sabotage)
    await asyncio.to_thread(doomed.wait)


async def unseen(scene: Scene) -> None:
    """8: the reply is stored and the process dies before anybody is told; the client sees it once."""
    doomed = scene.stage.servers[0]
    await _alone(scene, "kill=reply:after")
    talk = await scene.talk()
    doomed.arm()
    await talk.say()
    listening = asyncio.create_task(talk.customer.listen())
    scene.expect(await asyncio.to_thread(doomed.dies, DEATH_SECONDS), "the process did not die")
    await _alone(scene, "")
    await talk.replies()
    await asyncio.sleep(1.0)
    listening.cancel()
    shown = [data for name, data in talk.customer.ticket.events.values() if name == "message"]
    said = [data for data in shown if data["role"] == "assistant"]
    scene.expect(len(said) == 1, f"the client was shown {len(said)} replies")


async def effect_unrecorded(scene: Scene) -> None:
    """9: the service did it and the process dies before it is written down: done once, and not claimed."""
    with provider() as (service, port):
        await give_tools(scene, port)
        for phase in PHASES:
            before = len(service.done)
            talk = await _die_at(
                scene, f"effect:{phase}", ORDERS[0], ORDERS[1], "Please block my voucher TL-10482"
            )
            done = len(service.done) - before
            scene.expect(done <= 1, f"effect:{phase}: the service did it {done} times")
            said = " ".join(await talk.replies())
            claims = await asyncio.to_thread(_claims_success, scene, talk)
            scene.expect(not claims or done == 1, f"effect:{phase}: {said!r} though nothing was done")


def _claims_success(scene: Scene, talk: Talk) -> bool:
    """Whether the desk told of a successful action."""
    query = (
        "SELECT c.status FROM tool_calls c JOIN turns n ON n.id = c.turn_id WHERE c.tool = 'block_voucher'"
    )
    query += f" AND n.ticket_id = '{talk.ticket_id}'"
    return any(row[0] == "success" for row in run_on(scene.stage, query))


async def drained(scene: Scene) -> None:
    """10: SIGTERM ends a process in time and at once refuses, and what it had accepted is answered."""
    server = scene.stage.servers[0]
    talk = await scene.talk()
    await talk.say()
    seconds = await asyncio.to_thread(server.stop)
    scene.expect(seconds < 25, f"it took {seconds:.0f} s to end")
    await _alone(scene, "")
    replies = await talk.replies()
    scene.expect(len(replies) == 1, f"{len(replies)} replies to one message")
