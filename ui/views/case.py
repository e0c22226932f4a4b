"""A case as a form: what is asked, what a reply has to hold, and whether people agree on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ui.views.forms import Form
from ui.views.shell import Shell

KINDS = (
    ("", "not judged"), ("answer", "answer"), ("unknown", "unknown"), ("off_topic", "off topic"),
    ("cannot_perform", "cannot perform"), ("clarify", "clarify"), ("specialist", "specialist"),
    ("handoff", "handoff"), ("blocked", "blocked"),
)  # fmt: skip
STATES = (("active", "Counts"), ("disputed", "Disputed"))


@dataclass(frozen=True)
class CasePage:
    """The form of a case."""

    template: ClassVar[str] = "case.html"
    shell: Shell
    title: str
    company: str
    back: str
    form: Form
    reply: str = ""
    """What was said on the ticket; empty for a case that is kept already."""
    kinds: tuple[tuple[str, str], ...] = KINDS
    states: tuple[tuple[str, str], ...] = STATES


def case_values(row: Mapping[str, Any], state: str, reason: str) -> dict[str, str]:
    """The case as the form's fields."""
    return {
        "name": str(row.get("id", "")),
        "turns": "\n".join(" ".join(text.split()) for text in row.get("turns", ())),
        "language": str(row.get("language", "")),
        "intent": str(row.get("intent", "")),
        "email": str(row.get("email", "")),
        "verified": "on" if row.get("verified") else "",
        "kind": str(row.get("kind", "")),
        "must": "\n".join(" | ".join(group) for group in row.get("must", ())),
        "must_not": "\n".join(row.get("must_not", ())),
        "judges_tools": "on" if row.get("tools") is not None else "",
        "tools": "\n".join(row.get("tools") or ()),
        "note": str(row.get("note", "")),
        "state": state,
        "reason": reason,
    }


def case_row(values: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
    """The form's fields as a line of a case file; what the form does not show stays as it was known."""

    def lines(name: str) -> list[str]:
        return [line.strip() for line in values.get(name, "").splitlines() if line.strip()]

    shown = ("turns", "kind", "must", "must_not", "tools", "note")
    row: dict[str, Any] = {name: value for name, value in known.items() if name not in shown}
    row |= {"turns": lines("turns"), "kind": values.get("kind", ""), "note": values.get("note", "").strip()}
    row |= {
        "must": [[each.strip() for each in line.split("|") if each.strip()] for line in lines("must")],
        "must_not": lines("must_not"),
    }
    row = {name: value for name, value in row.items() if value not in ("", []) or name == "turns"}
    return row | ({"tools": lines("tools")} if values.get("judges_tools") == "on" else {})
