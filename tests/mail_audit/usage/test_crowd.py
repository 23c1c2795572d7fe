"""Addresses of the own domains that the directory does not know: told one by one up to a number, then together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mail_audit.pipeline import Measured, run
from mail_audit.report.as_json import as_dict
from mail_audit.report.model import Report
from mail_audit.thresholds import Thresholds
from mail_audit.usage.crowd import together
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
    assert f"the {most} busiest are listed; {STRANGERS - 1 - most} more" in sentence
    assert counts in sentence
    assert counts.replace(",", ".") in str(as_dict(some.report, "vi")["coverage"])


def test_what_is_counted_together_is_no_mailbox() -> None:
    assert [together(name) for name in ("…12", "…", "an@tp.example.gov.vn", "…a", "12")] == [12, None, None, None, None]
