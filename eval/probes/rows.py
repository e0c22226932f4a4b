"""Reads the rows of a probe's data file; extra fields are notes, a mistake names file, line and field."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.errors import Invalid

Json = dict[str, Any]


class Row(BaseModel):
    """A line of a data file."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class LabelledText(Row):
    """A text and its label, with other labels that are right too."""

    text: str
    label: str
    alt: tuple[str, ...] = ()


class FlaggedText(Row):
    """A text that should raise a flag (1) or not (0)."""

    text: str
    label: int
    subtype: str | None = None
    source: str | None = None

    @property
    def type(self) -> str:
        """What the results are grouped by."""
        return self.subtype or self.source or "all"


class Span(Row):
    """Where personal data of one type is, in characters."""

    start: int
    end: int
    type: str


class SpannedText(Row):
    """A text and the personal data in it."""

    text: str
    spans: tuple[Span, ...]


class ReplyInContext(Row):
    """A reply and what it should rest on; label 1 means that it does."""

    context: str
    response: str
    label: int
    question: str = ""
    source: str = "all"


R = TypeVar("R", bound=Row)


def read_rows(path: Path, model: type[R]) -> tuple[R, ...]:
    """All rows of a JSON Lines file; `Invalid` when it cannot be read, is empty, or breaks the format."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path}: cannot be read: {error}", field="data") from error
    rows = [
        _row(f"{path}:{number}", line, model)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not rows:
        raise Invalid(f"{path}: holds no row", field="data")
    return tuple(rows)


def share(part: int, whole: int) -> float:
    """A share rounded for output; of nothing it is 0."""
    return round(part / whole, 4) if whole else 0.0


def mean(values: Sequence[float]) -> float:
    """The mean rounded for output; of nothing it is 0."""
    return round(sum(values) / len(values), 4) if values else 0.0


def _row(place: str, line: str, model: type[R]) -> R:
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "line"
        raise Invalid(f"{place}: {field}: {first['msg']}", field=field) from error
