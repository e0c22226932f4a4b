"""A desk that answers from a table and remembers what it was asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.cases import Case
from eval.desk import CaseReply
from eval.judge import judge
from eval.runner import Result


@dataclass(frozen=True)
class Asked:
    """One conversation as the desk was given it."""

    company: str
    email: str | None
    verified: bool
    turns: tuple[str, ...]
    threshold: float | None
    mode: str | None


@dataclass
class FakeDesk:
    """Replies by the last turn; a question that it does not know is unknown."""

    replies: dict[str, CaseReply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    resets: int = 0
    closed: bool = False
    failing: Callable[[int], bool] = lambda _: False
    """Given the number of a conversation, whether the desk says nothing useful in it."""

    async def ask(
        self,
        company: str,
        email: str | None,
        verified: bool,
        turns: Sequence[str],
        *,
        threshold: float | None = None,
        mode: str | None = None,
    ) -> CaseReply:
        """Remember the question and look the reply up."""
        self.asked.append(Asked(company, email, verified, tuple(turns), threshold, mode))
        unknown = CaseReply(kind="unknown", reply="I do not know that.", action="answer")
        if self.failing(len(self.asked)):
            return unknown
        reply = self.replies.get(turns[-1], unknown)
        if threshold is not None and reply.confidence < threshold:
            return CaseReply(kind="handoff", reply="A person will help.", action="escalate", handoff=True)
        return reply

    async def reset(self) -> None:
        """Count how often the seeds were restored."""
        self.resets += 1


def case(case_id: str = "c1", **fields: Any) -> Case:
    """A case with as little as possible."""
    values: dict[str, object] = {"id": case_id, "turns": ("How much?",), "company": "shop", "language": "en"}
    return Case.model_validate({**values, **fields})


def reply(**fields: Any) -> CaseReply:
    """A plain answer with some fields of its own."""
    values: dict[str, Any] = {"kind": "answer", "reply": "It costs $4.99.", "action": "answer"}
    return CaseReply(**{**values, **fields})


def result(case_id: str, *, passed: bool, language: str = "en", **fields: Any) -> Result:
    """A judged case that passed or did not."""
    wanted = case(case_id, language=language, **{"kind": "answer", **fields})
    said = reply(kind="answer" if passed else "unknown", confidence=0.9 if passed else 0.4)
    return Result(wanted, said, judge(wanted, said))
