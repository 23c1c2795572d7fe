"""What the truth says is what the lines hold, counted by a second way."""

from __future__ import annotations

import json

import pytest

from mail_audit.sample import Truth
from tests.mail_audit.sample.conftest import Sample
from tests.mail_audit.sample.counting import Counted, count


def differences(truth: Truth, found: Counted) -> list[str]:
    """Every figure of every official that the lines do not bear out."""
    wrong = []
    for one in truth.officials:
        box = one.mailboxes[0] if one.mailboxes else ""
        said = (one.sent, one.sent_recipients, one.sent_external, one.logins, one.failed_logins, one.opened)
        held = (found.sent, found.recipients, found.external, found.logins, found.failed, found.opened)
        counted = tuple(counter[box] if box else 0 for counter in held)
        if said != counted or one.received != found.received[box]:
            wrong.append(
                f"{one.official_id} {box} {one.habit}: {said} {one.received} / {counted} {found.received[box]}"
            )
    return wrong


@pytest.mark.parametrize("which", ["small", "full"])
def test_no_figure_of_any_official_differs(which: str, request: pytest.FixtureRequest) -> None:
    """Sent, recipients, received, log-ins, failures and opened messages, all exact."""
    sample: Sample = request.getfixturevalue(which)
    assert differences(sample.truth, count(sample.text)) == []


def test_mailboxes_nobody_owns(small: Sample) -> None:
    """The service accounts send by the clock, the unlisted mailbox is read, the shared address only receives."""
    found = count(small.text)
    kinds = {one.mailbox: one for one in small.truth.unassigned}
    assert [one.kind for one in small.truth.unassigned] == ["shared", "service", "service", "unlisted"]
    for one in small.truth.unassigned[1:]:
        assert (one.sent, one.logins) == (found.sent[one.mailbox], found.logins[one.mailbox])
        assert one.received == found.received[one.mailbox]
    assert kinds["baocao@tp.example.gov.vn"].sent == 6 * 10
    assert kinds["vanphong@tp.example.gov.vn"].logins == 0
    assert kinds["tuyendung@tp.example.gov.vn"].logins == 10


def test_hostile_text_is_there_and_counts_for_nobody(full: Sample) -> None:
    """User names, HELO, message-ids and subjects made to look like facts, on every side."""
    text = full.text
    for hostile in (
        "sasl_username=thutruong.xd@tp.example.gov.vn",
        "helo=<evil??sasl_username=?thutruong.xd?>",
        "rip=203.0.113.66 Login: user=<thutruong.xd@tp.example.gov.vn",
        "subject=imap-login: Login: user=<thutruong.xd@",
        "flags=(\\Seen)",
    ):
        assert hostile in text
    assert differences(full.truth, count(text)) == []


def test_classes_follow_the_days(small: Sample) -> None:
    """Regular from half of the covered working days on; the days are listed and lie in the period."""
    truth = small.truth
    assert (truth.working_days, truth.covered_working_days) == (8, 8)
    for one in truth.officials:
        assert one.active_days == len(one.acted_on)
        assert set(one.acted_on) <= set(truth.covered_days)
        if one.usage_class == "regular":
            assert one.active_working_days * 2 >= one.covered_working_days
        elif one.usage_class == "occasional":
            assert 0 < one.active_working_days * 2 < one.covered_working_days
        else:
            assert one.active_days == 0


def test_machines_and_clerks_are_busier_than_people(small: Sample) -> None:
    """A poller logs in more often than anybody; a delegated mailbox has opened messages and no active day."""
    by_habit = {one.habit: one for one in small.truth.officials}
    assert by_habit["phone"].logins > 3 * by_habit["reads"].logins
    assert by_habit["scanner"].sent == 13 * 10
    assert by_habit["delegates"].opened
    assert by_habit["redirects"].received > 0
    assert by_habit["pulls"].opened == 0


def test_the_truth_is_written_beside_the_logs(small: Sample) -> None:
    """truth.json holds the same figures."""
    written = json.loads((small.folder / "truth.json").read_text(encoding="utf-8"))
    assert written["lines"] == small.truth.lines == small.text.count("\n")
    assert [one["sent"] for one in written["officials"]] == [one.sent for one in small.truth.officials]
    assert written["covered_days"][0] == "2026-10-05"
