"""Every line of the sample has the shape of a line a real server wrote, in each of Dovecot's five spellings."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from mail_audit.sample import Truth, Volume, build
from mail_audit.sample.postoffice import SUBJECTS
from mail_audit.sample.spelling import VERSIONS, Version
from mail_audit.sample.troubles import HOSTILE_IDS, HOSTILE_USERS
from tests.mail_audit.sample.conftest import Sample
from tests.mail_audit.sample.counting import count

HERE = Path(__file__).parent
OUTSIDE_TEXT = (
    *(form for forms in HOSTILE_IDS for form in forms if form),
    *HOSTILE_USERS,
    *SUBJECTS,
    "<x>: saved mail to INBOX sasl_username=b@tp.example.gov.vn>",
    "<a b, client=unknown[1.2.3.4], sasl_method=PLAIN, sasl_username=b@tp.example....",
    "Xin chao",
)
"""What outsiders put into lines: taken out first, the longest first, so that only the server's own words are left."""
STEPS = (
    (r", from=[^,]+, subject=\S+(, flags=|$)", r"\1"),
    (r"\(auth failed, .*", "(auth failed"),
    (r"(sasl_username=|auth_username_chars: |passwd-file\().*", r"\1"),
    (r"<[^>]*>", "<>"),
    (r"<>(,<>)+", "<>"),
    (r"[\w.-]+\[private/dovecot-lmtp\]", "HOST"),
    (r"[\w.-]*\[[\d.]+\](:\d+)?", "HOST"),
    (r"<> [\w+/]{22}(:R\d+)? Saved", "<> SESSION Saved"),
    (r"[\w.-]+@[\w.-]*\w", "ADDRESS"),
    (r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+", "DAY"),
    (r"[\w.@/+-]*\d[\w.@/+-]*", "N"),
    (r" (from|to) (local|N)\b", r" \1 PEER"),
    (r"\\Seen \\Recent|\\Answered \\Seen|\\Answered|\\Seen \\Deleted|\\Deleted|\\Seen", "FLAGS"),
    (r"\(N N OK N (- )?gsmtp\)", "(REMOTE)"),
    (r"\b(TLS|secured)\b", "SAFE"),
    (r"SASL (PLAIN|LOGIN)", "SASL"),
)


def shape(line: str) -> str:
    """A line without stamp and host, everything that varies taken out."""
    program, _, text = line[16:].partition(" ")[2].partition(": ")
    for foreign in sorted(OUTSIDE_TEXT, key=len, reverse=True):
        if foreign not in ("<>", "root", "admin"):
            text = text.replace(foreign, "<>" if foreign[0] == "<" else "outside")
    for pattern, instead in STEPS:
        text = re.sub(pattern, instead, text)
    return f"{program.partition('[')[0]}: {text}"


def known() -> set[str]:
    """Shapes of the lines a real Postfix 3.7 and Dovecot 2.3.19 wrote, and of those known from documents."""
    return {
        shape(line)
        for name in ("captured.log", "documented.log")
        for line in (HERE / name).read_text(encoding="utf-8").splitlines()
    }


@pytest.mark.parametrize("which", ["small", "full"])
def test_no_line_has_a_shape_no_server_writes(which: str, request: pytest.FixtureRequest) -> None:
    """The shapes of all lines are among the captured and the documented ones."""
    sample: Sample = request.getfixturevalue(which)
    assert {shape(line) for line in sample.text.splitlines()} - known() == set()


def test_a_line_that_is_slightly_wrong_is_noticed() -> None:
    """The comparison above can fail: other words, another order, a missing field."""
    right = "Oct  5 00:00:03 mail1 postfix/qmgr[812]: 15CC220C006: from=<a@x.test>, size=3, nrcpt=1 (queue active)"
    assert shape(right) in known()
    for wrong in (right.replace("size=3, ", ""), right.replace("queue", "Queue"), right.replace("qmgr", "smtp")):
        assert shape(wrong) not in known()


WORDS: dict[Version, tuple[str, str, str, str]] = {
    "1": (
        r"dovecot: imap-login: Login: user=<\S+>, method=PLAIN, rip=\S+, lip=\S+, TLS$",
        r"dovecot: IMAP\(\S+@\S+\): (Disconnected: Logged out|Disconnected in IDLE) bytes=\d+/\d+$",
        r"dovecot: imap-login: Aborted login \(auth failed, \d attempts\): user=<",
        r"dovecot: deliver\(\S+\): msgid=<\S+>: saved mail to INBOX$",
    ),
    "2.2": (
        r"dovecot: imap-login: Login: user=<\S+>, .*, mpid=\d+, TLS, session=<\S+>$",
        r"dovecot: imap\(\S+@\S+\): (Disconnected: Logged out|Connection closed) in=\d+ out=\d+$",
        r"dovecot: imap-login: Aborted login \(auth failed, \d attempts in \d+ secs\): user=<",
        r"dovecot: lmtp\(\d+, \S+@\S+\): \S+: msgid=<\S+>: saved mail to INBOX$",
    ),
    "2.3": (
        r"dovecot: imap-login: Login: user=<\S+>, .*, mpid=\d+, TLS, session=<\S+>$",
        r"dovecot: imap\(\S+\)<\d+><\S+>: (Logged out|Connection closed \(IDLE.*\)) in=\d+ out=\d+ deleted=\d .*",
        r"dovecot: imap-login: Aborted login \(auth failed, \d attempts in \d+ secs\): user=<",
        r"dovecot: lmtp\(\S+\)<\d+><\S+>: msgid=<\S+>: saved mail to INBOX$",
    ),
    "2.3.15": (
        r"dovecot: imap-login: Login: user=<\S+>, .*, mpid=\d+, TLS, session=<\S+>$",
        r"dovecot: imap\(\S+\)<\d+><\S+>: Disconnected: (Logged out|Connection closed \(IDLE.*\)) in=\d+ out=\d+ .*",
        r"dovecot: imap-login: Disconnected: Aborted login by logging out \(auth failed, \d attempts in \d+ secs\): ",
        r"dovecot: lmtp\(\S+\)<\d+><\S+>: msgid=<\S+>: saved mail to INBOX$",
    ),
    "2.4": (
        r"dovecot: imap-login: Logged in: user=<\S+>, .*, mpid=\d+, TLS, session=<\S+>$",
        r"dovecot: imap\(\S+\)<\d+><\S+>: Disconnected: (Logged out|Connection closed \(IDLE.*\)) in=\d+ out=\d+ .*",
        r"dovecot: imap-login: Login aborted: Logged out \(auth failed, \d attempts in \d+ secs\) \(auth_failed\): ",
        r"dovecot: lmtp\(\S+\)<\d+><\S+>: msgid=<\S+>: saved mail to INBOX$",
    ),
}
ENDS = re.compile(r"dovecot: (imap|IMAP)\([^)]+\)(<\d+><[^>]+>)?: (Disconnected|Logged out|Connection closed)")


def spelled(tmp_path: Path, version: Version, *, mail_log: bool = True) -> tuple[Truth, str]:
    """Four days of the small city in one of Dovecot's spellings."""
    volume = Volume(citizens=0.04, bulletin=0.04, poll_gap=7200, report_hours=12, attacks=8)
    truth = build(tmp_path, first=date(2026, 10, 5), days=4, version=version, mail_log=mail_log, volume=volume)
    return truth, (tmp_path / "logs" / "mail.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_speaks_its_own_words(version: Version, tmp_path: Path) -> None:
    """Log-in, end, refusal and delivery of each version, and no word of another."""
    truth, text = spelled(tmp_path, version)
    login, end, refused, delivered = (re.compile(one) for one in WORDS[version])
    lines = text.splitlines()
    for kind, pattern in (("imap-login: Log", login), ("imap-login: ", refused), ("saved mail to INBOX", delivered)):
        assert any(pattern.search(line) for line in lines if kind in line)
    assert [line for line in lines if ENDS.search(line) and not end.search(line)] == []
    assert ("Logged in:" in text) == (version == "2.4")
    found = count(text)
    for one in truth.officials:
        box = one.mailboxes[0] if one.mailboxes else ""
        if box:
            assert (one.logins, one.failed_logins) == (found.logins[box], found.failed[box])
            assert (one.sent, one.received) == (found.sent[box], found.received[box])
            assert one.opened == (None if version == "1" else found.opened[box])


def test_a_server_that_cannot_tell_leaves_readers_unknown(tmp_path: Path) -> None:
    """Version 2.2 without mail_log counts no body and writes no flag: who only reads is unknown, never absent."""
    truth, text = spelled(tmp_path, "2.2", mail_log=False)
    assert "flag_change" not in text
    assert "body_count" not in text
    readers = [one for one in truth.officials if one.habit in ("reads", "fetches")]
    assert {(one.usage_class, one.rung, one.opened) for one in readers} == {("unknown", "U", None)}
    silent = [one for one in truth.officials if one.habit == "silent"]
    assert {one.usage_class for one in silent} == {"none"}


def test_counters_alone_still_show_readers(tmp_path: Path) -> None:
    """From 2.3 on without mail_log: bodies at human pace are rung B."""
    truth, _ = spelled(tmp_path, "2.3", mail_log=False)
    readers = [one for one in truth.officials if one.habit == "reads"]
    assert {one.rung for one in readers} == {"B"}
    assert {one.opened for one in truth.officials} == {None}


def test_long_queue_ids(tmp_path: Path) -> None:
    """Postfix's long form: no vowels, and not reused within the sample."""
    volume = Volume(citizens=0.04, bulletin=0.04, poll_gap=7200, report_hours=12, attacks=1)
    truth = build(tmp_path, days=2, long_ids=True, volume=volume)
    text = (tmp_path / "logs" / "mail.log").read_text(encoding="utf-8")
    queued = re.findall(r"cleanup\[\d+\]: (\w+): message-id=", text)
    assert len(set(queued)) == len(queued) > 100
    assert all(re.fullmatch(r"[0-9BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz]{12,}", one) for one in queued)
    found = count(text)
    assert all(one.sent == found.sent[one.mailboxes[0]] for one in truth.officials if one.mailboxes)


def test_without_a_filter_a_message_passes_once(tmp_path: Path) -> None:
    """No amavis, no second queue id: as many queue files become active, but the counts stay what they are."""
    volume = Volume(citizens=0.04, bulletin=0.04, poll_gap=7200, report_hours=12, attacks=1)
    truth = build(tmp_path, days=2, filtered=False, volume=volume)
    text = (tmp_path / "logs" / "mail.log").read_text(encoding="utf-8")
    assert "amavis" not in text
    assert "queued as" not in text.replace("queued as 4Xq7", "")
    found = count(text)
    assert all(one.sent == found.sent[one.mailboxes[0]] for one in truth.officials if one.mailboxes)
    assert all(one.received == found.received[one.mailboxes[0]] for one in truth.officials if one.mailboxes)
