"""Nobody acts by a refused log-in: whatever was tried, under whatever name, the figures are those without it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail_audit.report.model import OfficialFigures
from tests.mail_audit.small_town import BOSS, CLERK, audit, seen, session, submitted

FORGED = (
    BOSS,
    BOSS.upper(),
    f"{BOSS}*quan.tri",
    f"x>, method=PLAIN, rip=10.0.0.9, lip=10.0.0.1, session=<a>) imap-login: Login: user=<{BOSS}",
    f"{BOSS}>, rip=10.0.0.7, lip=10.0.0.1, mpid=7, TLS, session=<s7",
    f"imap({BOSS})<7><s7>: {seen(9)}",
    f"{BOSS}, sasl_method=PLAIN, sasl_username={BOSS}",
)
NAMES = st.one_of(
    st.sampled_from(FORGED),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40),
    st.builds("{}{}".format, st.just(BOSS), st.text("*@<>,= \\()x", max_size=12)),
)
WORDS = (
    ("imap-login: Disconnected: Aborted login by logging out (auth failed, {count} attempts in 9 secs): user=<{name}>, "
    "method=PLAIN, rip=10.0.0.66, lip=10.0.0.1, session=<x{n}>"),
    ("imap-login: Disconnected (auth failed, {count} attempts in 2 secs): user=<{name}>, method=PLAIN, rip=10.0.0.66, "
    "lip=10.0.0.1, TLS, session=<x{n}>"),
    ("pop3-login: Login aborted: Logged out (auth failed, {count} attempts in 10 secs) (auth_failed): user=<{name}>, "
    "method=PLAIN, rip=10.0.0.66, lip=10.0.0.1, session=<x{n}>"),
    ("imap-login: Info: Aborted login (auth failed, {count} attempts): user=<{name}>, method=PLAIN, rip=10.0.0.66, "
    "lip=10.0.0.1"),
    "auth: passwd-file({name},10.0.0.66,<x{n}>): Password mismatch",
    "auth: passwd-file({name},10.0.0.66,<x{n}>): unknown user",
    "auth-worker(7): sql({name},10.0.0.66): Password mismatch",
)  # fmt: skip
ATTEMPTS = st.lists(
    st.tuples(st.sampled_from(WORDS), NAMES, st.integers(1, 9), st.integers(0, 59), st.booleans()), max_size=12
)
DONE = [
    *session("Oct  6 09:00:00", "Oct  6 09:10:00", CLERK, 7, seen(1), bodies=(1, 3000)),
    *submitted("Oct  6 09:05:00", "15CC220C006", CLERK, BOSS),
]


def lines(attempts: list[tuple[str, str, int, int, bool]]) -> list[str]:
    """The lines that Dovecot, or Postfix, writes of attempts on one morning."""
    made = []
    for n, (words, name, count, second, at_smtp) in enumerate(attempts):
        head = f"Oct  5 08:00:{second:02} mail "
        if at_smtp:
            made.append(
                f"{head}postfix/submission/smtpd[7]: warning: unknown[10.0.0.66]: SASL PLAIN authentication failed: "
                f"UGFzc3dvcmQ6, sasl_username={name}"
            )
        else:
            made.append(f"{head}dovecot: {words.format(name=name, count=count, n=n)}")
    return made


def without_attempts(one: OfficialFigures) -> dict[str, object]:
    """Every figure but the number of refused log-ins, and every reason but the one that tells it."""
    said = [reason.en for reason in one.reasons if not reason.en.startswith("refused log-ins")]
    names = (
        "sent", "received", "logins", "opened", "active_days", "usage_class", "rung", "active_last",
        "covered_working_days",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names} | {"reasons": said}


def figures(attempts: list[str]) -> list[dict[str, object]]:
    """Of everybody in town, from the same work beside these attempts."""
    with tempfile.TemporaryDirectory() as folder:
        measured = audit(Path(folder), [*DONE, *attempts])
    assert measured.measurement.acts.filter(measured.measurement.acts["mailbox"] == BOSS).is_empty()
    return [without_attempts(one) for one in measured.report.officials]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ATTEMPTS)
def test_no_act_is_ever_made_of_a_refused_log_in(attempts: list[tuple[str, str, int, int, bool]]) -> None:
    assert figures(lines(attempts)) == figures([])
