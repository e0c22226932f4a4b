"""One arm of a comparison: past tickets run under one setup, with recorded tools, and nothing written."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from api.deps import LanguageClaims
from api.profiles import mode_of
from api.shadow.past import PastTicket, PastTurn
from api.shadow.ports import ShadowIds, ShadowModel, ShadowToolbox
from api.shadow.setup import Setup
from graph.adapters.recorded_ports import RunContext
from graph.build import Graph
from graph.parts import FinishedPart
from graph.ports import Caller, Classifier, Clock, Deps, Model, Retriever
from graph.run import TurnStart, run_turn
from graph.state import Memory

LiveModel = Callable[[str], Model]
"""Makes the model of a turn, by the turn's id."""


@dataclass(frozen=True)
class Said:
    """What a turn came to in an arm."""

    finished: FinishedPart
    missing: tuple[str, ...] = ()
    """Tools that it would have used in a way that was never recorded."""
    asked: tuple[str, ...] = ()
    """Prompts that were asked of a live model."""


@dataclass(frozen=True)
class Arm:
    """A setup that can be asked what it would have said."""

    setup: Setup
    retriever: Retriever
    classifier: Classifier
    graph: Graph
    clock: Clock
    contexts: dict[str, RunContext]
    """By agent."""
    live: LiveModel | None = None

    async def run(self, ticket: PastTicket) -> list[Said]:
        """The ticket's turns in order; each goes on from what this arm remembers of the one before."""
        said: list[Said] = []
        for turn in ticket.turns:
            memory = turn.memory
            if said:
                carried = said[-1].finished.outcome.memory
                memory = carried.model_copy(update={"pinned": turn.memory.pinned})
            said.append(await self._turn(ticket, turn, memory))
            await asyncio.sleep(0)  # customers come first
        return said

    async def _turn(self, ticket: PastTicket, turn: PastTurn, memory: Memory) -> Said:
        deps, toolbox, model = self._deps(ticket, turn)
        start = TurnStart(
            turn_id=turn.given.turn_id,
            ticket_id=ticket.id,
            question=turn.question,
            memory=memory,
        )
        parts = [part async for part in run_turn(self.graph, start, deps)]
        assert isinstance(parts[-1], FinishedPart)
        return Said(parts[-1], tuple(toolbox.missing), tuple(model.asked) if model else ())

    def _deps(self, ticket: PastTicket, turn: PastTurn) -> tuple[Deps, ShadowToolbox, ShadowModel | None]:
        given = turn.given
        context = self.contexts[given.agent_id]
        toolbox = ShadowToolbox(context.tools, turn, ticket)
        model = ShadowModel(turn.exchanges, self.live(given.turn_id)) if self.live else None
        agent = context.agent
        deps = Deps(
            company=context.company,
            agent=agent,
            rules=context.rules,
            retriever=self.retriever,
            toolbox=toolbox,
            claims=LanguageClaims(),
            classifier=self.classifier,
            clock=self.clock,
            ids=ShadowIds(deque(turn.offers)),
            caller=Caller(customer_id=given.customer_id or "", verified=turn.question.verified),
            mode=mode_of(given.safety_mode, agent.safety_mode),
            threshold=agent.confidence_threshold if given.threshold is None else given.threshold,
            model=model,
        )
        return deps, toolbox, model
