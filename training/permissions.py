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


def can_change_class(actor: Actor, unit_key: str | None) -> bool:
    """May make, change and cancel classes of this unit (None: of the whole city), and say who was there."""
    return actor.may_in(Permission.TRAINING_CLASS_CHANGE, unit_key)


def can_run_class(actor: Actor, unit_key: str | None, teacher: str | None) -> bool:
    """May see a class with its list, sheet and screen: whoever may change it, and its teacher (by number)."""
    teaches = teacher is not None and actor.official_id == teacher and actor.may(Permission.TRAINING_CLASS_ATTEND)
    return teaches or can_change_class(actor, unit_key)


def can_revoke_certificate(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May revoke a certificate of this official; nobody revokes their own."""
    if official_id == actor.official_id:
        return False
    return actor.may_of(Permission.TRAINING_CERTIFICATE_REVOKE, official_id, unit_keys)


def can_read_certificate(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May see and download certificates of this official; everybody may their own."""
    return official_id == actor.official_id or actor.may_of(
        Permission.TRAINING_CERTIFICATE_READ, official_id, unit_keys
    )


def can_change_rule(actor: Actor, unit_keys: Collection[str] = ()) -> bool:
    """May make, change, activate and retire a rule for these units (none: for the whole city)."""
    reach = actor.reach(Permission.TRAINING_RULE_CHANGE)
    return reach.whole or (bool(unit_keys) and all(reach.holds(one) for one in unit_keys))
