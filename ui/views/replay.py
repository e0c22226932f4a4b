"""A replayed ticket as a page: each turn the same, or the first step that differs with both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ui.views.shell import Shell
from ui.views.words import Sign, clipped

SIGNS = {
    "same": Sign("done", "Same"),
    "differs": Sign("urgent", "Differs"),
    "not recorded": Sign("closed", "Not recorded"),
}
SHOWN = 40
"""Changed values of a step that are shown."""


@dataclass(frozen=True)
class Line:
    """One value beside what it was."""

    path: str
    then: str
    now: str


@dataclass(frozen=True)
class TurnAgain:
    """One turn, run again."""

    number: int
    url: str
    words: str
    sign: Sign
    detail: str
    refused: str
    """The call that the recording does not answer."""
    asked: tuple[Line, ...]
    lines: tuple[Line, ...]
    more: int
    """Changed values that are not shown."""


@dataclass(frozen=True)
class ReplayPage:
    """The replay of a ticket."""

    template: ClassVar[str] = "replay.html"
    shell: Shell
    subject: str
    number: int
    trace_url: str
    export_url: str
    sign: Sign
    summary: str
    turns: tuple[TurnAgain, ...]


def build_replay(
    replay: Mapping[str, Any], questions: Mapping[str, str], *, shell: Shell, subject: str
) -> ReplayPage:
    """`replay` is what the API answers; `questions` has the customer's words by turn."""
    ticket_id, turns = replay["ticketId"], replay["turns"]
    differing = sum(turn["status"] == "differs" for turn in turns)
    same = sum(turn["status"] == "same" for turn in turns)
    lost = len(turns) - same - differing
    parts = [f"{same} of {len(turns)} the same"]
    parts += [f"{differing} differ"] if differing else []
    parts += [f"{lost} not recorded"] if lost else []
    state = "same" if replay["identical"] else "differs" if differing else "not recorded"
    return ReplayPage(
        shell=shell,
        subject=subject,
        number=replay["number"],
        trace_url=f"/tickets/{ticket_id}/trace",
        export_url=f"/api/tickets/{ticket_id}/replay",
        sign=SIGNS[state],
        summary=", ".join(parts),
        turns=tuple(
            _turn(turn, f"/tickets/{ticket_id}/trace?turn={turn['turnId']}", questions) for turn in turns
        ),
    )


def _turn(turn: Mapping[str, Any], url: str, questions: Mapping[str, str]) -> TurnAgain:
    first, refused = turn["firstDifference"], turn["refused"]
    changes = first["changes"] if first else turn["outcome"]
    return TurnAgain(
        number=turn["number"],
        url=url,
        words=clipped(questions.get(turn["turnId"], ""), 120),
        sign=SIGNS[turn["status"]],
        detail=_detail(turn),
        refused=refused["step"] if refused else "",
        asked=_asked(refused["recorded"] or {}, refused["asked"]) if refused else (),
        lines=_lines(changes[:SHOWN]),
        more=max(0, len(changes) - SHOWN),
    )


def _detail(turn: Mapping[str, Any]) -> str:
    first = turn["firstDifference"]
    if turn["status"] == "same":
        return f"{turn['steps']} steps, every state, sentence and decision as then"
    if turn["status"] == "not recorded":
        return str(turn["reason"])
    if first:
        return f"parts at step {first['step']}, {first['node']}"
    unused = ", ".join(dict.fromkeys(turn["unused"]))
    return "all steps are the same, the outcome is not" if turn["outcome"] else f"not asked again: {unused}"


def _asked(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Line, ...]:
    names = [name for name in now if now[name] != then.get(name)]
    return tuple(Line(name, _words(then.get(name, "–")), _words(now[name])) for name in names)


def _words(value: Any) -> str:
    return str(value) or "(empty)"


def _lines(changes: Sequence[Mapping[str, str]]) -> tuple[Line, ...]:
    return tuple(Line(each["path"], _words(each["then"]), _words(each["now"])) for each in changes)
