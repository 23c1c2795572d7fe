"""Addresses of the own domains that the directory does not know: told one by one up to a number, then together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mail_audit.pipeline import Measured, run
from mail_audit.report.as_json import as_dict
from mail_audit.report.model import Report
from mail_audit.thresholds import Thresholds
from mail_audit.usage.crowd import together
from tests.mail_audit.audited import logged
from tests.mail_audit.small_town import CLERK, town

STRANGERS = 40
FIGURES = ("sent", "received", "logins", "failed_logins")


def lines() -> Iterator[str]:
    """Stranger number n logs in, is refused, sends and receives; the lower the number, the oftener; so does a clerk."""
    for number in range(STRANGERS):
        name = CLERK if number == 3 else f"nobody{number:02}@tp.example.gov.vn"
        for again in range(STRANGERS - number):
            at = f"Oct {5 + again % 2:2} 08:{number:02}:{again:02} mail"
            queue = f"{number:02X}{again:02X}A0B1C2D"
            yield (
                f"{at} dovecot: imap-login: Login: user=<{name}>, method=PLAIN, rip=10.0.0.{number}, lip=10.0.0.1, "
                f"mpid=1, TLS, session=<in{number}a{again}>"
            )
            yield (
                f"{at} dovecot: imap-login: Disconnected (auth failed, 2 attempts in 4 secs): user=<{name}>, "
                f"method=PLAIN, rip=10.0.0.{number}, lip=10.0.0.1, TLS, session=<no{number}a{again}>"
            )
            yield (
                f"{at} postfix/submission/smtpd[2]: {queue}: client=x[10.0.0.{number}], sasl_method=PLAIN, "
                f"sasl_username={name}"
            )
            yield f"{at} postfix/qmgr[3]: {queue}: from=<{name}>, size=900, nrcpt=1 (queue active)"
            yield (
                f"{at} postfix/lmtp[4]: {queue}: to=<{name}>, relay=mail[private/dovecot-lmtp], delay=0.1, "
                "delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <x> ok Saved)"
            )
            yield f"{at} postfix/qmgr[3]: {queue}: removed"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crowd")
    (folder / "mail.log").write_text("".join(f"{line}\n" for line in lines()), "utf-8")
    return folder / "mail.log"


def audited(log: Path, most: int) -> Measured:
    return run(
        [log], town(log.parent), thresholds=Thresholds(unlisted_addresses=most), evidence=log.parent / "e.parquet"
    )


def sums(measured: Measured) -> dict[str, int]:
    return {name: int(measured.days[name].sum()) for name in FIGURES}


def said(report: Report) -> list[str]:
    return [text.en for text in report.coverage.cannot_tell if "not in the directory" in text.en]


def test_as_many_as_there_are_places_are_told_one_by_one(log: Path) -> None:
    whole = audited(log, STRANGERS)
    assert len([one for one in whole.report.unassigned if one.mailbox.startswith("nobody")]) == STRANGERS - 1
    assert said(whole.report) == []
    assert audited(log, STRANGERS - 1).report == whole.report, "the last place is one"


@pytest.mark.parametrize("most", [0, 1, 10])
def test_the_busiest_are_told_and_the_others_counted(log: Path, most: int) -> None:
    """No log-in, message or attempt is lost; the officials' figures stay as they were."""
    whole, some = audited(log, STRANGERS), audited(log, most)
    told = [one for one in some.report.unassigned if one.mailbox.startswith("nobody")]
    known = {one.mailbox: one for one in whole.report.unassigned}
    assert [one.mailbox for one in told] == [
        f"nobody{number:02}@tp.example.gov.vn" for number in range(most + 1) if number != 3
    ][:most]
    assert all(one == known[one.mailbox] for one in told)
    assert some.report.officials == whole.report.officials
    assert some.report.units == whole.report.units
    assert sums(some) == sums(whole)
    assert all(count > 0 for count in sums(whole).values())
    rest = some.days.filter(some.days["mailbox"].str.starts_with("…"))
    assert {together(name) for name in rest["mailbox"]} == {STRANGERS - 1 - most}
    counts = " / ".join(f"{rest[name].sum():,}" for name in FIGURES)
    (sentence,) = said(some.report)
    assert f"the {most} busiest are listed; the others, {STRANGERS - 1 - most} in the month with the most" in sentence
    assert counts in sentence
    assert counts.replace(",", ".") in str(as_dict(some.report, "vi")["coverage"])


def test_who_comes_in_three_months_is_not_three(log: Path, tmp_path: Path) -> None:
    """The same addresses month after month: their number is that of a month, their letters are those of all."""
    october = log.read_text("utf-8")
    text = "".join(october.replace("Oct ", f"{month} ") for month in ("Oct", "Nov", "Dec"))
    (tmp_path / "mail.log").write_text(text, "utf-8")
    (once,), (thrice,) = said(audited(log, 10).report), said(audited(tmp_path / "mail.log", 10).report)
    others = f"the others, {STRANGERS - 1 - 10} in the month with the most"
    assert others in once
    assert others in thrice
    told = [one.replace(",", "").rpartition(": ")[2].rstrip(").") for one in (once, thrice)]
    counts = [[int(count) for count in one.split(" / ")] for one in told]
    assert counts[1] == [3 * count for count in counts[0]]


def test_who_only_answers_automatically_comes_before_who_is_only_refused(tmp_path: Path) -> None:
    """There is one place; whoever does not get it is counted, and the report says that somebody was."""
    measured = run(
        [
            logged(
                tmp_path / "mail.log",
                [
                    "Oct  5 00:00:01 mail postfix/qmgr[7]: 00000A: from=<>, size=1, nrcpt=1 (queue active)",
                    (
                        "Oct  5 08:00:00 mail dovecot: lmtp(la1@tp.example.gov.vn)<1><q1>: msgid=<x@y>: "
                        "vacation action: sent vacation response to <a@b.test>"
                    ),
                    (
                        "Oct  5 08:10:00 mail dovecot: imap-login: Disconnected (auth failed, 3 attempts in 5 secs): "
                        "user=<la2@tp.example.gov.vn>, method=PLAIN, rip=10.8.8.8, lip=10.0.0.1, session=<z1>"
                    ),
                ],
            )
        ],
        town(tmp_path),
        thresholds=Thresholds(unlisted_addresses=1),
    )
    assert measured.days.select("mailbox", "failed_logins").rows() == [("la1@tp.example.gov.vn", 0), ("…1", 3)]
    assert said(measured.report) != []


def test_what_is_counted_together_is_no_mailbox() -> None:
    assert [together(name) for name in ("…12", "…", "an@tp.example.gov.vn", "…a", "12")] == [12, None, None, None, None]


def backup() -> Iterator[str]:
    """Every night a program opens all mailboxes one after the other from one address, the clerk's among them."""
    for day in (5, 6, 7):
        for number in range(STRANGERS):
            name = CLERK if number == 20 else f"nobody{number:02}@tp.example.gov.vn"
            at, session = f"Oct {day:2} 02:{number // 3:02}:{number % 3 * 20:02} mail", f"s{day}n{number}"
            yield (
                f"{at} dovecot: imap-login: Login: user=<{name}>, method=PLAIN, rip=10.0.0.99, lip=10.0.0.1, "
                f"mpid=1, TLS, session=<{session}>"
            )
            at = f"Oct {day:2} 02:{number // 3:02}:{number % 3 * 20 + 3:02} mail"
            yield (
                f"{at} dovecot: imap({name})<1><{session}>: Logged out in=90 out=9000 deleted=0 expunged=0 trashed=0 "
                "hdr_count=9 hdr_bytes=900 body_count=9 body_bytes=9000"
            )


def sender() -> Iterator[str]:
    """By the clerk's name somebody sends from an address where only a stranger reads."""
    for number in range(STRANGERS):
        at, queue = f"Oct {5 + number % 3:2} {8 + number % 7:02}:{number:02}:{number:02} mail", f"{number:02X}00A0B1C2D"
        yield (
            f"{at} postfix/submission/smtpd[2]: {queue}: client=x[10.0.0.77], sasl_method=PLAIN, sasl_username={CLERK}"
        )
        yield f"{at} postfix/qmgr[3]: {queue}: from=<{CLERK}>, size=900, nrcpt=1 (queue active)"
        yield f"{at} postfix/qmgr[3]: {queue}: removed"
    yield (
        "Oct  5 09:00:00 mail dovecot: imap-login: Login: user=<nobody@tp.example.gov.vn>, method=PLAIN, "
        "rip=10.0.0.77, lip=10.0.0.1, mpid=1, TLS, session=<read>"
    )
    yield (
        f"Oct  5 07:00:00 mail dovecot: imap-login: Login: user=<{CLERK}>, method=PLAIN, "
        "rip=10.0.0.3, lip=10.0.0.1, mpid=1, TLS, session=<own>"
    )


@pytest.mark.parametrize("written", [backup, sender])
def test_who_is_judged_beside_them_is_judged_as_if_all_were_told(
    tmp_path: Path, written: Callable[[], Iterator[str]]
) -> None:
    (tmp_path / "mail.log").write_text("".join(f"{line}\n" for line in written()), "utf-8")
    whole, some = audited(tmp_path / "mail.log", STRANGERS), audited(tmp_path / "mail.log", 0)
    assert some.report.officials == whole.report.officials
    assert any(one.reasons for one in whole.report.officials), "there is something to judge"
    assert some.days["mailbox"].str.starts_with("…").any()
    assert sums(some) == sums(whole)
