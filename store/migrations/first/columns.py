"""Columns by type and indices with conditions, so that a table of the first schema reads as a list."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.models.types import JsonTuple, Utc

Columns = list[sa.Column[Any]]


def texts(*names: str, null: bool = False) -> Columns:
    """Texts of any length."""
    return [sa.Column(name, sa.String(), nullable=null) for name in names]


def counts(*names: str, null: bool = False) -> Columns:
    """Whole numbers."""
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def reals(*names: str, null: bool = False) -> Columns:
    """Numbers with fractions."""
    return [sa.Column(name, sa.Double(), nullable=null) for name in names]


def flags(*names: str, null: bool = False) -> Columns:
    """Yes or no."""
    return [sa.Column(name, sa.Boolean(), nullable=null) for name in names]


def times(*names: str, null: bool = False) -> Columns:
    """Moments in UTC."""
    return [sa.Column(name, Utc(), nullable=null) for name in names]


def objects(*names: str, null: bool = False) -> Columns:
    """JSON objects."""
    return [sa.Column(name, sa.JSON(none_as_null=True), nullable=null) for name in names]


def lists(*names: str, null: bool = False) -> Columns:
    """JSON lists."""
    return [sa.Column(name, JsonTuple(), nullable=null) for name in names]


def blobs(*names: str, null: bool = False) -> Columns:
    """Encrypted bytes."""
    return [sa.Column(name, sa.LargeBinary(), nullable=null) for name in names]


def refers(name: str, table: str, *, gone: str | None = "CASCADE", null: bool = False) -> Columns:
    """A reference to the id of another table, and what happens when that row goes."""
    return [sa.Column(name, sa.String(), sa.ForeignKey(f"{table}.id", ondelete=gone), nullable=null)]


def only_one(name: str, table: str, *columns: str, where: str, postgres: str = "") -> None:
    """A unique index over the rows that the condition holds for."""
    op.create_index(
        name,
        table,
        list(columns),
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(postgres or where),
    )
