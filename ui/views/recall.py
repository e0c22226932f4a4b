"""Answers that no longer hold: by the change that made them stale, claim by claim."""

from dataclasses import dataclass
from typing import ClassVar

from store.values.recall import RestedAnswer
from ui.views.imports import Tab
from ui.views.shell import Shell
from ui.views.words import LANGUAGE, Sign, clipped, counted, stamp

SIGNS = {
    "figure": Sign("urgent", "Number or date changed"),
    "gone": Sign("waiting", "No longer there"),
    "wording": Sign("closed", "Words changed"),
}
ACTIONS = {"nothing": "left as it is", "note": "noted for the lead", "correction": "customer corrected"}


@dataclass(frozen=True)
class ChangeLine:
    """A change in the list."""

    title: str
    detail: str
    url: str
    sign: Sign
    answers: int
    waiting: int
    at: str


@dataclass(frozen=True)
class RecallList:
    """The changes of a company that made answers stale."""

    template: ClassVar[str] = "recalls.html"
    shell: Shell
    company: str
    companies: tuple[Tab, ...]
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class AnswerLine:
    """A past answer that made a claim."""

    turn_id: str
    ticket: str
    url: str
    question: str
    language: str
    at: str
    settled: str
    """What was decided, in words; empty while it waits."""


@dataclass(frozen=True)
class ClaimCard:
    """A claim that no longer holds, what stands there now, and who was told it."""

    key: str
    sign: Sign
    was: str
    now: str
    answers: tuple[AnswerLine, ...]
    count: int
    waiting: int
    correction: str

    @property
    def more(self) -> int:
        """Waiting answers that are not on the page."""
        return self.waiting - sum(not line.settled for line in self.answers)


@dataclass(frozen=True)
class RecallPage:
    """One change with all that it made stale."""

    template: ClassVar[str] = "recall.html"
    shell: Shell
    id: str
    title: str
    detail: str
    back: str
    claims: tuple[ClaimCard, ...]
    count: int
    waiting: int
    said: str = ""
    may_act: bool = True


def answer_line(answer: RestedAnswer) -> AnswerLine:
    """An answer in a claim's list."""
    return AnswerLine(
        turn_id=answer.turn_id,
        ticket=f"#{answer.number}",
        url=f"/tickets/{answer.ticket_id}",
        question=clipped(answer.question, 90),
        language=LANGUAGE.get(answer.language or "", "Other"),
        at=stamp(answer.answered_at),
        settled=f"{ACTIONS[answer.action]}, {stamp(answer.decided_at)}" if answer.action else "",
    )


def settled_words(action: str, count: int) -> str:
    """What came of a decision."""
    words = {
        "nothing": "left as they are",
        "note": "noted on their tickets",
        "correction": "corrected on their tickets; customers who are away get a mail",
    }
    return f"{counted(count, 'answer')} {words.get(action, 'settled')}."
