"""Who may read and change the directory and the accounts."""

from __future__ import annotations

from core.permissions import Actor, Permission


def can_read_directory(actor: Actor) -> bool:
    """Whether `actor` may see units, officials and mailboxes."""
    return actor.may(Permission.CORE_DIRECTORY_READ)


def can_import_directory(actor: Actor) -> bool:
    """Whether `actor` may put a new directory in place of the present one."""
    return actor.may(Permission.CORE_DIRECTORY_IMPORT)


def can_create_account(actor: Actor) -> bool:
    """Whether `actor` may let somebody else in."""
    return actor.may(Permission.CORE_ACCOUNT_CREATE)


def can_close_account(actor: Actor, account_name: str) -> bool:
    """Whether `actor` may close and reopen that account: with the permission, and never the own one."""
    return actor.name != account_name and actor.may(Permission.CORE_ACCOUNT_CLOSE)


def can_end_sessions(actor: Actor, account_name: str) -> bool:
    """Whether `actor` may end sessions of that account: one's own, or with the permission."""
    return actor.name == account_name or actor.may(Permission.CORE_SESSION_END)


def can_change_password(actor: Actor, account_name: str) -> bool:
    """Whether `actor` may set the password of that account: one's own, or with the permission."""
    return actor.name == account_name or actor.may(Permission.CORE_ACCOUNT_PASSWORD)
