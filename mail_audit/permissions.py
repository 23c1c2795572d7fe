"""Who may do what with usage audits. Closed by default: a role holds what `core.permissions` lists, nothing else.

An official's account is tied to one person: what that role holds, it holds for that person's own figures, lines and
contests only. Other roles hold theirs for the units they were granted for (`Actor.may_of`, `Actor.reach`): `unit_keys`
are those of the official in question, in the report for what a report says, in the directory for the rest.
"""

from __future__ import annotations

from collections.abc import Collection

from core.permissions import Actor, Permission


def can_read_audit(actor: Actor) -> bool:
    """May see audits, their coverage, and the figures of units and officials."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_READ)


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


def can_record_exception(actor: Actor) -> bool:
    """May put exceptions of some officials on record, end and withdraw them."""
    return actor.may(Permission.MAIL_AUDIT_EXCEPTION_RECORD)


def can_read_exception_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May see what is on record of this official: leave, sickness and the like. Everybody may see the own."""
    return official_id == actor.official_id or actor.may_of(
        Permission.MAIL_AUDIT_EXCEPTION_READ, official_id, unit_keys
    )


def can_record_exception_of(actor: Actor, official_id: str, unit_keys: Collection[str] = ()) -> bool:
    """May put an exception of this official on record, end and withdraw it."""
    return actor.may_of(Permission.MAIL_AUDIT_EXCEPTION_RECORD, official_id, unit_keys)


def can_read_report(actor: Actor) -> bool:
    """May download the rendered reports."""
    return actor.may(Permission.MAIL_AUDIT_REPORT_READ)


def can_upload_log(actor: Actor) -> bool:
    """May send a log to be read."""
    return actor.may(Permission.MAIL_AUDIT_LOG_UPLOAD)


def can_start_audit(actor: Actor) -> bool:
    """May have logs read and measured."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_START)


def can_cancel_audit(actor: Actor) -> bool:
    """May stop a run."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_CANCEL)


def can_delete_audit(actor: Actor) -> bool:
    """May take a run away with its figures, evidence and reports."""
    return actor.may(Permission.MAIL_AUDIT_AUDIT_DELETE)


def can_set_target(actor: Actor) -> bool:
    """May say what share of a rank is to use official e-mail by when, and take it back."""
    return actor.may(Permission.MAIL_AUDIT_TARGET_SET)


def can_export_facts(actor: Actor) -> bool:
    """May take the facts of every mailbox and day away as a file."""
    return actor.may(Permission.MAIL_AUDIT_FACTS_EXPORT)


def can_read_sources(actor: Actor) -> bool:
    """May see the sources of logs, and how far each is collected."""
    return actor.may(Permission.MAIL_AUDIT_SOURCE_READ)


def can_change_sources(actor: Actor) -> bool:
    """May add a source of logs, or end one."""
    return actor.may(Permission.MAIL_AUDIT_SOURCE_CHANGE)


def can_collect(actor: Actor) -> bool:
    """May have the sources collected."""
    return actor.may(Permission.MAIL_AUDIT_SOURCE_COLLECT)
