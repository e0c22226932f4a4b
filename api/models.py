"""The language models of the settings: who serves which company and step, and what may be spent.

Nothing of this is imported, and nothing asked, unless a model is set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from api.settings import Settings
from graph.ports import Clock
from store.database import Store
from store.values.scope import Scope

if TYPE_CHECKING:
    from graph.adapters.chat_model import Models
    from graph.adapters.scripted.server import ScriptedServer

_REFRESH_SECONDS = 60.0
STEPS = ("triage", "plan", "answer", "note")
NO_KEY = "none"  # servers of one's own ask for none, but the client insists on one


@dataclass(frozen=True)
class ModelDesk:
    """The models, and the scripted server where one of them is scripted."""

    models: "Models"
    server: "ScriptedServer | None"

    def prepare(self, companies: Iterable[str]) -> None:
        """Make the clients that these companies (slugs) will need."""
        for company in companies:
            for step in STEPS:
                if (address := self.models.choose(company, step)) is not None:
                    self.models.endpoint(address).prepare()

    def breakers(self) -> Mapping[str, float]:
        """The breakers by model: 0 closed, 1 half open, 2 open."""
        order = ("closed", "half_open", "open")
        return {model: float(order.index(state)) for model, state in self.models.states().items()}

    async def close(self) -> None:
        """Let go of connections and port."""
        await self.models.close()
        if self.server is not None:
            await self.server.stop()


async def open_models(settings: Settings, clock: Clock) -> ModelDesk | None:
    """The models of the settings, None where none is set; a scripted one gets its server on a local port."""
    names = {settings.llm_model, *settings.llm_models.values()} - {""}
    if not names:
        return None
    import asyncio

    from graph.adapters.chat_model import Models
    from graph.adapters.endpoint import Address
    from graph.adapters.scripted.script import is_scripted, read_script
    from graph.adapters.scripted.server import ScriptedServer

    scripted = {name for name in names if is_scripted(name)}
    for name in scripted:
        read_script(name)  # a name that is none is told now, not in the first turn
    server = ScriptedServer() if scripted and not settings.llm_base_url else None
    own_url = await server.start() if server is not None else ""
    key = settings.llm_api_key or SecretStr(NO_KEY)

    def choose(company: str, step: str) -> Address | None:
        name = model_name(settings, company, step)
        url = settings.llm_base_url or (own_url if is_scripted(name) else "")
        if not name:
            return None
        return Address(
            model=name,
            base_url=url or None,
            api_key=key,
            seconds=settings.llm_seconds,
            max_tokens=settings.llm_max_tokens,
        )

    models = Models(
        choose=choose,
        clock=clock,
        retries=settings.llm_retries,
        prices=settings.llm_prices,
        slots=asyncio.Semaphore(settings.llm_concurrency),
    )
    return ModelDesk(models, server)


def model_name(settings: Settings, company: str, step: str) -> str:
    """The model for a company and a step: the most particular setting wins; empty means none."""
    for key in (f"{company}/{step}", company, step):
        if key in settings.llm_models:
            return settings.llm_models[key]
    return settings.llm_model


class Budget:
    """What each company's models have cost today, read from the exchanges and kept up in between."""

    def __init__(self, store: Store, clock: Clock, daily: float) -> None:
        self._store, self._clock, self._daily = store, clock, daily
        self._spent: dict[str, float] = {}
        self._read_at: dict[str, float] = {}

    async def is_used_up(self, company_id: str) -> bool:
        """Whether today's money (UTC) is gone; without a budget it never is."""
        if not self._daily:
            return False
        now = self._clock.tick()
        if now - self._read_at.get(company_id, -_REFRESH_SECONDS) >= _REFRESH_SECONDS:
            midnight = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
            spent = await self._store.read(
                Scope.of(company_id), lambda uow: uow.exchanges.spent(company_id, midnight)
            )
            self._spent[company_id], self._read_at[company_id] = spent.cost, now
        return self._spent[company_id] >= self._daily

    def add(self, company_id: str, cost: float) -> None:
        """Count what a call cost, until the next reading."""
        self._spent[company_id] = self._spent.get(company_id, 0.0) + cost

    @property
    def spent(self) -> Mapping[str, float]:
        """Today's cost by company, as far as this process knows."""
        return self._spent
