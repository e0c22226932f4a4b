"""Column types: times that know their zone, and JSON lists that come back as tuples."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, TypeDecorator
from typing_extensions import override


class Utc(TypeDecorator[datetime]):
    """A moment in UTC; refuses naive values, returns aware ones (SQLite itself knows no zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC, without its zone where the database cannot keep one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonTuple(TypeDecorator[tuple[Any, ...]]):
    """A JSON list; lists within it come back as tuples too, so that values stay frozen."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> Any:
        """The list that JSON takes."""
        return None if value is None else list(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Any, ...] | None:
        """The tuple that the values declare."""
        if value is None:
            return None
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
