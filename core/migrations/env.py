"""What Alembic runs: on the connection it was given, with the models only when they are to be compared."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from core.db import UtcDateTime
from core.migrations import all_metadata


def rendered(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Types are written out in a migration: ours may move on."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_metadata() if context.config.attributes["comparing"] else None,
    render_as_batch=True,
    compare_type=True,
    render_item=rendered,
)
with context.begin_transaction():
    context.run_migrations()
