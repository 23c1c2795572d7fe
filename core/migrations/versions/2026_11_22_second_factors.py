"""Second factors of accounts: one-time codes of a device, passkeys, recovery codes; recoveries by an administrator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_second_factors"
down_revision = "20261122_grants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _one_time_device()
    _passkey()
    _recovery()
    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
    )
    op.create_index("ix_spent_challenge_ends_at", "spent_challenge", ["ends_at"])
    op.add_column("account_session", sa.Column("factor", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("account_session", "factor")
    # An account that asked for more than its password must not be open with it alone by going back.
    op.execute(
        "UPDATE account SET password_hash = '' WHERE id IN (SELECT account FROM passkey)"
        " OR id IN (SELECT account FROM one_time_device WHERE secret IS NOT NULL)"
        " OR id IN (SELECT account FROM account_renewal)"
    )
    for table in ("spent_challenge", "account_renewal", "recovery_code", "passkey", "one_time_device"):
        op.drop_table(table)


def _one_time_device() -> None:
    op.create_table(
        "one_time_device",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_step", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_secret", sa.String(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(secret IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_one_time_device_confirmed_whole")
        ),
        sa.CheckConstraint("(secret IS NULL) = (used_step IS NULL)", name=op.f("ck_one_time_device_used_whole")),
        sa.CheckConstraint(
            "(offered_secret IS NULL) = (offered_at IS NULL)", name=op.f("ck_one_time_device_offered_whole")
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_one_time_device_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_one_time_device")),
    )


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("user_handle", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("transports", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_counted")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_passkey_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_account"), "passkey", ["account"])


def _recovery() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_recovery_code_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_code_digest")),
    )
    op.create_index(op.f("ix_recovery_code_account"), "recovery_code", ["account"])
    op.create_table(
        "account_renewal",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("password_due", sa.Boolean(), nullable=False),
        sa.Column("factor_due", sa.Boolean(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("password_due OR factor_due", name=op.f("ck_account_renewal_something_due")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_account_renewal_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_renewal")),
    )
