"""Tools that a company configures itself: one HTTP call to its own service, without code.

What a customer says reaches the call in one place only: the number `id`, held against the company's pattern.
`email` is the proven address. Where the call may go, its secret and its network are the runner's business.
"""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Annotated, Any, Literal, Protocol
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.values import ToolSpec

PARAMETERS = ("id", "email")
LONGEST_FACT = 200
Short = Annotated[str, Field(min_length=1, max_length=200)]


class Remote(Protocol):
    """A configured tool, ready to be called."""

    @property
    def config(self) -> "RemoteConfig":
        """What it does."""
        ...

    async def call(self, arguments: Mapping[str, str], key: str) -> Mapping[str, str] | None:
        """Call the service; the exposed facts, or None where it knows nothing. Raises `ToolFailed`."""
        ...


class RemoteConfig(BaseModel):
    """What a configured tool calls, with what, and what of the answer is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,39}$")]
    description: Short
    label: Annotated[dict[Literal["en", "hinglish"], Short], Field(min_length=1)]
    kind: Literal["read", "write"] = "read"
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Annotated[str, Field(min_length=8, max_length=500)]
    body: dict[str, str] | None = None
    id_pattern: Annotated[str, Field(max_length=100)] = r"[A-Za-z0-9_-]{1,40}"
    secret_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")] = "Authorization"
    secret_prefix: Annotated[str, Field(max_length=20)] = "Bearer "
    secret_env: Annotated[str, Field(pattern=r"^([A-Z0-9_]{1,60})?$")] = ""
    answer: Annotated[dict[Short, Short], Field(min_length=1, max_length=12)]
    asks: Annotated[tuple[tuple[Short, ...], ...], Field(min_length=1, max_length=40)]
    needs_identity: bool = True
    confirmation: Literal["none", "customer", "staff"] = "customer"
    timeout_seconds: Annotated[float, Field(gt=0, le=10)] = 4.0

    @model_validator(mode="after")
    def _checked(self) -> "RemoteConfig":
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "{" in parts.netloc:
            raise ValueError("url: an http(s) address whose host is fixed")
        if parts.username or parts.fragment:
            raise ValueError("url: no account and no fragment")
        unknown = self.placeholders - set(PARAMETERS)
        if unknown:
            raise ValueError(f"url: only {{id}} and {{email}} can be filled in, not {sorted(unknown)[0]!r}")
        if "email" in self.placeholders and not self.needs_identity:
            raise ValueError("needs_identity: the address is known only when it is proven")
        try:
            re.compile(self.id_pattern)
        except re.error as error:
            raise ValueError("id_pattern: not a regular expression") from error
        return self

    @property
    def host(self) -> str:
        """Where it calls: the host, with its port where one is given."""
        return urlsplit(self.url).netloc.lower()

    @property
    def placeholders(self) -> frozenset[str]:
        """What the address and the body are filled in with."""
        texts = (self.url, *(self.body or {}).values())
        try:
            return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)
        except ValueError:
            return frozenset({"{"})

    def spec(self) -> ToolSpec:
        """The tool as the desk knows tools."""
        return ToolSpec(
            name=self.name,
            description=self.description,
            kind=self.kind,
            parameters={name: "string" for name in PARAMETERS if name in self.placeholders},
            needs_identity=self.needs_identity,
            confirmation="none" if self.kind == "read" else self.confirmation,
            timeout_seconds=self.timeout_seconds,
            retries=2 if self.kind == "read" else 0,
            asks=self.asks,
            remote=True,
        )

    def accepts(self, number: str) -> bool:
        """Whether this can be one of the company's numbers."""
        return re.fullmatch(self.id_pattern, number) is not None

    def filled(self, arguments: Mapping[str, str]) -> tuple[str, dict[str, str] | None]:
        """Address and body of one call; arguments are quoted, so that they stay one segment."""
        quoted = {name: quote(arguments.get(name, ""), safe="") for name in PARAMETERS}
        plain = {name: arguments.get(name, "") for name in PARAMETERS}
        body = {name: text.format_map(plain) for name, text in self.body.items()} if self.body else None
        return self.url.format_map(quoted), body

    def facts(self, answer: Any) -> dict[str, str]:
        """The exposed fields of an answer, as short texts; what is not there is left out."""
        found = {shown: _at(answer, path.split(".")) for shown, path in self.answer.items()}
        return {
            shown: " ".join(str(value).split())[:LONGEST_FACT].replace(";", ",").replace(" · ", " - ")
            for shown, value in found.items()
            if isinstance(value, str | int | float) and str(value).strip()
        }


def _at(value: Any, path: list[str]) -> Any:
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
