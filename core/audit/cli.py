"""`vanthu trail verify`: is the audit trail whole?"""

from __future__ import annotations

import click

import core.cli
from core.errors import ConflictError
from core.words import Text


@click.group(cls=core.cli.ListingGroup)
def trail() -> None:
    """Nhật ký kiểm toán. The audit trail."""


@trail.command()
def verify() -> None:
    """Kiểm tra chuỗi băm. Check the chain of hashes; exit code 5 when it is broken."""
    from sqlalchemy import func, select

    from core.audit import AuditEntry, first_broken
    from core.db import unit_of_work

    with unit_of_work(core.cli.settings()) as session:
        broken = first_broken(session)
        count, last = session.execute(select(func.count(AuditEntry.id), func.max(AuditEntry.id))).one()
        seal = session.scalar(select(AuditEntry.hash).where(AuditEntry.id == last)) or "-"
    if broken is not None:
        raise ConflictError(
            Text(f"Nhật ký bị sửa từ mục số {broken}.", f"The trail has been tampered with from entry {broken} on.")
        )
    core.cli.say(
        Text(
            f"Nhật ký toàn vẹn: {count} mục, mã băm cuối {seal}.", f"The trail is whole: {count} entries, last {seal}."
        )
    )
