"""Who may do what in training. Closed by default: a role holds what `core.permissions` lists, nothing else."""

from __future__ import annotations

from collections.abc import Collection

from core.permissions import Actor, Permission


def can_assign_to(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May have this official learn something, and take that back."""
    return actor.may_of(Permission.TRAINING_RULE_CHANGE, official_id, unit_keys)


def can_exempt(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May say that this official need not learn something for a while; nobody exempts themselves."""
    if official_id == actor.official_id:
        return False
    return actor.may_of(Permission.TRAINING_EXEMPTION_RECORD, official_id, unit_keys)


def can_read_assignment_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May see what this official is to learn and how far they are; everybody may see the own."""
    return official_id == actor.official_id or actor.may_of(Permission.TRAINING_ASSIGNMENT_READ, official_id, unit_keys)
