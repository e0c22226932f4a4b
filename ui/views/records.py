"""Records and orders of a company, and the tools that read and change them."""

from dataclasses import dataclass
from typing import ClassVar

from ui.views.forms import Form
from ui.views.shell import Shell


@dataclass(frozen=True)
class RecordLine:
    """A record in the list."""

    number: str
    kind: str
    email: str
    status: str
    says: str
    at: str
    url: str


@dataclass(frozen=True)
class Records:
    """What the back office of a company holds, with the form for one record."""

    template: ClassVar[str] = "records.html"
    shell: Shell
    companies: tuple[tuple[str, str, bool], ...]
    company: str
    records: tuple[RecordLine, ...]
    form: Form
    editing: str = ""
    """The number of the record in the form; empty for a new one."""
    saved: str = ""
    may_change: bool = True


@dataclass(frozen=True)
class ToolLine:
    """A registered tool and how it stands at a company."""

    name: str
    description: str
    kind: str
    needs: str
    calls: str
    trouble: bool
    on: bool
    agents: tuple[str, ...]
    url: str
    chosen: bool
    own: bool = False
    """Whether it is one of the company's own."""


@dataclass(frozen=True)
class CallLine:
    """One use of a tool."""

    at: str
    status: str
    family: str
    reason: str
    arguments: str
    url: str


@dataclass(frozen=True)
class TryOut:
    """What a trial of a tool came to."""

    status: str
    family: str
    detail: str
    result: str


@dataclass(frozen=True)
class ToolDetail:
    """The chosen tool: what it takes, its last uses, and a place to try it."""

    name: str
    schema: str
    parameters: tuple[tuple[str, str], ...]
    calls: tuple[CallLine, ...]
    form: Form
    outcome: TryOut | None = None
    own: bool = False


@dataclass(frozen=True)
class Tools:
    """The tools of a company."""

    template: ClassVar[str] = "tools.html"
    shell: Shell
    companies: tuple[tuple[str, str, bool], ...]
    company: str
    tools: tuple[ToolLine, ...]
    detail: ToolDetail | None
    saved: str = ""
    may_change: bool = True
