"""Models for tests: one that says what it was told to, and the real adapter over the scripted server."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from graph.adapters.chat_model import Models
from graph.adapters.clock import SystemClock
from graph.adapters.endpoint import Address
from graph.adapters.scripted.server import ScriptedServer
from graph.errors import ModelUnavailable
from graph.ports import Clock, Form, Prompt
from store.values.exchanges import Exchange

HURRY = 0.2


@dataclass
class ScriptedModel:
    """Answers by the prompt's name and remembers the prompts; silent where it was told nothing."""

    says: Mapping[str, Any] = field(default_factory=dict)
    seen: list[Prompt] = field(default_factory=list)

    async def ask(self, prompt: Prompt, form: type[Form]) -> Form:
        self.seen.append(prompt)
        return form.model_validate(self._said(prompt))

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        self.seen.append(prompt)
        said = self._said(prompt)
        for piece in [said] if isinstance(said, str) else said.pop(0):
            yield piece

    def _said(self, prompt: Prompt) -> Any:
        if prompt.name not in self.says:
            raise ModelUnavailable("silent")
        return self.says[prompt.name]


@dataclass
class Notes:
    """A journal in memory."""

    exchanges: list[Exchange] = field(default_factory=list)

    async def note(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)


@dataclass
class Served:
    """The scripted server, and the real models that ask it over HTTP."""

    server: ScriptedServer
    made: list[Models] = field(default_factory=list)

    def models(
        self,
        name: str,
        *,
        seconds: float = 5.0,
        hurry: str = "",
        retries: int = 0,
        clock: Clock | None = None,
        **more: Any,
    ) -> Models:
        """Models that are all of this name; only the step `hurry` is waited for as little as `HURRY`."""

        def choose(_company: str, step: str) -> Address:
            return Address(
                model=name,
                base_url=f"http://{self.server.host}:{self.server.port}/v1",
                api_key=SecretStr("none"),
                seconds=HURRY if step == hurry else seconds,
                max_tokens=200,
            )

        models = Models(
            choose=choose,
            clock=clock or SystemClock(),
            retries=retries,
            jitter=lambda: 0.0,
            **more,
        )
        self.made.append(models)
        return models


@asynccontextmanager
async def serving() -> AsyncIterator[Served]:
    """A scripted server on a free port; all connections are closed at the end."""
    served = Served(ScriptedServer())
    await served.server.start()
    try:
        yield served
    finally:
        for models in served.made:
            await models.close()
        await served.server.stop()
