"""The rows that outlive a turn's checkpoints: reply, steps, receipts, tool calls, tags, gap."""

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from store.crypto import digest
from store.models.knowledge import Gaps
from store.models.tickets import Messages, TicketTags
from store.models.turns import Receipts, ToolCalls, TurnSteps
from store.repositories.base import Repository, fields_of
from store.repositories.labels import write_labels
from store.repositories.prepared import Prepared
from store.values.turns import TurnResult

_TAGS = Prepared(lambda _: select(TicketTags.name).where(TicketTags.ticket_id == bindparam("ticket")))
_COUNT_GAP = Prepared(
    lambda within: (
        update(Gaps)
        .where(Gaps.company_id == bindparam("company"), Gaps.digest == bindparam("mark"), *within(Gaps))
        .values(count=Gaps.count + 1)
    )
)


class Projection(Repository):
    """Writes what a completed turn leaves behind; only ever inside its completing transaction."""

    def reply(self, turn: Row[Any], result: TurnResult, number: int) -> None:
        """The assistant's message; a turn has one at most."""
        self._insert(
            Messages,
            {
                "id": turn.reply_id,
                "created_at": self._now(),
                "ticket_id": turn.ticket_id,
                "company_id": turn.company_id,
                "seq": number,
                "role": "assistant",
                "text": result.reply,
                "display": result.reply,
                "turn_id": turn.id,
                "reply_to": turn.id,
                "language": result.reply_language,
                "kind": result.kind,
                "citations": result.citations,
            },
        )

    def project(self, turn: Row[Any], result: TurnResult) -> None:
        """Steps, receipts and tool calls as rows, tags and the gap."""
        self._insert(TurnSteps, [{"turn_id": turn.id, **fields_of(step)} for step in result.steps])
        owner = {"turn_id": turn.id, "company_id": turn.company_id}
        self._insert(
            Receipts,
            [{**owner, "seq": seq, **fields_of(receipt)} for seq, receipt in enumerate(result.receipts)],
        )
        now = self._now()
        self._insert(
            ToolCalls,
            [
                {
                    **owner,
                    "id": self._new_id("tool"),
                    "seq": seq,
                    "tool": call["tool"],
                    "status": call["status"],
                    "data": call,
                    "created_at": now,
                }
                for seq, call in enumerate(result.tool_calls)
            ],
        )
        self._tag(turn, result.tags)
        if result.gap:
            self._note_gap(turn, result.gap, result.language)

    def _tag(self, turn: Row[Any], names: tuple[str, ...]) -> None:
        """Add the tags that the ticket does not carry yet."""
        if not names:
            return
        carried = set(self._run(_TAGS, ticket=turn.ticket_id).scalars())
        fresh = [name for name in dict.fromkeys(names) if name not in carried]
        owner = {"ticket_id": turn.ticket_id, "company_id": turn.company_id}
        self._insert(TicketTags, [{**owner, "name": name} for name in fresh])
        if fresh:
            write_labels(self._work, turn.ticket_id, {*carried, *fresh})

    def _note_gap(self, turn: Row[Any], question: str, language: str) -> None:
        """Count a question that nothing answered, under its wording."""
        now = self._now()
        mark = digest(" ".join(question.casefold().split()))
        counted = self._run(_COUNT_GAP, company=turn.company_id, mark=mark, updated_at=now)
        if counted.rowcount:
            return
        self._insert(
            Gaps,
            {
                "id": self._new_id("gap"),
                "company_id": turn.company_id,
                "ticket_id": turn.ticket_id,
                "digest": mark,
                "question": question,
                "language": language,
                "count": 1,
                "status": "open",
                "created_at": now,
                "updated_at": now,
            },
        )
