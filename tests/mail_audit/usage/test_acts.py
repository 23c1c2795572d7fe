"""What each client behaviour is evidence of: the rung of its session, and whether a message was opened.

The behaviours are those a real Dovecot 2.3.19 was seen to log, written anew with the town's names.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.mail_audit.small_town import BOSS, audit, official, seen, session

SAVED = "save: box=Sent, uid=1, msgid=<r@x.test>, size=900, flags=(\\Seen)"
BEHAVIOURS: dict[str, tuple[tuple[str, ...], tuple[int, int], str, int]] = {
    # name: mail_log's words, (bodies, bytes), strongest rung, messages opened
    "log in and out": ((), (0, 0), "D", 0),
    "one whole body": ((), (1, 2998), "B", 0),
    "a few at a reader's pace": ((), (5, 15002), "B", 0),
    "previews": ((), (5, 500), "C", 0),
    "open one": ((seen(1),), (1, 2998), "A", 1),
    "open one from the cache": ((seen(1),), (0, 0), "A", 1),
    "open the same twice": ((seen(1), seen(1, ""), seen(1)), (1, 2998), "A", 1),
    "open one and mark it with a label": ((seen(1), seen(1, "\\Seen $Label1")), (1, 2600), "A", 1),
    "the same number in two folders": ((seen(1), seen(1, box="Luu tru")), (2, 6000), "A", 2),
    "answer one": ((seen(1), SAVED, seen(1, "\\Answered \\Seen")), (1, 2998), "A", 1),
    "mark as unread": ((seen(1, "\\Recent"),), (0, 0), "B", 0),
    "delete and expunge": (
        (seen(1, "\\Deleted", action="delete"), seen(1, "\\Deleted", action="expunge")),
        (0, 0),
        "A",
        0,
    ),
    "save to Sent": ((SAVED,), (0, 0), "A", 0),
    "save a draft": ((SAVED.replace("Sent", "Drafts"),), (0, 0), "B", 0),
    "move a read message": ((seen(4, action="copy from INBOX", box="Luu tru"),), (0, 0), "B", 0),
    "fetch everything": ((), (200, 600_000), "C", 0),
    "twenty bodies": ((), (20, 60_000), "C", 0),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_behaviour(name: str, tmp_path: Path) -> None:
    does, bodies, rung, opened = BEHAVIOURS[name]
    one = official(audit(tmp_path, session("Oct  5 08:00:00", "Oct  5 08:10:00", BOSS, 7, *does, bodies=bodies)), BOSS)
    assert (one.rung, one.opened, one.logins) == (rung, opened, 1)
    assert one.active_days == (1 if rung in "AB" else 0)
    assert one.usage_class == ("occasional" if rung in "AB" else "machine")


def test_headers_only_are_weak(tmp_path: Path) -> None:
    lines = [
        line.replace("hdr_count=0", "hdr_count=5") for line in session("Oct  5 08:00:00", "Oct  5 08:10:00", BOSS, 7)
    ]
    assert official(audit(tmp_path, lines), BOSS).rung == "C"


@pytest.mark.parametrize(("seconds", "rung"), [(9, "C"), (10, "B")])
def test_the_pace_of_a_person(seconds: int, rung: str, tmp_path: Path) -> None:
    """Five bodies in ten seconds can be read over; faster is a program."""
    lines = session("Oct  5 08:00:00", f"Oct  5 08:00:{seconds:02}", BOSS, 7, bodies=(5, 15_000))
    assert official(audit(tmp_path, lines), BOSS).rung == rung


@pytest.mark.parametrize(("retrieved", "rung"), [(0, "D"), (2, "C")])
def test_pop3(retrieved: int, rung: str, tmp_path: Path) -> None:
    """What POP3 downloads, nobody need have looked at; what it deletes, a program deleted."""
    who = f"Oct  5 08:00:01 mail dovecot: pop3({BOSS})<7><s7>: "
    lines = [
        (f"Oct  5 08:00:00 mail dovecot: pop3-login: Login: user=<{BOSS}>, method=PLAIN, rip=10.0.0.7, lip=10.0.0.1, "
        "mpid=7, TLS, session=<s7>"),
        who + seen(1, "\\Deleted", action="expunge"),
        who + f"Disconnected: Logged out top=0/0, retr={retrieved}/6033, del=1/4, size=12001",
    ]  # fmt: skip
    one = official(audit(tmp_path, lines), BOSS)
    assert (one.usage_class, one.rung, one.opened) == ("machine", "C", 0)
    assert official(audit(tmp_path, [lines[0], lines[2]]), BOSS).rung == rung


def test_a_session_without_counters_is_unknown(tmp_path: Path) -> None:
    """2.2: there was a session and nobody wrote what was done: unknown, not a machine and not nobody."""
    lines = [
        f"Oct  5 08:00:00 mail dovecot: imap-login: Login: user=<{BOSS}>, method=PLAIN, rip=10.0.0.7, lip=10.0.0.1",
        f"Oct  5 08:10:00 mail dovecot: imap({BOSS}): Disconnected: Logged out in=120 out=757",
    ]
    measured = audit(tmp_path, lines, servers=False)
    one = official(measured, BOSS)
    assert (one.usage_class, one.rung, one.opened) == ("unknown", "U", None)
    said = [note.en for note in measured.report.coverage.cannot_tell]
    assert any(note.startswith("fetching: the server does not write") for note in said)


def test_a_format_of_2_3_kept_in_2_4_is_a_fault_of_configuration(tmp_path: Path) -> None:
    lines = [
        (
            f"Oct  5 08:00:00 mail dovecot: imap-login: Logged in: user=<{BOSS}>, method=PLAIN, rip=10.0.0.7, lip=::1, "
            "session=<s7>"
        ),
        f"Oct  5 08:10:00 mail dovecot: imap({BOSS})<7><s7>: Disconnected: Logged out in=%i out=%o",
    ]
    measured = audit(tmp_path, lines, servers=False)
    assert official(measured, BOSS).usage_class == "unknown"
    assert any("imap_logout_format" in note.en for note in measured.report.coverage.cannot_tell)


def test_an_lmtp_delivery_opens_nothing(tmp_path: Path) -> None:
    lines = [f"Oct  5 08:00:00 mail dovecot: lmtp({BOSS})<7><s7>: {seen(1, action='save')}"]
    one = official(audit(tmp_path, lines), BOSS)
    assert (one.opened, one.rung, one.usage_class) == (0, None, "none")


def poll(
    gap: int, count: int, jitter: int = 0, address: str = "10.0.0.8", bodies: tuple[int, int] = (0, 0)
) -> list[str]:
    lines = []
    for n in range(count):
        second = 8 * 3600 + n * gap + (jitter * ((n * 7) % 5 - 2))
        stamp = f"{second // 3600:02}:{second % 3600 // 60:02}:{second % 60:02}"
        lines += session(f"Oct  5 {stamp}", f"Oct  5 {stamp}", BOSS, 1000 + n, address=address, bodies=bodies)
    return lines


@pytest.mark.parametrize(
    ("gap", "count", "jitter", "rung"),
    [
        (600, 20, 0, "C"),  # each poll fetches one whole message, as a reader would: a fixed gap tells
        (600, 20, 10, "C"),
        (600, 5, 0, "B"),  # too few to call them a poller
        (600, 20, 250, "B"),  # as a person comes and goes
        (5, 20, 0, "B"),  # one client that opens several connections
    ],
)
def test_pollers(gap: int, count: int, jitter: int, rung: str, tmp_path: Path) -> None:
    one = official(audit(tmp_path, poll(gap, count, jitter, bodies=(1, 3000))), BOSS)
    assert (one.rung, one.logins) == (rung, count)
    assert one.usage_class == ("machine" if rung == "C" else "occasional")


def test_a_poller_hides_nobody(tmp_path: Path) -> None:
    """A telephone polls all day, the same person reads once at a desk: the person counts."""
    lines = [*poll(600, 50), *session("Oct  5 09:00:10", "Oct  5 09:05:00", BOSS, 1, seen(1), bodies=(1, 3000))]
    one = official(audit(tmp_path, lines), BOSS)
    assert (one.usage_class, one.rung, one.active_days) == ("occasional", "A", 1)


def test_a_line_stands_for_one_act(tmp_path: Path) -> None:
    """Every act has its place."""
    lines = session("Oct  5 08:00:00", "Oct  5 08:10:00", BOSS, 7, seen(1), SAVED, bodies=(1, 3000))
    acts = audit(tmp_path, lines).measurement.acts.filter(pl.col("mailbox") == BOSS)
    assert sorted(acts["kind"]) == ["logged_in", "opened", "read_session", "saved_to_sent"]
    assert acts.select("file", "offset").n_unique() == 4
