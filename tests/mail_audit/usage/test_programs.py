"""What programs do that looks like a person, what a person does that looks like a program, and what is said of both."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

import pytest

from mail_audit.report.model import OfficialFigures
from tests.mail_audit.small_town import (
    BOSS,
    CLERK,
    CLERK2,
    DAYS,
    DEPUTY,
    PRIVATE,
    audit,
    official,
    seen,
    sent,
    session,
    submitted,
)  # fmt: skip

HOUR = 3600
_numbers = itertools.count(1000)


def clock(day: str, second: float) -> str:
    whole = int(second)
    return f"{day} {whole // HOUR:02}:{whole % HOUR // 60:02}:{whole % 60:02}"


def arrives(day: str, second: int, who: str = BOSS) -> list[str]:
    """A message from outside that Dovecot puts into a mailbox."""
    number = next(_numbers)
    return [
        f"{clock(day, second)} mail dovecot: lmtp({who})<1><d{number}>: msgid=<{number}@out.test>: saved mail to INBOX"
    ]


def fetches(day: str, second: int, bodies: int, *does: str, who: str = BOSS, address: str = "10.0.0.7") -> list[str]:
    """A short session that fetches whole messages."""
    number = next(_numbers)
    start, end = clock(day, second), clock(day, second + 2 * bodies)
    return session(start, end, who, number, *does, address=address, bodies=(bodies, bodies * 3000))


def boss(folder: Path, lines: Iterable[str]) -> OfficialFigures:
    return official(audit(folder, lines), BOSS)


def said(one: OfficialFigures, words: str) -> bool:
    return any(words in reason.en for reason in one.reasons)


def telephone(*addresses: str, delay: int = 130) -> list[str]:
    """It fetches each message some minutes after it came, at no fixed gap, by night too, from one address or many."""
    lines = []
    places = itertools.cycle(addresses or ("10.0.0.7",))
    for day in DAYS:
        for second in (2 * HOUR, 9 * HOUR + 411, 15 * HOUR + 77, 22 * HOUR + 1234):
            lines += arrives(day, second) + fetches(day, second + delay + second % 97, 1, address=next(places))
    return lines


def test_a_telephone_that_fetches_what_comes_is_a_machine(tmp_path: Path) -> None:
    one = boss(tmp_path, telephone())
    assert (one.usage_class, one.rung, one.active_days) == ("machine", "C", 0)
    assert said(one, "syncs in the background, which do not count as reading: 20")


def test_who_looks_once_a_day_and_marks_nothing_is_a_person(tmp_path: Path) -> None:
    """All that has come since yesterday, read at a person's pace, hours after it came: twice a day is no telephone."""
    lines = []
    for number, day in enumerate(DAYS):
        lines += arrives(day, 2 * HOUR) + arrives(day, 5 * HOUR)
        lines += session(clock(day, 9 * HOUR + 97 * number), clock(day, 9 * HOUR + 97 * number + 60), BOSS,
                         next(_numbers), address="10.0.0.7", bodies=(2, 6000))  # fmt: skip
    marks = session(clock(DAYS[0], 10 * HOUR), clock(DAYS[0], 10 * HOUR + 60), CLERK, next(_numbers), seen(1))
    one = boss(tmp_path, [*lines, *marks])
    assert (one.usage_class, one.rung, one.active_days) == ("regular", "B", len(DAYS))


def test_a_telephone_on_its_way_is_a_machine(tmp_path: Path) -> None:
    """Ten addresses with two sessions each."""
    one = boss(tmp_path, telephone(*(f"10.7.{n}.1" for n in range(10))))
    assert (one.usage_class, one.rung, one.active_days) == ("machine", "C", 0)


def test_a_telephone_around_the_clock_is_no_reader_where_marks_are_not_written(tmp_path: Path) -> None:
    """It is slow to look, but looks at every hour; what it fetched may have been read or not."""
    looks = [
        line for day in DAYS for hour in range(24) for line in fetches(day, hour * HOUR + 3000 + hour * 37 % 60 * 9, 0)
    ]
    qmgr = "Oct  5 00:00:03 mail postfix/qmgr[7]: 00000A: from=<>, size=1, nrcpt=1 (queue active)"
    one = official(audit(tmp_path, [*telephone(delay=1500), *looks, qmgr], servers=False), BOSS)
    assert (one.usage_class, one.rung, one.active_days) == ("unknown", "C", 0)


def test_who_opens_on_that_telephone_is_a_person_on_those_days(tmp_path: Path) -> None:
    one = boss(tmp_path, [*telephone(), *fetches("Oct  6", 8 * HOUR, 0, seen(1))])
    assert (one.usage_class, one.active_days) == ("occasional", 1)


def test_who_reads_all_that_came_in_the_morning_is_a_person_where_marks_are_not_written(tmp_path: Path) -> None:
    """The same counters hours after the arrivals: nobody's background."""
    lines: list[str] = []
    for day in DAYS:
        lines += arrives(day, HOUR) + arrives(day, 3 * HOUR) + fetches(day, 8 * HOUR + len(lines) * 17, 2)
    one = official(audit(tmp_path, lines, servers=False), BOSS)
    assert (one.active_days, one.rung) == (5, "B")


def test_a_sync_where_marks_are_not_written_is_unknown(tmp_path: Path) -> None:
    """Whether somebody read on that telephone, no log tells."""
    other = "Oct  5 00:00:03 mail postfix/qmgr[7]: 00000A: from=<>, size=1, nrcpt=1 (queue active)"
    one = official(audit(tmp_path, [*telephone(), other], servers=False), BOSS)
    assert (one.usage_class, one.rung, one.active_days) == ("unknown", "C", 0)
    assert said(one, "whether anybody read is not known")


def test_a_reader_at_a_poller_s_address_is_a_person(tmp_path: Path) -> None:
    """The checker runs every ten minutes all day; at the same address somebody opens one message."""
    lines = []
    for second in range(0, 24 * HOUR, 600):
        lines += session(clock("Oct  5", second), clock("Oct  5", second), BOSS, next(_numbers))
    one = boss(tmp_path, [*lines, *fetches("Oct  5", 8 * HOUR + 333, 1, seen(1))])
    assert (one.usage_class, one.rung, one.active_days) == ("occasional", "A", 1)
    assert said(one, "sessions at the fixed gap of a machine, which do not count as use: 144")


@pytest.mark.parametrize(("spread", "usage"), [(47, "regular"), (1, "machine")])
def test_the_same_minute_every_day(spread: int, usage: str, tmp_path: Path) -> None:
    """Within the minute a person keeps a habit; to the second a program does."""
    days = [f"Oct {day:2}" for day in range(1, 15)]
    lines = [
        line
        for n, day in enumerate(days)
        for line in fetches(day, 8 * HOUR + n * 37 % spread, 1, seen(n))
    ]  # fmt: skip
    assert boss(tmp_path, lines).usage_class == usage


def test_a_fetching_program_that_removes_is_a_machine(tmp_path: Path) -> None:
    r"""It sets \Seen, \Deleted and expunges what it fetched, every twenty minutes."""
    lines = []
    for n, second in enumerate(range(0, 8 * HOUR, 1200)):
        does = (seen(n), seen(n, "\\Deleted \\Seen", action="delete"), seen(n, "\\Deleted \\Seen", action="expunge"))
        lines += fetches("Oct  5", second, 1, *does)
    one = boss(tmp_path, lines)
    assert (one.usage_class, one.rung) == ("machine", "C")
    assert said(one, "marks or removals by a program that fetches at a fixed gap, which do not count as use: 72")


def test_who_reads_on_a_telephone_that_looks_at_a_fixed_gap_is_a_person(tmp_path: Path) -> None:
    """It fetches without a mark; what was read meanwhile is marked at its next turn, beside what it fetches then."""
    lines = []
    for n, second in enumerate(range(0, 12 * HOUR, 900)):
        lines += fetches("Oct  5", second, 1, *([seen(n)] if n in (20, 31) else []))
    one = boss(tmp_path, lines)
    assert (one.usage_class, one.rung, one.opened) == ("occasional", "A", 2)


def test_backup_goes_through_all_mailboxes(tmp_path: Path) -> None:
    """One message fetched from each, every night: nobody's evidence, and nobody's machine."""
    people = [BOSS, DEPUTY, CLERK, CLERK2, *(f"khac{n}@tp.example.gov.vn" for n in range(8))]
    lines = []
    for day in DAYS:
        second = 2 * HOUR
        for who in people:
            lines += fetches(day, second, 1, who=who, address="10.0.0.99")
            second += 5
    measured = audit(tmp_path, lines)
    assert {official(measured, box).usage_class for box in (BOSS, DEPUTY, CLERK)} == {"none"}
    one = official(measured, BOSS)
    assert (one.rung, one.logins) == (None, 5)
    assert said(one, "goes through many mailboxes (backup, migration, monitoring), which are not this person's: 5")


def test_webmail_in_the_morning_is_no_round(tmp_path: Path) -> None:
    """Twelve people one after the other at one address, who open what they came for."""
    people = [BOSS, DEPUTY, CLERK, CLERK2, *(f"khac{n}@tp.example.gov.vn" for n in range(8))]
    lines = []
    for n, who in enumerate(people):
        lines += fetches("Oct  5", 8 * HOUR + 5 * n, 1, seen(n), who=who, address="127.0.0.1")
    one = boss(tmp_path, lines)
    assert (one.usage_class, one.rung) == ("occasional", "A")
    assert said(one, "acts through the server's webmail")


def scans(count: int = 36, address: str = "10.0.0.50") -> list[str]:
    lines = []
    for n in range(count):
        at = clock(DAYS[n % 5], 8 * HOUR + n * 1033 + n * n % 91)
        lines += submitted(at, f"AB{n:010X}", BOSS, CLERK, address=address)
    return lines


def test_a_scanner_sends_and_nobody_reads_there(tmp_path: Path) -> None:
    one = boss(tmp_path, [*arrives("Oct  5", HOUR), *scans()])
    assert (one.sent, one.usage_class, one.rung) == (36, "machine", "D")
    assert said(one, "messages that a scanner or a program sent, which do not count as use: 36")


def test_who_reads_where_they_send_from_is_a_person(tmp_path: Path) -> None:
    """One log-in from that address in the whole time is enough."""
    lines = session("Oct  5 07:00:00", "Oct  5 07:00:09", BOSS, 5, address="10.0.0.50")
    assert boss(tmp_path, [*arrives("Oct  5", HOUR), *scans(), *lines]).usage_class == "regular"


def test_who_reads_at_the_same_time_elsewhere_is_a_person(tmp_path: Path) -> None:
    """Log-ins come by a proxy or by IPv6, submissions do not: they still lie together."""
    lines = [line for day in DAYS for line in session(f"{day} 06:00:00", f"{day} 22:00:00", BOSS, next(_numbers))]
    assert boss(tmp_path, [*arrives("Oct  5", HOUR), *scans(), *lines]).usage_class == "regular"


def test_where_log_ins_are_not_shown_nothing_is_said_of_scanners(tmp_path: Path) -> None:
    assert boss(tmp_path, scans()).usage_class == "regular"


def test_a_filter_that_marks_on_arrival_reads_nothing(tmp_path: Path) -> None:
    lines, marks = [], []
    for n, second in enumerate((1 * HOUR, 9 * HOUR, 12 * HOUR, 15 * HOUR + 7, 20 * HOUR, 23 * HOUR)):
        lines += arrives("Oct  5", second)
        marks.append((second + 3, seen(n)))
    who = f"imap({BOSS})<7><s7>: "
    whole = session("Oct  5 00:00:00", "Oct  5 23:59:00", BOSS, 7)
    lines += [f"{clock('Oct  5', second)} mail dovecot: {who}{words}" for second, words in marks]
    one = boss(tmp_path, [*lines, *whole])
    assert (one.usage_class, one.rung, one.active_days) == ("machine", "C", 0)
    assert said(one, "the moment they arrived (a filter), which does not count as reading: 6")


def test_in_a_crowd_of_arrivals_a_mark_follows_one_by_chance(tmp_path: Path) -> None:
    """Alarms come every fifteen seconds; somebody opens some of them in the morning."""
    lines = [line for second in range(0, 4 * HOUR, 15) for line in arrives("Oct  5", 8 * HOUR + second)]
    who = f"imap({BOSS})<7><s7>: "
    lines += session("Oct  5 08:00:00", "Oct  5 12:00:00", BOSS, 7)
    for n in range(40):
        lines.append(f"{clock('Oct  5', 8 * HOUR + 100 + n * 301 - n * 301 % 15)} mail dovecot: {who}{seen(n)}")
    one = boss(tmp_path, lines)
    assert (one.usage_class, one.rung) == ("occasional", "A")


def test_part_of_a_webmail_s_people_is_no_round(tmp_path: Path) -> None:
    """Where marks are not written: a dozen come one after the other, of many more who come there."""
    lines = []
    for n in range(12):
        who = (BOSS, DEPUTY, CLERK, CLERK2)[n] if n < 4 else f"khac{n}@tp.example.gov.vn"
        lines += fetches("Oct  5", 8 * HOUR + 5 * n, 1, who=who, address="10.0.0.30")
    for n in range(20, 45):
        lines += fetches("Oct  6", 8 * HOUR + 100 * n, 1, who=f"khac{n}@tp.example.gov.vn", address="10.0.0.30")
    one = official(audit(tmp_path, lines, servers=False), BOSS)
    assert (one.active_days, one.rung) == (1, "B")


@pytest.mark.parametrize(
    ("flags", "rung"), [("NonJunk", "C"), ("\\Recent $NotJunk", "C"), ("\\Flagged", "B"), ("\\Seen NonJunk", "A")]
)
def test_labels_that_programs_set(flags: str, rung: str, tmp_path: Path) -> None:
    assert boss(tmp_path, fetches("Oct  5", 8 * HOUR, 0, seen(1, flags))).rung == rung


def test_what_expires_is_not_thrown_away(tmp_path: Path) -> None:
    """Dovecot removes old messages when a telephone's session ends: no mark, no move."""
    one = boss(tmp_path, fetches("Oct  5", 8 * HOUR, 0, seen(1, "\\Seen", box="Trash", action="expunge")))
    assert (one.usage_class, one.rung) == ("machine", "C")
    assert said(one, "old messages that the server removed by itself")


def test_a_message_that_leaves_the_inbox_was_taken_out_by_somebody(tmp_path: Path) -> None:
    """A server whose log leaves out copies writes only this of a move."""
    assert boss(tmp_path, fetches("Oct  5", 8 * HOUR, 0, seen(1, "\\Seen", action="expunge"))).rung == "A"


def test_what_is_moved_is_an_act(tmp_path: Path) -> None:
    does = (seen(1, "\\Seen", box="Trash", action="copy from INBOX"), seen(4, "\\Seen", action="expunge"))
    assert boss(tmp_path, fetches("Oct  5", 8 * HOUR, 0, *does)).rung == "A"


@pytest.mark.parametrize(("saves", "usage"), [(40, "machine"), (3, "occasional")])
def test_an_import_into_a_mailbox(saves: int, usage: str, tmp_path: Path) -> None:
    does = [seen(n, box="Sent", action="save") for n in range(saves)]
    assert boss(tmp_path, fetches("Oct  5", 2 * HOUR, 0, *does)).usage_class == usage


def test_a_report_from_the_station_of_somebody_who_writes(tmp_path: Path) -> None:
    """Every two hours on the second, and the person's own at odd times, from one address."""
    moments = [(day, hour * HOUR + 2) for day in DAYS for hour in range(0, 24, 2)]
    own = [("Oct  6", 34_830 + n * 780) for n in range(30)]
    lines = [
        line
        for n, (day, second) in enumerate([*moments, *own])
        for line in submitted(clock(day, second), f"CD{n:010X}", BOSS, "x@out.test")
    ]
    one = boss(tmp_path, lines)
    assert (one.sent, one.active_days, one.usage_class) == (90, 1, "occasional")
    assert said(one, "mail sent on a schedule, which does not count as use: 60")


def redirected(number: int, target: str) -> str:
    return (
        f"Oct  5 08:00:{number:02} mail dovecot: lmtp({BOSS})<1><f{number}>: sieve: msgid=<f{number}@out.test>: "
        f"redirect action: forwarded to <{target}>"
    )


def test_private_mail_and_another_official_s(tmp_path: Path) -> None:
    one = boss(tmp_path, [redirected(n, PRIVATE) for n in range(4)])
    assert (one.usage_class, one.rung) == ("forwarded", "D")
    inside = boss(tmp_path, [redirected(n, CLERK) for n in range(4)])
    assert inside.usage_class == "delegated"
    assert said(inside, "not to a private one: 4")


def test_a_rule_that_picks_out_a_newsletter_forwards_nothing_else(tmp_path: Path) -> None:
    lines = [redirected(1, PRIVATE)] + [line for n in range(9) for line in arrives("Oct  5", n * HOUR)]
    one = boss(tmp_path, lines)
    assert one.usage_class == "none"
    assert said(one, "messages that a standing rule forwarded to gmail.test: 1")


def test_a_message_forwarded_by_hand_is_the_person_s(tmp_path: Path) -> None:
    lines = [
        line
        for n, day in enumerate(DAYS)
        for line in submitted(clock(day, 30_000 + n * 1111), f"EF{n:010X}", BOSS, PRIVATE)
    ]
    one = boss(tmp_path, lines)
    assert (one.usage_class, one.sent_external) == ("regular", 5)
    assert not said(one, "standing rule")


def test_an_automatic_answer_is_nobody_s(tmp_path: Path) -> None:
    line = (
        f"Oct  5 08:00:00 mail dovecot: lmtp({BOSS})<1><v1>: sieve: msgid=<v1@out.test>: "
        "vacation action: sent vacation response to <dan@out.test>"
    )
    one = boss(tmp_path, [line])
    assert (one.usage_class, one.rung, one.sent) == ("machine", "D", 0)
    assert [reason.vi for reason in one.reasons] == ["1 thư trả lời tự động, không tính là người dùng"]


def test_the_administrator_and_the_delivery_are_not_the_owner(tmp_path: Path) -> None:
    """doveadm's changes, and a message that a rule stores as read already."""
    lines = [
        f"Oct  5 08:00:00 mail dovecot: doveadm({BOSS})<1><s1>: {seen(1)}",
        f"Oct  5 08:00:01 mail dovecot: lmtp({BOSS})<1><s2>: {seen(2, action='save')}",
        sent("Oct  5 08:00:02", "15CC220C006", BOSS, reply="250 2.0.0 <x> s2 Saved"),
    ]
    one = boss(tmp_path, lines)
    assert (one.usage_class, one.rung, one.opened) == ("none", None, 0)
