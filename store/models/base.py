"""What all tables share: names of constraints, types by annotation, the columns of every row."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, MetaData
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column

from store.models.types import JsonTuple, Utc

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Blank = Annotated[str, mapped_column(default="")]
Zero = Annotated[int, mapped_column(default=0)]
Off = Annotated[bool, mapped_column(default=False)]
NoItems = Annotated[tuple[Any, ...], mapped_column(JsonTuple(), default=())]
NoKeys = Annotated[dict[str, Any], mapped_column(JSON(none_as_null=True), default=dict)]


class Base(DeclarativeBase):
    """The tables of the desk; checkpoints live in another database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Utc(),
        dict[str, Any]: JSON(none_as_null=True),
        tuple[Any, ...]: JsonTuple(),
    }


class Identified:
    """A row with an id of the `Ids` port and the time it was made."""

    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class Edited(Identified):
    """A row that people edit."""

    updated_at: Mapped[datetime]


def company_key(*, index: bool = True) -> Mapped[str]:
    """The column that says whose row it is."""
    return mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), index=index)


def maybe_company_key() -> Mapped[str | None]:
    """As `company_key`, for rows that may belong to the whole installation."""
    return mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), index=True)


def only_one(name: str, *columns: InstrumentedAttribute[Any], where: ColumnElement[bool]) -> Index:
    """At most one row with these columns among those that the condition holds for."""
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)
