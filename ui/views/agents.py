"""The agent builder: who answers for whom, how carefully and with which tools, and what it was before."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from store.values.companies import Agent, AgentVersion
from ui.views.forms import Form
from ui.views.shell import Shell
from ui.views.words import counted, spaced, stamp, titled

LANGUAGES = (("auto", "Customer’s"), ("en", "English"), ("hinglish", "Hinglish"))
MODES = (("strict", "Strict"), ("balanced", "Balanced"), ("permissive", "Permissive"))
STATUSES = (("active", "Active"), ("inactive", "Inactive"))


@dataclass(frozen=True)
class AgentLink:
    """An agent in the list beside the form."""

    name: str
    detail: str
    url: str
    on: bool


@dataclass(frozen=True)
class ToolSwitch:
    """A tool with the agent's switch and how it has been doing."""

    name: str
    description: str
    kind: str
    needs: str
    calls: str
    trouble: bool
    company_off: bool
    try_url: str
    own: bool = False
    """Whether it is one of the company's own."""


@dataclass(frozen=True)
class VersionLine:
    """A saved state: what it changed against the one before."""

    number: int
    at: str
    live: bool
    changed: str
    diff_url: str


@dataclass(frozen=True)
class Change:
    """A field that reads differently in two versions; `lines` are (sign, text) of a long one."""

    field: str
    before: str
    after: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Difference:
    """What an earlier version had otherwise than the present one."""

    version: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class AgentPage:
    """One agent, or the form for a new one when `agent_id` is empty."""

    template: ClassVar[str] = "agents.html"
    shell: Shell
    agent_id: str
    title: str
    version: int
    agents: tuple[AgentLink, ...]
    companies: tuple[tuple[str, str], ...]
    company: str
    form: Form
    tools: tuple[ToolSwitch, ...]
    versions: tuple[VersionLine, ...]
    difference: Difference | None = None
    saved: str = ""
    may_change: bool = True

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """The language modes."""
        return LANGUAGES

    @property
    def modes(self) -> tuple[tuple[str, str], ...]:
        """The safety modes."""
        return MODES

    @property
    def statuses(self) -> tuple[tuple[str, str], ...]:
        """Whether it may answer."""
        return STATUSES

    @property
    def switched_on(self) -> int:
        """How many tools are on."""
        return sum(self.form.on(f"tool-{tool.name}") and not tool.company_off for tool in self.tools)


def agent_values(agent: Agent, tools: Mapping[str, bool]) -> dict[str, str]:
    """The form's fields for an agent as it is."""
    names = ("name", "description", "system_prompt", "language_mode", "safety_mode", "status")
    values = {name: str(getattr(agent, name)) for name in names}
    values["confidence_threshold"] = f"{agent.confidence_threshold:.2f}"
    values["is_default"] = "on" if agent.is_default else ""
    return values | {f"tool-{name}": "on" for name, on in tools.items() if on}


def agent_links(agents: Sequence[Agent], companies: Mapping[str, str], chosen: str) -> tuple[AgentLink, ...]:
    """Every agent of the member, with its company, mode and version."""
    return tuple(
        AgentLink(
            agent.name,
            " · ".join(
                [companies.get(agent.company_id, ""), agent.safety_mode, f"v{agent.version}"]
                + (["default"] if agent.is_default else [])
                + ([agent.status] if agent.status != "active" else [])
            ),
            f"/agents/{agent.id}",
            agent.id == chosen,
        )
        for agent in agents
    )


def version_lines(versions: Sequence[AgentVersion], live: int) -> tuple[VersionLine, ...]:
    """The newest states, each with the names of the fields that it changed."""
    lines = []
    for place, item in enumerate(versions):
        before = versions[place + 1].fields if place + 1 < len(versions) else None
        changed = [] if before is None else [change.field for change in changes_between(before, item.fields)]
        words = "Made" if before is None else ", ".join(changed) or "Saved without a change"
        url = f"/agents/{item.agent_id}?compare={item.version}#difference"
        lines.append(VersionLine(item.version, stamp(item.created_at), item.version == live, words, url))
    return tuple(lines)


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """The fields that differ, tools one by one."""
    flat_before, flat_after = _flat(before), _flat(after)
    found = []
    for name in dict.fromkeys([*flat_before, *flat_after]):
        old, new = flat_before.get(name, ""), flat_after.get(name, "")
        if old != new:
            long = "\n" in old + new or len(old + new) > 120
            found.append(Change(name, old, new, _lines(old, new) if long else ()))
    return tuple(found)


def _flat(fields: Mapping[str, Any]) -> dict[str, str]:
    plain = {titled(name): str(value) for name, value in fields.items() if name != "tools"}
    tools = {f"tool {name}": "on" if on else "off" for name, on in (fields.get("tools") or {}).items()}
    return plain | tools


def _lines(old: str, new: str) -> tuple[tuple[str, str], ...]:
    compared = difflib.ndiff(old.splitlines(), new.splitlines())
    return tuple((line[0], line[2:]) for line in compared if line[0] != "?")


def needs_of(*, identity: bool, confirmation: str) -> str:
    """What a tool asks for before it runs, in words."""
    needs = ["proven identity"] if identity else []
    needs += (
        [f"a yes of {'staff' if confirmation == 'staff' else 'the customer'}"]
        if confirmation != "none"
        else []
    )
    return f"Needs {' and '.join(needs)}." if needs else "Needs nothing."


def calls_of(counts: Mapping[str, int]) -> tuple[str, bool]:
    """How often a tool was used in 30 days and how often it failed; whether that is trouble."""
    total, failed = sum(counts.values()), counts.get("failed", 0)
    if not total:
        return "not used in 30 days", False
    if not failed:
        return f"{counted(total, 'call')}, none failed", False
    refused = [
        f"{spaced(name)} {count:,}" for name, count in counts.items() if name not in ("success", "failed")
    ]
    more = f"; {', '.join(refused)}" if refused else ""
    return f"{counted(total, 'call')}, {failed / total:.1%} failed{more}", failed / total > 0.05
