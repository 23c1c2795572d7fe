"""Practice is in no figure: an audit of a log with practice in it says what it says of the log without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.directory.coded import CodedAddresses
from core.directory.roster import Mailbox, Official, Post, Roster, Unit
from mail_audit import pipeline
from mail_audit.report.model import Report
from tests.training.practice.office import DOMAIN, change, delivery, session_of, submission

ADDRESSES = CodedAddresses.of(f"thuchanh+{{code}}@{DOMAIN}")
PRACTICE = ADDRESSES.address("k7m2p4q8r3s5t6v9")
LETTER, MEMO, COPY = "<vanthu.1@tp>", "<memo@tp>", "<copy@tp>"
ROSTER = Roster(
    {"so": Unit("so", "Sở Y tế", None)},
    {name: Official(name, name) for name in ("cb1", "cb2")},
    tuple(Post(name, "so", "Chuyên viên", "staff", None, None) for name in ("cb1", "cb2")),
    {f"{name}@{DOMAIN}": Mailbox(f"{name}@{DOMAIN}", "personal", "so", name, ()) for name in ("cb1", "cb2")},
)
WORK = [
    *submission(-1440, "cb2", [f"cb1@{DOMAIN}"], message_id=MEMO, client="10.20.30.42"),
    *delivery(-1440, "cb1", MEMO, sender=f"cb2@{DOMAIN}"),
    *session_of(-1400, "cb1", change("flag_change", MEMO, flags="\\Seen"), bodies=1),
    *delivery(0, "cb2", "<other@tp>", sender=f"cb1@{DOMAIN}"),
]
PRACTISED = [
    *delivery(1, "cb1", LETTER, sender=PRACTICE),
    *submission(10, "cb1", [PRACTICE], message_id=COPY),
    *submission(12, "cb1", [PRACTICE, f"cb2@{DOMAIN}"]),
]


def read_in(session: str, *, practice: bool) -> list[str]:
    """A session in which the letter is opened, flagged and moved, and the copy of what was sent is saved."""
    changes = (
        change("flag_change", LETTER, uid=2, flags="\\Seen"),
        change("flag_change", LETTER, uid=2, flags="\\Flagged \\Seen"),
        change("copy from INBOX", LETTER, box="Luu tru", uid=1, flags="\\Seen"),
        change("save", COPY, box="Sent", uid=1, flags="\\Seen"),
    )
    return session_of(20, "cb1", *(changes if practice else ()), name=session, bodies=1 if practice else 0)


def audited(folder: Path, name: str, lines: list[str], addresses: CodedAddresses | None) -> Report:
    path = folder / f"{name}.log"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    report = pipeline.run([path], ROSTER, practice=addresses).report
    return replace(report, coverage=replace(report.coverage, lines=0, events=0, not_of_interest=0, files=()))


def test_the_figures_do_not_change(tmp_path: Path) -> None:
    """With the setting: all figures as if nobody had practised. Without it: they are others."""
    with_practice = [*WORK, *PRACTISED, *read_in("s1", practice=True)]
    without = audited(tmp_path, "without", [*WORK, *read_in("s1", practice=False)], ADDRESSES)
    assert audited(tmp_path, "with", with_practice, ADDRESSES) == without
    counted = audited(tmp_path, "counted", with_practice, None)
    (before, after) = (
        next(one for one in report.officials if one.official_id == "cb1") for report in (without, counted)
    )
    assert (before.sent, before.received, before.opened, before.active_days) == (0, 2, 1, 1)
    assert (after.sent, after.received, after.opened, after.active_days) == (2, 3, 2, 2)


def test_a_message_id_takes_nothing_from_anybody_else(tmp_path: Path) -> None:
    """Somebody practises with the id of a memo that a colleague has read: the colleague's reading stays."""
    stolen = [*WORK, *submission(10, "cb2", [PRACTICE], message_id=MEMO, client="10.20.30.42")]
    (before, after) = (
        next(one for one in audited(tmp_path, name, lines, ADDRESSES).officials if one.official_id == "cb1")
        for name, lines in (("before", WORK), ("stolen", stolen))
    )
    assert (before.opened, before.active_days) == (1, 1)
    assert after == before


def test_where_nobody_practised_nothing_is_touched(tmp_path: Path) -> None:
    assert audited(tmp_path, "a", WORK, ADDRESSES) == audited(tmp_path, "b", WORK, None)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "thuchanh@tp.vn",
        "{code}",
        "a{code}b{code}@tp.vn",
        "x@{code}.vn",
        "a b+{code}@tp.vn",
        "+" * 60 + "{code}@tp.vn",
    ],
)
def test_a_spelling_that_cannot_be_used(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        CodedAddresses.of(wrong)


def test_which_addresses_are_practice() -> None:
    assert ADDRESSES.code_in("ThucHanh+K7@TP.example.gov.vn") == "k7"
    held = {PRACTICE: True, f"thuchanh@{DOMAIN}": True, f"thuchanhx@{DOMAIN}": False, "": False, f"a+b@{DOMAIN}": False}
    assert {one: ADDRESSES.holds(one) for one in held} == held
    own_domain = CodedAddresses.of("{code}@thuchanh.tp.example.gov.vn")
    assert own_domain.code_in("abc1@thuchanh.tp.example.gov.vn") == "abc1"
    assert not own_domain.holds("@thuchanh.tp.example.gov.vn")
