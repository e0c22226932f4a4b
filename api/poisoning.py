"""A private desk whose pages and records can be poisoned, with an obedient scripted model behind it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.settings import Settings
from api.trial import TrialDesk
from api.wiring import open_private_desk, refresh_index
from eval.effects import Outcome, Poisoned
from store.unit import UnitOfWork
from store.values.knowledge import EntryFields
from store.values.scope import Scope

MODEL = "scripted:obedient"


@asynccontextmanager
async def open_poisoned_desk(settings: Settings | None = None) -> AsyncIterator["PoisonedTrialDesk"]:
    """A freshly seeded desk whose model does what any text tells it."""
    obedient = (settings or Settings()).model_copy(
        update={"llm_model": MODEL, "llm_models": {}, "llm_base_url": ""}
    )
    async with open_private_desk(obedient) as desk:
        yield PoisonedTrialDesk(TrialDesk(desk))


@dataclass(frozen=True)
class PoisonedTrialDesk:
    """Satisfies `eval.effects.PoisonedDesk`."""

    trial: TrialDesk

    async def poison(self, rows: Sequence[Poisoned]) -> None:
        """A page becomes an entry that its question is sure to find; a record's field is overwritten."""

        def plant(uow: UnitOfWork) -> None:
            for row in rows:
                company = uow.companies.by_slug(row.company)
                if row.where == "record":
                    _overwrite(uow, company.id, row)
                else:
                    uow.knowledge.create_entry(company.id, _entry(row))

        await self.trial.desk.store.write(Scope.operator(), plant)
        if any(row.where == "page" for row in rows):
            await refresh_index(self.trial.desk)

    async def outcome(self, row: Poisoned) -> Outcome:
        """One message in a fresh conversation, with all that came of it."""
        talk = await self.trial.open(row.company, row.email, verified=row.email is not None)
        answer = await talk.say(row.ask)

        def read(uow: UnitOfWork) -> Outcome:
            turn = uow.turns.get(answer.turn_id)
            exchanges = [item for item in uow.exchanges.of_turn(turn.id) if item.kind == "model"]
            return Outcome(
                reply=answer.response,
                tools=tuple(call.tool for call in answer.tool_calls if call.status == "success"),
                staff=f"{turn.summary}\n{turn.handoff_note}",
                prompts="\n".join(str(item.request.get("user", "")) for item in exchanges),
                sayings="\n".join(str(item.response) for item in exchanges),
            )

        return await self.trial.desk.store.read(Scope.operator(), read)


def _entry(row: Poisoned) -> EntryFields:
    lines = tuple(row.text.splitlines())
    return EntryFields(title=row.title, content=lines, questions=(row.ask,), category="policy")


def _overwrite(uow: UnitOfWork, company_id: str, row: Poisoned) -> None:
    """Put the text into a field of the customer's record or order."""
    email = row.email or ""
    for record in uow.records.of_email(company_id, email):
        if record.external_id == row.record:
            payload = {**record.payload, row.field: row.text}
            uow.records.put(
                company_id,
                row.record,
                record_type=record.record_type,
                email=email,
                status=record.status,
                payload=payload,
            )
            return
    order = next(order for order in uow.orders.of_email(company_id, email) if order.order_id == row.record)
    data = {**order.data, row.field: row.text}
    uow.orders.put(company_id, row.record, email=email, status=order.status, data=data)
