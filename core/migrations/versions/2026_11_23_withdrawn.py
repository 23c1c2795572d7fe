"""What was learnt by mistake and withdrawn, so that a record store that took it can be told.

Of before this: what the store had taken and is not so any more. When a completion was withdrawn its certificate says.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_withdrawn"
down_revision = "20261123_list_order"
branch_labels = None
depends_on = None

EARLIER = """
INSERT INTO learning_withdrawn (assignment, what, key, turn, withdrawn_at)
SELECT told.assignment, {what}, {key}, 0, COALESCE(
    (SELECT MAX(certificate.revoked_at) FROM certificate WHERE certificate.assignment = told.assignment), told.told_at)
FROM training_statement AS told JOIN assignment ON assignment.id = told.assignment
WHERE told.state = 'taken' AND {gone}
"""
NO_STEP = """
told.event LIKE 'class:%' AND NOT EXISTS (SELECT 1 FROM step_done WHERE step_done.assignment = told.assignment
    AND step_done.kind = 'class' AND step_done.key = SUBSTR(told.event, 7))
"""


def upgrade() -> None:
    op.create_table(
        "learning_withdrawn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_learning_withdrawn_counted")),
        sa.ForeignKeyConstraint(
            ["assignment"], ["assignment.id"], name=op.f("fk_learning_withdrawn_assignment_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_withdrawn")),
        sa.UniqueConstraint("assignment", "what", "key", "turn", name=op.f("uq_learning_withdrawn_once")),
    )
    op.create_index(op.f("ix_learning_withdrawn_at"), "learning_withdrawn", ["withdrawn_at", "id"])
    gone = "told.event = 'done:' AND assignment.done_at IS NULL"
    op.execute(EARLIER.format(what="'done'", key="''", gone=gone))
    op.execute(EARLIER.format(what="'class'", key="SUBSTR(told.event, 7)", gone=NO_STEP))


def downgrade() -> None:
    op.drop_table("learning_withdrawn")
