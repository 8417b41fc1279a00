"""The tables of the library: studies, their saved steps, named versions, comments, and who opened what last.

Moments are seconds since 1970 (UTC). A study's content is its file (TOML); `revision` counts its saves, so that a save
made from an older one is noticed. `headline` is JSON, for the list alone.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

NAMED = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
)


def _owner() -> Column[str]:
    return Column("study", ForeignKey("study.id", ondelete="CASCADE"), primary_key=True)


STUDY = Table(
    "study",
    NAMED,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("owner", String(64), nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("tags", Text, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("changed", Float, nullable=False),
    UniqueConstraint("owner", "folded"),
)
STEP = Table(
    "step",
    NAMED,
    _owner(),
    Column("revision", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Float, nullable=False),
)
VERSION = Table(
    "version",
    NAMED,
    _owner(),
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("headline", Text, nullable=False),
    Column("seal", String(64), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("approved", Float),
    UniqueConstraint("study", "name"),
)
COMMENT = Table(
    "comment",
    NAMED,
    Column("id", String(32), primary_key=True),
    Column("study", ForeignKey("study.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("settled", Float),
)
OPENED = Table(
    "opened",
    NAMED,
    Column("who", String(64), primary_key=True),
    Column("study", ForeignKey("study.id", ondelete="CASCADE"), nullable=False),
    Column("at", Float, nullable=False),
)
