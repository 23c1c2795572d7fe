"""Who may do what with usage audits. Closed by default: a role holds what `core.permissions` lists, nothing else.

An official's account is tied to one person: what that role holds, it holds for that person's own figures, lines and
contests only. Other roles hold theirs for the units they were granted for (`Actor.may_of`, `Actor.reach`): `unit_keys`
are those of the official in question, in the report for what a report says, in the directory for the rest.
"""

from __future__ import annotations

from collections.abc import Collection

from core.permissions import Actor, Permission


def can_read_evidence_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May see what is said of this official, and the log lines behind it."""
    return actor.may_of(Permission.MAIL_AUDIT_EVIDENCE_READ, official_id, unit_keys)


def can_ask_contest_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May say that a figure of this official is not right."""
    return actor.may_of(Permission.MAIL_AUDIT_CONTEST_ASK, official_id, unit_keys)


def can_read_contest_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May see what was contested for this official, and the answers."""
    return actor.may_of(Permission.MAIL_AUDIT_CONTEST_READ, official_id, unit_keys)


def can_answer_contest(actor: Actor) -> bool:
    """May answer contests of some officials."""
    return actor.may(Permission.MAIL_AUDIT_CONTEST_ANSWER)


def can_answer_contest_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May answer what this official contests; nobody answers the own."""
    if official_id == actor.official_id:
        return False
    return actor.may_of(Permission.MAIL_AUDIT_CONTEST_ANSWER, official_id, unit_keys)


def can_read_exception_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May see what is on record of this official: leave, sickness and the like. Everybody may see the own."""
    return official_id == actor.official_id or actor.may_of(
        Permission.MAIL_AUDIT_EXCEPTION_READ, official_id, unit_keys
    )


def can_record_exception_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May put an exception of this official on record, end and withdraw it."""
    return actor.may_of(Permission.MAIL_AUDIT_EXCEPTION_RECORD, official_id, unit_keys)


def can_set_target(actor: Actor) -> bool:
    """May say what share of a rank is to use official e-mail by when, and take it back."""
    return actor.may(Permission.MAIL_AUDIT_TARGET_SET)


def can_export_facts(actor: Actor) -> bool:
    """May take the facts of every mailbox and day away as a file."""
    return actor.may(Permission.MAIL_AUDIT_FACTS_EXPORT)
