"""Behind the recipients of what somebody sent: the message's line, and the last line about each recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mail_audit.explain import ExplainedFigure, explain, of_audit
from tests.mail_audit.small_town import BOSS, CLERK, audit

PLACE = "Oct  5 08:00"
MESSAGE = (
    (
        f"{PLACE}:00 mail postfix/submission/smtpd[10]: 4AbCd0123zXy: client=unknown[10.0.0.7], sasl_method=PLAIN, "
        f"sasl_username={CLERK}"
    ),
    f"{PLACE}:00 mail postfix/cleanup[11]: 4AbCd0123zXy: message-id=<a@tp.example.gov.vn>",
    f"{PLACE}:00 mail postfix/qmgr[12]: 4AbCd0123zXy: from=<{CLERK}>, size=2100, nrcpt=5 (queue active)",
    (
        f"{PLACE}:01 mail postfix/lmtp[13]: 4AbCd0123zXy: to=<{BOSS}>, orig_to=<giamdoc@tp.example.gov.vn>, "
        "relay=mail[private/dovecot-lmtp], delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, "
        "status=sent (250 2.0.0 <gd> A Saved)"
    ),
    (
        f"{PLACE}:02 mail postfix/smtp[14]: 4AbCd0123zXy: to=<dan@gmail.test>, relay=none, delay=2, delays=0.1/0/2/0, "
        "dsn=4.4.1, status=deferred (connect to mx.gmail.test[192.0.2.1]:25: Connection timed out)"
    ),
    (
        f"{PLACE}:02 mail postfix/smtp[15]: 4AbCd0123zXy: to=<ai@yahoo.test>, relay=mx.yahoo.test[192.0.2.2]:25, "
        "delay=1, delays=0/0/1/0, dsn=5.1.1, "
        "status=bounced (host mx.yahoo.test[192.0.2.2] said: 550 5.1.1 no such user)"
    ),
    (
        f"{PLACE}:02 mail postfix/lmtp[13]: 4AbCd0123zXy: to=<pgd@tp.example.gov.vn>, "
        "relay=mail[private/dovecot-lmtp], delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, "
        "status=sent (250 2.0.0 <pgd> B Saved)"
    ),
    f"Oct  5 08:31:00 mail postfix/qmgr[12]: 4AbCd0123zXy: from=<{CLERK}>, size=2100, nrcpt=5 (queue active)",
    (
        "Oct  5 08:31:03 mail postfix/smtp[16]: 4AbCd0123zXy: to=<dan@gmail.test>, relay=mx.gmail.test[192.0.2.1]:25, "
        "delay=1863, delays=1860/0/1/2, dsn=2.0.0, status=sent (250 2.0.0 OK 1759 x-gsmtp)"
    ),
    "Oct  5 08:31:03 mail postfix/qmgr[12]: 4AbCd0123zXy: removed",
)
UNSEEN = (
    (
        "Oct  6 09:00:00 mail postfix/submission/smtpd[10]: 4AbCe0123zXz: client=unknown[10.0.0.7], sasl_method=PLAIN, "
        f"sasl_username={CLERK}"
    ),
    f"Oct  6 09:00:00 mail postfix/qmgr[12]: 4AbCe0123zXz: from=<{CLERK}>, size=2100, nrcpt=3 (queue active)",
)
"""A message whose deliveries stand in another log."""


def figures(folder: Path, lines: Sequence[str], mailbox: str = CLERK) -> Mapping[str, ExplainedFigure]:
    whole = of_audit(audit(folder, lines), "Asia/Ho_Chi_Minh")
    return {one.name: one for one in explain(whole, mailbox, "Asia/Ho_Chi_Minh")}


def shown(figure: ExplainedFigure) -> list[tuple[str, int]]:
    return [(one.line, one.stands_for) for one in figure.lines]


def test_each_recipient_has_the_last_line_about_it(tmp_path: Path) -> None:
    found = figures(tmp_path, MESSAGE)
    recipients = found["sent_recipients"]
    assert recipients.value == sum(one.stands_for for one in recipients.lines) == 4
    assert shown(recipients) == [(MESSAGE[0], 0), *((MESSAGE[number], 1) for number in (3, 5, 6, 8))]
    assert {f"{one.at:%H:%M}" for one in recipients.lines} == {"08:00"}, "they belong to the message's day"
    outside = found["sent_external"]
    assert outside.value == 2
    assert shown(outside) == [(MESSAGE[0], 0), (MESSAGE[5], 1), (MESSAGE[8], 1)]
    assert "4 recipients, 2 of them outside" in outside.lines[0].words.en
    assert "delivered to one recipient" in outside.lines[1].words.en
    assert "The recipient is outside." in outside.lines[1].words.en
    assert found["sent"].value == len(found["sent"].lines) == 1


def test_a_message_without_deliveries_counts_what_it_was_queued_for(tmp_path: Path) -> None:
    found = figures(tmp_path, [*MESSAGE, *UNSEEN])["sent_recipients"]
    assert found.value == 7
    assert shown(found)[-1] == (UNSEEN[0], 3)


def test_who_received_sees_the_own_line_only(tmp_path: Path) -> None:
    found = figures(tmp_path, MESSAGE, BOSS)
    assert (found["sent_recipients"].value, found["sent_recipients"].lines) == (0, ())
    assert shown(found["received"]) == [(MESSAGE[3], 1)]


def test_delivered_after_midnight_it_counts_on_the_day_it_was_sent(tmp_path: Path) -> None:
    late = [line.replace("Oct  5 08:31", "Oct  6 00:31") for line in MESSAGE]
    recipients = figures(tmp_path, late)["sent_recipients"]
    assert {one.at.day for one in recipients.lines} == {5}
    assert shown(recipients)[-1] == (late[8], 1)
    assert recipients.value == 4
