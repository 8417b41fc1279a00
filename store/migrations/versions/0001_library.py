"""The library as it was first: studies, steps, versions, comments, what was opened last."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = depends_on = None


def _study(primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "study", sa.String(32), sa.ForeignKey("study.id", ondelete="CASCADE"), nullable=False, primary_key=primary_key
    )


def upgrade() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.String(32), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "folded")),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("content", "origin", "headline", "author")),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("created", "changed")),
        sa.UniqueConstraint("owner", "folded", name="uq_study_owner"),
    )
    op.create_index("ix_study_owner", "study", ["owner"])
    op.create_table(
        "step",
        _study(primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "version",
        _study(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "note", "author")),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reviewer", "approver")),
        sa.Column("approved", sa.Float),
        sa.UniqueConstraint("study", "name", name="uq_version_study"),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.String(32), primary_key=True),
        _study(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("place", "text", "author")),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("settled", sa.Float),
    )
    op.create_index("ix_comment_study", "comment", ["study"])
    op.create_table(
        "opened",
        sa.Column("who", sa.String(64), primary_key=True),
        _study(),
        sa.Column("at", sa.Float, nullable=False),
    )


def downgrade() -> None:
    for table in ("opened", "comment", "version", "step", "study"):
        op.drop_table(table)
