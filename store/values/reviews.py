"""Answers drawn at random, and what leads said of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Verdict = Literal["right", "wrong", "unsure"]
ANSWERS: Final = ("answer", "specialist", "unknown", "cannot_perform")
"""The kinds of replies that state something and so can be right or wrong."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """A drawn answer; the verdict is empty until somebody has said."""

    id: str
    company_id: str
    turn_id: str
    verdict: str
    reason: str
    reviewed_by: str
    reviewed_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A drawn answer with what calibration asks for."""

    id: str
    verdict: str
    reason: str
    question: str
    confidence: float
    language: str | None
    kind: str
    answered_at: datetime
    reviewed_at: datetime | None
