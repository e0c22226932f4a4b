"""The process' log: one line an event, as text or JSON, personal data taken out before any sink sees it."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Literal

from language.redact import redact

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Redacted(logging.Formatter):
    """A line of text without personal data, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        return redact(super().format(record)).text


class Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, whatever `extra` brought, and the error."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()).text,
        }
        extra = {name: value for name, value in vars(record).items() if name not in _OWN}
        line |= {name: redact(str(value)).text for name, value in extra.items()}
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info)).text
        return json.dumps(line, ensure_ascii=False)


def configure(form: Literal["text", "json"], level: int = logging.WARNING) -> None:
    """Let everything go through one redacting handler on stderr; ours also tells what is of interest."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        Json() if form == "json" else Redacted("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("supportgraph").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
