"""Every error that the product raises on purpose, as one tree; `api/errors.py` renders it once.

Each class carries the HTTP status and a stable `code`; `field` names the offending input where there is one.
"""

from typing import ClassVar


class SupportError(Exception):
    """Something that a caller can be told about in one clear sentence."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Invalid(SupportError):
    """The input breaks its contract; nothing was written."""

    status = 422
    code = "invalid"


class NotAuthenticated(SupportError):
    """No credentials, or credentials that prove nothing (forged, expired, replayed)."""

    status = 401
    code = "not_authenticated"


class NotAllowed(SupportError):
    """The caller is known and may not do this."""

    status = 403
    code = "not_allowed"


class NotFound(SupportError):
    """It does not exist, or not for this caller."""

    status = 404
    code = "not_found"


class Conflict(SupportError):
    """The present state forbids it: another writer, a foreign session, a changed retry."""

    status = 409
    code = "conflict"


class NotRecorded(Conflict):
    """A replayed turn asked for something that its recording does not answer; nobody else is asked."""

    code = "not_recorded"


class Gone(SupportError):
    """It existed and has ended, such as a session that was idle for a day."""

    status = 410
    code = "gone"


class TooLarge(SupportError):
    """More bytes than the route takes."""

    status = 413
    code = "too_large"


class TooMany(SupportError):
    """Over a rate or a budget; `retry_after` is in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, message: str, *, retry_after: int = 1, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.retry_after = retry_after


class Unavailable(SupportError):
    """A part that we depend on does not answer now; trying later may work."""

    status = 503
    code = "unavailable"


class ModelUnavailable(Unavailable):
    """The language model failed, was cut off, or is over its budget."""

    code = "model_unavailable"


class RetrievalUnavailable(Unavailable):
    """Neither the vector index nor the lexical index can answer."""

    code = "retrieval_unavailable"


class ToolFailed(SupportError):
    """A tool gave no result; `transient` says whether a retry may help."""

    status = 502
    code = "tool_failed"

    def __init__(self, message: str, *, transient: bool = False, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.transient = transient


class LeaseLost(SupportError):
    """Another worker owns this turn now; what this one had is thrown away."""

    status = 409
    code = "lease_lost"
