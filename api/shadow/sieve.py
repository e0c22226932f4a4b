"""The cheap look before a ticket is run twice: can this draft change anything that it was given?

A ticket is left out only where all that it was given is known to be the same under the draft: then both arms
do what the recording says, as exact replay shows, and neither needs to run. Where it may differ, but all was
recorded under the present state, the recording stands for the present arm until the draft's answer is another
one. What is not recorded, was made by other code, or under other settings, is run in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.edition import edition
from api.recorder import digest_of, slim
from api.shadow.past import PastTicket, PastTurn
from api.shadow.setup import Setup
from graph.adapters.recorded_ports import RunContext
from graph.ports import Deps, Retriever, Rule
from graph.state import Question
from retrieval.passages import Hit, Search
from store.values.recordings import Recording
from store.values.scope import Json


@dataclass(frozen=True)
class Sieve:
    """What differs between the present setup and the draft."""

    present: Setup
    draft: Setup
    contexts: Mapping[str, RunContext]
    """Of the present setup, by agent."""
    digests: Mapping[str, str]
    retriever: Retriever
    """Searches the draft's knowledge."""
    reading: Deps
    """Reads messages as triage does."""
    rules: tuple[Rule, ...]
    """The versions, old and new, of rules that differ."""

    async def may_change(self, ticket: PastTicket) -> bool:
        """Whether the ticket has to be run; never False where the draft changes something."""
        for turn in ticket.turns:
            if await self._turn_may(turn):
                return True
        return False

    def is_present(self, ticket: PastTicket) -> bool:
        """Whether all turns were recorded by this code under the present settings and knowledge."""
        return all(self._recorded(turn) is not None for turn in ticket.turns)

    async def _turn_may(self, turn: PastTurn) -> bool:
        if self._settings_differ(turn.given.agent_id) or self._is_ruled(turn):
            return True
        if self.present.passages == self.draft.passages:
            return False
        kept = self._recorded(turn)
        return kept is None or not await self._finds_the_same(kept.calls)

    def _recorded(self, turn: PastTurn) -> Recording | None:
        """The recording, where it is one of this code and of the present state."""
        kept = turn.recording
        known = (
            kept is not None
            and kept.calls["run"].get("edition") == edition()
            and kept.context == self.digests.get(turn.given.agent_id)
            and kept.knowledge_version == self.present.company.knowledge_version
        )
        return kept if known else None

    def _settings_differ(self, agent_id: str) -> bool:
        one, other = self.present, self.draft
        same = (
            one.company.profile == other.company.profile
            and one.phrases == other.phrases
            and one.agents.get(agent_id) == other.agents.get(agent_id)
            and one.tools.get(agent_id) == other.tools.get(agent_id)
            and one.remote == other.remote
        )
        return not same

    def _is_ruled(self, turn: PastTurn) -> bool:
        """Whether a rule that differs speaks of anything that this turn read."""
        if not self.rules:
            return False
        from nodes.triage.parts import parts_of
        from nodes.triage.rules import matches
        from nodes.triage.view import view_of

        whole = view_of(turn.question, turn.memory, None, self.reading)
        texts = (*parts_of(whole.asked), *([turn.memory.resume] if turn.memory.resume else ()))
        views = [whole]
        for text in texts:
            question: Question = turn.question.model_copy(update={"text": text})
            views.append(view_of(question, turn.memory, None, self.reading))
        return any(matches(rule, view) for rule in self.rules for view in views)

    async def _finds_the_same(self, calls: Json) -> bool:
        """Whether every search and choice of lines of then comes to the same in the draft's knowledge."""
        hits: dict[str, Hit] = {}
        for asked in calls["searches"]:
            if "fault" in asked or asked["degraded"]:
                return False
            found = await self.retriever.search(
                asked["query"], context=asked["context"], limit=asked["limit"]
            )
            noted = _noted(found)
            if noted != {name: asked.get(name) for name in noted}:
                return False
            hits |= {hit.passage.id: hit for hit in found.hits}
        for asked in calls["lines"]:
            hit = hits.get(asked["passage"])
            if hit is None or "found" not in asked:
                return False
            chosen = await self.retriever.lines(asked["query"], hit, limit=asked["limit"])
            if list(chosen) != asked["found"]:
                return False
        return True


def differing(before: tuple[Rule, ...], after: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules, in both versions, that are not the same in both."""
    return tuple(rule for rule in (*before, *after) if not (rule in before and rule in after))


def _noted(found: Search) -> Json:
    hits = [
        {
            **hit.model_dump(exclude={"passage"}),
            "passage": digest_of(slim(hit).passage.model_dump(mode="json")),
        }
        for hit in found.hits
    ]
    return {
        "read": found.query,
        "resolved": found.resolved,
        "answerable": found.answerable,
        "near": found.near,
        "hits": hits,
    }
