"""The knowledge of one company, as the graph asks it: a search, and the lines of a passage that answer."""

from collections.abc import Mapping, Sequence

from retrieval.answerability import Sight, judge
from retrieval.expected import asked_kinds
from retrieval.followup import resolve
from retrieval.imagined import Snapshots
from retrieval.passages import Hit, PassageSource, Search
from retrieval.question import Question, read, without_places
from retrieval.ranking import Found, rank
from retrieval.sentences import best_lines
from retrieval.snapshot import Snapshot
from retrieval.taught import THIN
from retrieval.words import tokens

FEW = 5
CLEARLY: Mapping[Sight, float] = {"taught": 0.15, "thin": 0.15, "meaning": 0.4, "words": 0.4}
"""How much surer than the nearest passage another has to be to lead; lessons know best."""
EVERYWHERE = frozenset({"amount"})
"""Kinds of value that do not depend on the country unless the knowledge says so."""
SURELY = 0.8
"""How sure the answer without the country has to be."""
ELSEWHERE: Mapping[float, float] = {0.0: 1.0, 1.0: 0.05}
"""The most that a passage titled with one country answers where another one is asked about."""


class CompanyRetriever:
    """The knowledge of one company; it cannot be asked for another's."""

    def __init__(self, company_id: str, passages: PassageSource, index: Snapshots) -> None:
        self._company_id, self._source, self._index = company_id, passages, index

    async def search(self, query: str, *, context: str = "", limit: int = 5) -> Search:
        """The passages that most likely answer, best first; `context`: the topic of the turn before.

        A follow-up ("and for Germany?") is read together with its context if that finds what it asks.
        """
        snapshot = await self._index.snapshot(self._company_id, self._source)
        if not snapshot.passages or not query.strip():
            return Search(query=query, reasons=("no passages",) if query.strip() else ("no question",))
        asked = (query, context, limit)
        found = snapshot.searches.get(asked)
        if found is None:
            found = self._search(snapshot, query, context, limit)
            if not found.degraded:  # the store may answer again in a moment
                snapshot.searches.keep(asked, found)
        return found

    def _search(self, snapshot: Snapshot, query: str, context: str, limit: int) -> Search:
        question = read(query, snapshot.lexical, self._index.embedder)
        found = self._find(snapshot, question, limit)
        if not context:
            return found
        return resolve(
            question,
            context,
            found,
            read=lambda text: read(text, snapshot.lexical, self._index.embedder),
            find=lambda asked: self._find(snapshot, asked, limit),
        )

    async def lines(self, query: str, hit: Hit, *, limit: int = 3) -> tuple[int, ...]:
        """Indices of the fewest lines of the hit's passage that answer, best first."""
        snapshot = await self._index.snapshot(self._company_id, self._source)
        question = read(query, snapshot.lexical, self._index.embedder)
        return best_lines(question, hit.passage.lines, snapshot, title=hit.passage.title, limit=limit)

    def _anywhere(self, snapshot: Snapshot, question: Question, limit: int) -> Search | None:
        """What holds in every country: the price of an Indian photo is told where no country is named."""
        places = [term for term in question.terms if term.term[0] == "="]
        if not asked_kinds(question.english) & EVERYWHERE or not places or not all(p.known for p in places):
            return None
        plain = read(without_places(question), snapshot.lexical, self._index.embedder)
        found = self._judged(snapshot, plain, limit)
        if found.answerable < SURELY or any(word[0] == "=" for word in tokens(found.hits[0].passage.text)):
            return None
        return found

    def _find(self, snapshot: Snapshot, question: Question, limit: int) -> Search:
        return self._anywhere(snapshot, question, limit) or self._judged(snapshot, question, limit)

    def _judged(self, snapshot: Snapshot, question: Question, limit: int) -> Search:
        ranked = rank(snapshot, question, limit=limit)
        sees = self._index.embedder.semantic and not ranked.degraded
        sight: Sight = ("taught" if snapshot.has_lessons else "meaning") if sees else "words"
        answers = [_answers(one, sight) for one in ranked.found]
        found = _surest_first(ranked.found, answers, clearly=CLEARLY[sight])
        hits = tuple(_hit(one, answers) for one, answers in found)
        return Search(
            query=question.english,
            hits=hits,
            answerable=hits[0].answers if hits else 0.0,
            near=None if ranked.near is None else round(ranked.near, 4),
            degraded=ranked.degraded,
            reasons=found[0][0].reasons if found else (),
        )


def _answers(one: Found, sight: Sight) -> float:
    """How likely the passage answers; of an entry that teaches nothing yet, by who knows such."""
    if sight == "taught" and one.features["thin"] >= THIN:
        sight = "thin"
    return min(judge(sight).probability(one.features), ELSEWHERE[one.features["elsewhere"]])


def _surest_first(
    found: Sequence[Found], answers: Sequence[float], *, clearly: float
) -> list[tuple[Found, float]]:
    """By nearness, but the surest of the first few leads if it is clearly surer than the nearest."""
    ordered = list(zip(found, answers, strict=True))
    surest = max(range(min(FEW, len(ordered))), key=lambda place: answers[place], default=0)
    if ordered and answers[surest] > answers[0] + clearly:
        ordered.insert(0, ordered.pop(surest))
    return ordered


def _hit(found: Found, answers: float) -> Hit:
    return Hit(
        passage=found.passage,
        dense=round(found.features["best"], 4),
        lexical=round(found.features["covered"], 4),
        fused=round(found.fused, 4),
        answers=round(answers, 4),
    )
