"""Schedules, stations, refusals: what is not the person's own act."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mail_audit.small_town import BOSS, CLERK, CLERK2, DAYS, DEPUTY, audit, official, seen, session, submitted


def clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}:{second % 60:02}"


def sends(moments: list[tuple[str, int]], user: str = BOSS, address: str = "10.0.0.7", sender: str = "") -> list[str]:
    """A message at each (day, second of the day)."""
    return [
        line
        for n, (day, second) in enumerate(moments)
        for line in submitted(
            f"{day} {clock(second)}", f"{abs(hash((user, day, second, n))):X}"[:12], user, "x@out.test",
            address=address, sender=sender,
        )
    ]  # fmt: skip


HOURLY = [("Oct  5", hour * 3600 + 2 + hour % 2) for hour in range(24)]


def test_a_report_every_hour_is_a_schedule(tmp_path: Path) -> None:
    one = official(audit(tmp_path, sends(HOURLY)), BOSS)
    assert (one.sent, one.usage_class, one.rung, one.active_days) == (24, "machine", "D", 0)


def test_a_daily_task_keeps_its_second(tmp_path: Path) -> None:
    one = official(audit(tmp_path, sends([(day, 6 * 3600 + 1800) for day in DAYS])), BOSS)
    assert (one.sent, one.usage_class) == (5, "machine")


def test_ten_messages_at_once_are_no_schedule(tmp_path: Path) -> None:
    """An invitation to ten people, one by one, in one minute; and again in the afternoon."""
    at_once = [("Oct  5", 8 * 3600 + n) for n in range(10)] + [("Oct  5", 14 * 3600 + 333 + n) for n in range(10)]
    one = official(audit(tmp_path, sends(at_once)), BOSS)
    assert (one.sent, one.usage_class, one.rung) == (20, "occasional", "A")


def test_a_person_who_writes_at_odd_times(tmp_path: Path) -> None:
    moments = [(day, 8 * 3600 + n * 1733 + number * 97) for number, day in enumerate(DAYS) for n in range(4)]
    one = official(audit(tmp_path, sends(moments)), BOSS)
    assert (one.sent, one.usage_class, one.active_days) == (20, "regular", 5)


def test_a_person_beside_a_schedule(tmp_path: Path) -> None:
    """A station of its own sends every hour; the person's own messages count."""
    lines = sends(HOURLY, address="10.0.0.99") + sends([("Oct  6", 34567)])
    one = official(audit(tmp_path, lines), BOSS)
    assert (one.sent, one.usage_class, one.active_days) == (25, "occasional", 1)


def desk(user: str, day: str, second: int, number: int, address: str) -> list[str]:
    """Somebody reads one message at a station."""
    start, end = f"{day} {clock(second)}", f"{day} {clock(second + 60)}"
    return session(start, end, user, number, seen(number), address=address, bodies=(1, 3000))


def at_the_clerk_s_station(leader: str, clerk: str, address: str, *, together: bool = True) -> list[str]:
    """Every day the clerk works, and the leader's mailbox is read at the same place (some minutes or hours later)."""
    lines = []
    for n, day in enumerate(DAYS):
        later = 300 if together else 5 * 3600
        lines += desk(clerk, day, 8 * 3600 + n * 77, 100 + n, address)
        lines += desk(leader, day, 8 * 3600 + n * 77 + later, 200 + n, address)
    return lines


def test_a_clerk_in_a_leader_s_mailbox(tmp_path: Path) -> None:
    measured = audit(tmp_path, at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20"))
    boss, clerk = official(measured, BOSS), official(measured, CLERK)
    assert (boss.usage_class, boss.active_days, boss.opened) == ("delegated", 0, 5)
    assert (clerk.usage_class, clerk.active_days) == ("regular", 5)
    assert any("Phạm Cúc" in reason.en for reason in boss.reasons)


def test_a_leader_who_also_acts_elsewhere(tmp_path: Path) -> None:
    """The clerk's acts stay the clerk's; the leader's own on the telephone count."""
    lines = at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20") + desk(BOSS, "Oct  6", 70_000, 300, "10.9.0.1")
    boss = official(audit(tmp_path, lines), BOSS)
    assert (boss.usage_class, boss.active_days) == ("occasional", 1)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_webmail_on_the_server_is_nobody_s_station(address: str, tmp_path: Path) -> None:
    boss = official(audit(tmp_path, at_the_clerk_s_station(BOSS, CLERK, address)), BOSS)
    assert (boss.usage_class, boss.active_days) == ("regular", 5)


def test_an_office_behind_one_address_is_nobody_s_station(tmp_path: Path) -> None:
    lines = at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20") + at_the_clerk_s_station(DEPUTY, CLERK2, "10.0.0.20")
    measured = audit(tmp_path, [line.replace("<s1", "<t1") if CLERK2 in line else line for line in lines])
    assert {official(measured, box).usage_class for box in (BOSS, DEPUTY, CLERK)} == {"regular"}


def test_two_leaders_who_share_a_room(tmp_path: Path) -> None:
    measured = audit(tmp_path, at_the_clerk_s_station(BOSS, DEPUTY, "10.0.0.20"))
    assert (official(measured, BOSS).usage_class, official(measured, DEPUTY).usage_class) == ("regular", "regular")


def test_acts_hours_apart_at_one_station(tmp_path: Path) -> None:
    """Not among the clerk's acts: the leader sits there in the afternoon."""
    lines = at_the_clerk_s_station(BOSS, CLERK, "10.0.0.20", together=False)
    assert official(audit(tmp_path, lines), BOSS).usage_class == "regular"


def test_mail_in_a_leader_s_name_under_the_clerk_s_log_in(tmp_path: Path) -> None:
    lines = sends([(day, 30_000 + n * 1111) for n, day in enumerate(DAYS)], CLERK, sender=BOSS)
    measured = audit(tmp_path, lines)
    boss, clerk = official(measured, BOSS), official(measured, CLERK)
    assert (boss.sent, boss.usage_class) == (0, "delegated")
    assert (clerk.sent, clerk.usage_class) == (5, "regular")


FAILED = (
    "Oct  5 08:00:0{n} mail dovecot: imap-login: Disconnected: Aborted login by logging out "
    "(auth failed, {count} attempts in 9 secs): user=<{user}>, method=, rip=10.0.0.66, lip=::1, session=<{session}>"
)
VERBOSE = "Oct  5 08:00:0{n} mail dovecot: auth: passwd-file({user},10.0.0.66{session}): Password mismatch"
WARNING = (
    "Oct  5 08:00:0{n} mail postfix/smtpd[1]: warning: unknown[10.0.0.66]: SASL PLAIN authentication failed: "
    "(reason unavailable){name}"
)


def refused(folder: Path, *lines: str) -> tuple[int | None, int | None]:
    measured = audit(folder, lines)
    return official(measured, BOSS).failed_logins, official(measured, CLERK).failed_logins


def test_a_connection_tells_how_many_attempts(tmp_path: Path) -> None:
    assert refused(tmp_path, FAILED.format(n=1, count=3, user=BOSS, session="a")) == (3, 0)


def test_each_attempt_once_with_auth_verbose(tmp_path: Path) -> None:
    """Three attempts at two names in one connection: the lines with names tell whose, the sum is three."""
    lines = [
        VERBOSE.format(n=1, user=CLERK, session=",<a>"),
        VERBOSE.format(n=2, user=BOSS, session=",<a>"),
        FAILED.format(n=3, count=3, user=BOSS, session="a"),
    ]
    assert refused(tmp_path, *lines) == (2, 1)


def test_each_attempt_once_over_smtp(tmp_path: Path) -> None:
    """smtpd and the auth service speak of the same two attempts."""
    lines = [VERBOSE.format(n=n, user=BOSS, session="") for n in (1, 2)]
    lines += [WARNING.format(n=n, name=f", sasl_username={BOSS}") for n in (1, 2)]
    assert refused(tmp_path, *lines) == (2, 0)
    assert refused(tmp_path, *lines[2:]) == (2, 0)


def test_an_older_postfix_does_not_say_whose(tmp_path: Path) -> None:
    lines = [VERBOSE.format(n=1, user=BOSS, session=""), WARNING.format(n=1, name="")]
    assert refused(tmp_path, *lines) == (1, 0)
    assert refused(tmp_path, lines[1]) == (0, 0)


def test_a_look_up_for_a_delivery_is_no_attempt(tmp_path: Path) -> None:
    line = f"Oct  5 08:00:01 mail dovecot: auth: passwd-file({BOSS},127.0.0.1): unknown user"
    assert refused(tmp_path, line) == (0, 0)


def test_names_that_are_nearly_the_mailbox(tmp_path: Path) -> None:
    lines = [
        FAILED.format(n=n, count=1, user=BOSS + tail, session=f"a{n}")
        for n, tail in enumerate((" ", "?", "??", "\x00"))
    ]
    assert refused(tmp_path, *lines) == (0, 0)


def test_refused_log_ins_are_never_use(tmp_path: Path) -> None:
    measured = audit(tmp_path, [FAILED.format(n=1, count=99, user=BOSS, session="a")])
    boss = official(measured, BOSS)
    assert (boss.usage_class, boss.rung, boss.active_days, boss.logins) == ("none", None, 0, 0)
