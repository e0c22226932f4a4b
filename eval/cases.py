"""Reads case files: JSON Lines, one conversation a line, with what its last reply has to be like.

Every field but `id` and `turns` is optional, and only what is given is judged. Fields that we do not know are
notes. A mistake is an `Invalid` whose message begins with `file:line: field`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from graph.errors import Invalid
from graph.state import Kind

Text = Annotated[str, StringConstraints(min_length=1)]
Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


class Case(BaseModel):
    """One conversation and what is demanded of the reply to its last turn."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    id: Words
    turns: tuple[Text, ...]
    company: Words | None = None
    language: Words | None = None
    email: Words | None = None
    verified: bool = False
    intent: Words | None = None
    kind: Kind | None = None
    kinds_ok: tuple[Kind, ...] = ()
    must: tuple[tuple[Words, ...], ...] = ()
    must_not: tuple[Words, ...] = ()
    tools: tuple[Words, ...] | None = None
    tools_ok: tuple[tuple[Words, ...], ...] = ()
    family: Words | None = None
    """Shared by a pair and its spelling variants; what the parity gap is computed over."""

    @model_validator(mode="after")
    def _complete(self) -> "Case":
        if not self.turns:
            raise ValueError("turns: at least one message is needed")
        if any(not group for group in self.must):
            raise ValueError("must: a group needs at least one alternative")
        if self.verified and self.email is None:
            raise ValueError("verified: true needs an email")
        return self

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that are accepted; empty when the kind is not judged."""
        return frozenset(self.kinds_ok) | ({self.kind} if self.kind else frozenset())

    @property
    def wanted(self) -> str | None:
        """The kind, or all that are accepted (`answer or cannot_perform`), as a group of the figures."""
        return self.kind or " or ".join(sorted(self.kinds_ok)) or None

    @property
    def tool_lists(self) -> tuple[tuple[str, ...], ...]:
        """The lists of tools that are accepted; empty when tools are not judged."""
        return self.tools_ok if self.tools is None else (self.tools, *self.tools_ok)


def read_cases(paths: Iterable[Path], *, company: str | None = None) -> tuple[Case, ...]:
    """Read files in order; `company` stands in where a case names none.

    Raises `Invalid` for a file that cannot be read or holds no case, a line that breaks the format, and an id
    that occurs twice.
    """
    seen: dict[str, str] = {}
    cases: list[Case] = []
    for path in paths:
        found = 0
        for place, line in _lines(path):
            case = _case(place, line)
            if case.id in seen:
                raise Invalid(f"{place}: id: {case.id!r} is also at {seen[case.id]}", field="id")
            if case.company is None:
                if company is None:
                    raise Invalid(f"{place}: company: is missing and no default was given", field="company")
                case = case.model_copy(update={"company": company})
            seen[case.id] = place
            cases.append(case)
            found += 1
        if not found:
            raise Invalid(f"{path}: holds no case", field="file")
    return tuple(cases)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path}: cannot be read: {error.strerror}", field="file") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path}: is not UTF-8 (byte {error.start})", field="file") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path}:{number}", line


def _case(place: str, line: str) -> Case:
    try:
        return Case.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        message = str(first["msg"]).removeprefix("Value error, ")
        field = ".".join(str(part) for part in first["loc"]) or message.partition(":")[0]
        if first["loc"]:
            message = f"{field}: {message}"
        raise Invalid(f"{place}: {message}", field=field) from error
