"""Whose things the actor of a request may see."""

from __future__ import annotations

from core.permissions import Permission, Reach
from web import auth


def figures() -> Reach:
    """Whose figures: of which units and the people in them."""
    return auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)


def exceptions() -> Reach:
    """Whose exceptions on record."""
    return auth.required().reach(Permission.MAIL_AUDIT_EXCEPTION_READ)
