"""From the running counts to the truth: each official's class, each unit's rates."""

from __future__ import annotations

from datetime import date

from core.calendar import is_working_day
from mail_audit.report.model import CLASSES, USING, Rung, UsageClass
from mail_audit.sample.ledger import Account, Ledger
from mail_audit.sample.people import Person, Town
from mail_audit.sample.picture import USING_HABITS
from mail_audit.sample.truth import MailboxTruth, OfficialTruth, UnitTruth

_RUNGS: dict[str, Rung] = {"A": "A", "B": "B", "C": "C", "D": "D"}


def judge(person: Person, account: Account | None, working: int) -> tuple[UsageClass, Rung | None]:
    """Class and rung of one official, from what was really written about the mailbox."""
    if account is None:
        return "none", None
    if account.acts:
        on_work = sum(1 for day in account.acts if is_working_day(day))
        rung: Rung = "A" if "A" in account.acts.values() else "B"
        return ("regular" if on_work * 2 >= working else "occasional"), rung
    if account.delegated:
        return "delegated", "D"
    if account.forwarded:
        return "forwarded", "D"
    if account.strongest is not None:
        return "machine", _RUNGS[account.strongest]
    if person.habit in USING_HABITS or person.habit == "delegates":
        return ("unknown", "U") if account.logins else ("none", None)
    return "none", None


def official(person: Person, ledger: Ledger, days: list[date], *, flags: bool) -> OfficialTruth:
    """The figures of one official over the covered `days`; `flags`: the logs hold flag changes."""
    account = None if person.address is None else ledger.open(person.address)
    working = sum(1 for day in days if is_working_day(day))
    usage_class, rung = judge(person, account, working)
    counts = account or Account("")
    acted = tuple(sorted(counts.acts))
    return OfficialTruth(
        official_id=person.official_id,
        name=person.name,
        unit=person.unit,
        title=person.title,
        rank=person.rank,
        mailboxes=() if person.address is None else (person.address,),
        sent=counts.sent,
        sent_recipients=counts.recipients,
        sent_external=counts.external,
        received=counts.received,
        logins=counts.logins,
        failed_logins=counts.failed,
        opened=counts.opened if flags else None,
        active_days=len(acted),
        active_working_days=sum(1 for day in acted if is_working_day(day)),
        covered_working_days=working,
        usage_class=usage_class,
        rung=rung,
        habit=person.habit,
        acted_on=acted,
    )


def _rate(using: int, total: int, unknown: int) -> float | None:
    return using / (total - unknown) if total > unknown else None


def _sum(key: str, parent: str | None, people: list[OfficialTruth]) -> UnitTruth:
    """One unit's figures over `people`, who are those of its sub-units too."""
    sides: dict[str, tuple[int, int, float | None]] = {}
    for rank in ("leader", "staff"):
        classes = [person.usage_class for person in people if person.rank == rank]
        using = sum(1 for one in classes if one in USING)
        sides[rank] = (len(classes), using, _rate(using, len(classes), classes.count("unknown")))
    return UnitTruth(
        key,
        parent,
        *sides["leader"],
        *sides["staff"],
        classes={name: sum(1 for person in people if person.usage_class == name) for name in CLASSES},
        no_mailbox=sum(1 for person in people if not person.mailboxes),
    )


def units(town: Town, people: list[OfficialTruth]) -> tuple[tuple[UnitTruth, ...], UnitTruth]:
    """Every unit with its sub-units, and the whole city."""
    below: dict[str, list[OfficialTruth]] = {key: [] for key in town.units}
    for person in people:
        key: str | None = person.unit
        while key is not None:
            below[key].append(person)
            key = town.units[key]
    found = tuple(_sum(key, parent, below[key]) for key, parent in town.units.items())
    return found, _sum("", None, people)


def unassigned(town: Town, ledger: Ledger) -> tuple[MailboxTruth, ...]:
    """Shared and service mailboxes, and the mailbox nobody owns, in this order."""
    rows = [(town.shared, "shared"), *((one, "service") for one in town.services), (town.unlisted, "unlisted")]
    found = []
    for address, kind in rows:
        account = ledger.open(address)
        counts = (account.sent, account.received, account.logins)
        if kind == "shared":
            found.append(MailboxTruth(address, "shared", *counts))
        else:
            found.append(MailboxTruth(address, "service" if kind == "service" else "unlisted", *counts))
    return tuple(found)
