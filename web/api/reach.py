"""Whose things the actor of a request may see."""

from __future__ import annotations

from flask import abort

from core.permissions import Actor, Permission, Reach
from web import auth


def figures() -> Reach:
    """Whose figures: of which units and the people in them."""
    return auth.required().reach(Permission.MAIL_AUDIT_AUDIT_READ)


def exceptions() -> Reach:
    """Whose exceptions on record."""
    return auth.required().reach(Permission.MAIL_AUDIT_EXCEPTION_READ)


def official() -> Actor:
    """Who writes and decides in an own name; an account or a service that is nobody's in the directory gets 404."""
    actor = auth.required()
    if actor.official_id is None:
        abort(404)
    return actor
