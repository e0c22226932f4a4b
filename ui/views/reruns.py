"""Drafts tried on past tickets as pages: all trials, and one with what changes side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, ClassVar

from store.values.reruns import Rerun, RerunHead
from store.values.work import Job
from ui.views.replay import Line
from ui.views.shell import Shell
from ui.views.words import Sign, clipped, counted, stamp

SIGNS = {
    "queued": Sign("waiting", "Waiting"),
    "running": Sign("active", "Running"),
    "done": Sign("done", "Done"),
    "failed": Sign("urgent", "Failed"),
    "cancelled": Sign("closed", "Stopped"),
}
NAMES = {
    "answered": "Newly answered",
    "escalated": "Newly escalated",
    "unanswered": "No longer answered",
    "ungrounded": "Newly ungrounded",
    "changed": "Answered otherwise",
    "untold": "Need a tool that was not recorded",
}
FAMILIES = {"answered": "done", "changed": "waiting", "untold": "closed"}


@dataclass(frozen=True)
class Piece:
    """A run of words; `differs` when the other side does not have it."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Side:
    """One of the two answers."""

    name: str
    kind: str
    reply: tuple[Piece, ...]
    sources: str


@dataclass(frozen=True)
class ChangeSeen:
    """A turn that comes to something else."""

    number: int
    url: str
    question: str
    signs: tuple[Sign, ...]
    before: Side
    after: Side
    parts_at: str
    trace: tuple[Line, ...]


@dataclass(frozen=True)
class RerunLine:
    """A trial in the list."""

    title: str
    url: str
    at: str
    by: str
    sign: Sign
    found: str


@dataclass(frozen=True)
class Reruns:
    """All trials."""

    template: ClassVar[str] = "reruns.html"
    shell: Shell
    lines: tuple[RerunLine, ...]


@dataclass(frozen=True)
class RerunPage:
    """One trial: on its way, or what it found and the way to publish it."""

    template: ClassVar[str] = "rerun.html"
    shell: Shell
    id: str
    title: str
    summary: str
    sign: Sign
    status: str
    error: str
    done: int
    of: int
    headlines: tuple[tuple[str, str, str], ...]
    """(name, figure, detail)"""
    gate: tuple[Sign, str] | None
    changes: tuple[ChangeSeen, ...]
    published: str
    may_publish: bool
    blocked: bool
    problem: str = ""


def rerun_line(head: RerunHead, job: Job) -> RerunLine:
    """A trial as the list shows it."""
    found = head.summary
    words = f"{found['changedTurns']} of {found['turns']} answers change" if found else ""
    sign = Sign("done", "Published") if head.published_at else SIGNS[job.status]
    return RerunLine(head.title, f"/reruns/{head.id}", stamp(head.created_at), head.started_by, sign, words)


def rerun_page(rerun: Rerun, job: Job, *, shell: Shell, may_publish: bool, problem: str = "") -> RerunPage:
    """One trial."""
    summary = rerun.summary
    gate = summary.get("gate") if summary else None
    published = stamp(rerun.published_at) if rerun.published_at else ""
    return RerunPage(
        shell=shell,
        id=rerun.id,
        title=rerun.title,
        summary=f"{stamp(rerun.created_at)}, by {rerun.started_by}",
        sign=Sign("done", "Published") if published else SIGNS[job.status],
        status=job.status,
        error=job.error,
        done=int(job.progress.get("done", 0)),
        of=int(job.progress.get("of", 0)),
        headlines=_headlines(summary) if summary else (),
        gate=_gate(gate) if gate else None,
        changes=tuple(_change(each) for each in rerun.changes),
        published=published,
        may_publish=may_publish and bool(summary) and not published,
        blocked=gate is not None and not gate["passed"],
        problem=problem,
    )


def _headlines(summary: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    kinds: Mapping[str, int] = summary["kinds"]
    tried = (
        f"of {summary['turns']} on {counted(summary['tickets'], 'ticket')}, "
        f"{summary['skipped']} sifted out; {summary['seconds']} s"
    )
    first = ("Answers change", str(summary["changedTurns"]), tried)
    rest = [(NAMES[kind], str(count), "") for kind, count in kinds.items() if count or kind != "untold"]
    return (first, *rest)


def _gate(gate: Mapping[str, Any]) -> tuple[Sign, str]:
    cases, failed = gate["cases"], gate["failed"]
    times = f", each {gate['trials']} times" if gate["trials"] > 1 else ""
    if gate["passed"]:
        return Sign("done", "Gate holds"), f"{cases - len(failed)} of {cases} cases pass{times}"
    return Sign(
        "urgent", "Gate fails"
    ), f"{len(failed)} of {cases} cases fail{times}: {', '.join(failed[:8])}"


def _change(change: Mapping[str, Any]) -> ChangeSeen:
    before, after = change["before"], change["after"]
    one, other = _pieces(before["reply"], after["reply"])
    return ChangeSeen(
        number=change["number"],
        url=f"/tickets/{change['ticketId']}/trace?turn={change['turnId']}",
        question=clipped(change["question"], 200),
        signs=tuple(Sign(FAMILIES.get(kind, "urgent"), NAMES[kind]) for kind in change["kinds"]),
        before=_side("As it is", before, one),
        after=_side("With the draft", after, other),
        parts_at=change["partsAt"],
        trace=tuple(Line(each["path"], each["then"], each["now"]) for each in change["trace"]),
    )


def _side(name: str, side: Mapping[str, Any], reply: tuple[Piece, ...]) -> Side:
    offer = ", a person offered" if side["handoff"] else ""
    return Side(name, f"{side['kind']}{offer}", reply, ", ".join(side["sources"]))


def _pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts with the words that only one of them has marked."""
    one, other = before.split(), after.split()
    left: list[Piece] = []
    right: list[Piece] = []
    for name, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        _add(left, one[a:b], differs=name != "equal")
        _add(right, other[c:d], differs=name != "equal")
    return tuple(left), tuple(right)


def _add(pieces: list[Piece], words: Sequence[str], *, differs: bool) -> None:
    if words:
        pieces.append(Piece(" ".join(words), differs))
