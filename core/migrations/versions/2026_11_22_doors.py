"""Other doors to an account: names at an OpenID provider and in a directory server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_doors"
down_revision = "20261122_second_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_identity_account_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("provider", "account", name=op.f("uq_identity_provider_account")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_identity_provider_subject")),
    )
    op.create_index(op.f("ix_identity_account"), "identity", ["account"])


def downgrade() -> None:
    op.drop_index(op.f("ix_identity_account"), table_name="identity")
    op.drop_table("identity")
