"""Stale-answer recall: which past answers no longer hold, and what is done about each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from api.alerts import alerts_of
from api.away import mail_if_away
from api.desk import Desk
from graph.errors import Invalid
from language.changed import ORDER, SAME, Change, Text, changed, holds
from store.repositories.recall import Claim
from store.unit import UnitOfWork
from store.values.recall import KnowledgeChange, RecallAction, RestedAnswer, RestedClaim
from store.values.scope import Scope

LONG_ENOUGH = 25
"""Letters of a quote from which its standing elsewhere is no chance."""
AT_ONCE, MOST = 100, 1_000_000
"""Answers that one transaction settles, and that one decision may."""
WAS = {"en": "Earlier we told you: “{was}”", "hinglish": "Pehle humne aapko bataya tha: “{was}”"}
NOW = {
    "en": "This has changed. It now is: “{now}”",
    "hinglish": "Ab yeh badal gaya hai. Naya yeh hai: “{now}”",
}
GONE = {
    "en": "This is no longer so. Please ask us again if you still need it.",
    "hinglish": "Ab aisa nahi hai. Zaroorat ho to humse dobara poochhiye.",
}
NOTE = "An answer on this ticket said “{claim}”. It rested on “{title}”, where {kind}."
KINDS = {
    "figure": "a number or date has changed",
    "gone": "this no longer stands",
    "wording": "the words have changed",
}


@dataclass(frozen=True)
class Stale:
    """A claim that no longer holds as it was told."""

    told: RestedClaim
    change: Change

    @property
    def key(self) -> Claim:
        """What makes its receipts one statement."""
        return self.told.passage_id, self.told.quote, self.told.claim

    def now(self, language: str | None) -> str:
        """What stands there today, in the language of the answer where that is known."""
        return (self.change.now_hinglish if language == "hinglish" else "") or self.change.now

    def correction(self, language: str | None) -> str:
        """What the customer may be told, in the language of the answer; people edit it."""
        spoken, now = "hinglish" if language == "hinglish" else "en", self.now(language)
        rest = NOW[spoken].format(now=" ".join(now.split())) if now else GONE[spoken]
        return f"{WAS[spoken].format(was=self.told.claim)} {rest}"


@dataclass(frozen=True)
class Recalled:
    """A change with the claims that it made stale, the heaviest first."""

    change: KnowledgeChange
    stale: tuple[Stale, ...]
    answers: int
    """Past answers that made one of the claims."""
    waiting: int
    """Of them: those that nobody has decided on."""


class Shelf:
    """All that a company's knowledge says today; read once, and only when it is asked for."""

    def __init__(self, uow: UnitOfWork, company_id: str) -> None:
        self._uow, self._company = uow, company_id

    @cached_property
    def texts(self) -> list[Text]:
        """Every text that is answered from."""
        return [Text.of(text) for _, text, _ in self._uow.recall.standing(self._company)]


def recalled(uow: UnitOfWork, change: KnowledgeChange, shelf: Shelf | None = None) -> Recalled:
    """What the change made stale, held against what the knowledge says today."""
    stale = stale_of(uow, change, shelf)
    answers, waiting = uow.recall.count(change.id, [item.key for item in stale]) if stale else (0, 0)
    return Recalled(change, stale, answers, waiting)


def recent(
    uow: UnitOfWork, company_id: str, source_id: str | None = None, *, limit: int = 50
) -> tuple[Recalled, ...]:
    """The newest changes of a company, or of one of its sources, that made an answer stale."""
    shelf = Shelf(uow, company_id)
    found = (
        recalled(uow, change, shelf) for change in uow.recall.changes(company_id, source_id, limit=limit)
    )
    return tuple(item for item in found if item.stale)


def stale_of(uow: UnitOfWork, change: KnowledgeChange, shelf: Shelf | None = None) -> tuple[Stale, ...]:
    """The claims whose quote is no longer what the source says; the heaviest and most told first."""
    standing = uow.recall.standing(change.company_id, change.source_id)
    found = [
        Stale(claim, _what_became(claim, change.kind, standing)) for claim in uow.recall.claims(change.id)
    ]
    shelf = shelf or Shelf(uow, change.company_id)
    moved = [item for item in found if item.change.kind != "same" and not _stands_elsewhere(item, shelf)]
    return tuple(sorted(moved, key=lambda item: (ORDER.index(item.change.kind), -item.told.answers)))


@dataclass(frozen=True)
class Decision:
    """What a member of staff decides on answers that made a claim."""

    change_id: str
    claim: Claim
    action: RecallAction
    staff_id: str
    author: str
    text: str = ""
    """The correction, in the words that the customer reads."""
    chosen: frozenset[str] | None = None
    """Ids of turns; None means all."""


async def settle(desk: Desk, scope: Scope, decision: Decision, base: str) -> int:
    """Carry a decision out; how many answers were settled, each of them once."""
    if decision.action == "correction" and not decision.text.strip():
        raise Invalid("A correction needs words.", field="text")
    change, note, answers = await desk.store.read(scope, lambda uow: _open(uow, decision))
    done = 0
    for start in range(0, len(answers), AT_ONCE):
        part = answers[start : start + AT_ONCE]
        done += await desk.store.write(
            scope,
            lambda uow, part=part: sum(  # type: ignore[misc]
                _settle(uow, desk, change, answer, decision, note, base) for answer in part
            ),
        )
    if decision.action == "note" and done:
        await desk.store.write(scope, lambda uow: _tell_leads(uow, change, decision.claim, done, base))
    return done


def _open(uow: UnitOfWork, decision: Decision) -> tuple[KnowledgeChange, str, list[RestedAnswer]]:
    """The change, what a note says of it, and the answers that wait."""
    change, chosen = uow.recall.change(decision.change_id), decision.chosen
    kind = next((item.change.kind for item in stale_of(uow, change) if item.key == decision.claim), "wording")
    note = NOTE.format(claim=decision.claim[2], title=change.title, kind=KINDS[kind])
    found = uow.recall.answers(change.id, decision.claim, limit=MOST)
    return (
        change,
        note,
        [item for item in found if item.action is None and (chosen is None or item.turn_id in chosen)],
    )


def _settle(
    uow: UnitOfWork,
    desk: Desk,
    change: KnowledgeChange,
    answer: RestedAnswer,
    decision: Decision,
    note: str,
    base: str,
) -> bool:
    by, words = decision.staff_id, decision.text.strip()
    if not uow.recall.decide(answer, change.company_id, decision.action, by):
        return False
    if decision.action == "note":
        uow.tickets.note(answer.ticket_id, by, note, author=decision.author)
    elif decision.action == "correction":
        uow.tickets.correct(answer.ticket_id, by, words, author=decision.author)
        mail_if_away(uow, desk, answer.ticket_id, words, base)
    uow.audit.add(by, f"recall.{decision.action}", answer.turn_id, company_id=change.company_id)
    return True


def _tell_leads(uow: UnitOfWork, change: KnowledgeChange, claim: Claim, count: int, base: str) -> None:
    """A mail to whom the company wants to have told."""
    company = uow.companies.get(change.company_id)
    body = f"{count} answers said “{claim[2]}”.\n\n{base.rstrip('/')}/recall/{change.id}"
    for email in alerts_of(company.profile).emails:
        subject = f"{company.name}: answers rest on “{change.title[:80]}”, which has changed"
        uow.outbox.put("email", email, subject=subject, body=body, company_id=company.id)


def _what_became(told: RestedClaim, kind: str, standing: Sequence[tuple[str, str, str]]) -> Change:
    """Under its own heading first: the same words under another heading may mean something else."""
    before = Text.of(told.text, told.hinglish)
    near = [Text.of(text, hinglish) for heading, text, hinglish in standing if heading == told.heading]
    found = changed(told.quote, told.claim, before, near) if near else Change("gone")
    if found.kind != "gone":
        return found
    everywhere = [Text.of(text, hinglish) for _, text, hinglish in standing]
    moved = changed(told.quote, told.claim, before, everywhere)
    return Change("wording", told.quote) if moved == SAME and kind != "entry" else moved


def _stands_elsewhere(item: Stale, shelf: Shelf) -> bool:
    quote = item.told.quote
    if item.change.kind != "gone" or len(quote) < LONG_ENOUGH:
        return False
    return any(holds(text, quote) for text in shelf.texts)
