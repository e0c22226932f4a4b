"""Regressions that can be planted in a private desk, to see whether the gate notices them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from api.desk import Desk
from api.wiring import refresh_index
from graph.errors import Invalid
from store.unit import UnitOfWork
from store.values.scope import Scope

BUSIEST = "tamarind-lane"
RULE = "Embassy refund dispute"
SWAPPED = ("Shipping charges", "Refund time")


async def plant(desk: Desk, fault: str) -> None:
    """Break one thing in a private desk. Raises `Invalid` for a fault that is not known."""
    if fault not in FAULTS:
        raise Invalid(f"no such fault: {fault}; there are {', '.join(FAULTS)}", field="fault")
    await FAULTS[fault](desk)


async def _remove_rule(desk: Desk) -> None:
    def remove(uow: UnitOfWork) -> None:
        rule = next(rule for rule in uow.rules.all() if rule.name == RULE)
        uow.rules.delete(rule.id)

    await desk.store.write(Scope.operator(), remove)


async def _swap_entries(desk: Desk) -> None:
    """Two entries say what the other should say, in both languages."""

    def swap(uow: UnitOfWork) -> None:
        company = uow.companies.by_slug(BUSIEST)
        entries = {entry.title: entry for entry in uow.knowledge.entries(company.id)}
        one, other = (entries[title] for title in SWAPPED)
        for target, source in ((one, other), (other, one)):
            uow.knowledge.publish_entry(
                replace(target, content=source.content, content_hinglish=source.content_hinglish)
            )

    await desk.store.write(Scope.operator(), swap)
    await refresh_index(desk)


async def _raise_threshold(desk: Desk) -> None:
    await _change_agents(desk, confidence_threshold=0.999)


async def _english_only(desk: Desk) -> None:
    await _change_agents(desk, language_mode="en")


async def _change_agents(desk: Desk, **values: object) -> None:
    def change(uow: UnitOfWork) -> None:
        for agent in uow.agents.all():
            uow.agents.change(agent.id, replace(agent, **values))  # type: ignore[arg-type]

    await desk.store.write(Scope.operator(), change)


FAULTS: Mapping[str, Callable[[Desk], Awaitable[None]]] = {
    "removed rule": _remove_rule,
    "swapped entry": _swap_entries,
    "wrong threshold": _raise_threshold,
    "language switched off": _english_only,
}
