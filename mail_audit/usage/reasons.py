"""Why an official is called what they are: every fact that bears on the class, in words."""

from __future__ import annotations

from functools import lru_cache

from core.words import Text
from mail_audit.usage.rules import EFFECTS, Rule
from mail_audit.usage.sums import Sums, Surroundings

_OWN_WORDS = (Rule.SENDER_ADDRESS, Rule.MAILBOX_COUNT)
"""Rules whose acts are always on rung B and are no signs of reading; they say themselves what was seen."""


def what_was_seen(
    sums: Sums, mailboxes: tuple[str, ...], acted: int, working: int, around: Surroundings
) -> tuple[Text, ...]:
    """Every fact that bears on the class, strongest first; `acted` on so many of the `working` days that are known."""
    seen: list[Text] = []

    def say(count: int, vi: str, en: str) -> None:
        if count:
            seen.append(_said(count, vi, en))

    if sums.active:
        seen.append(_acted(acted, working))
    say(sums.sent, "đã gửi {} thư sau khi đăng nhập", "messages sent after logging in: {}")
    if sums.active or sums.delegated:
        say(sums.opened, "{} thư đã được mở", "messages opened: {}")
    else:
        say(sums.opened, "{} thư bị máy đánh dấu đã đọc", "messages that a machine marked as read: {}")
    say(
        sums.acts_b - sum([sums.rules.get(rule, 0) for rule in _OWN_WORDS]),
        "{} dấu hiệu đọc thư theo nhịp của người (bậc B)",
        "signs of reading at a person's pace (rung B): {}",
    )
    for mailbox in mailboxes:
        seen += _seen_in(mailbox, sums, around)
    seen += _by_rule(sums)
    if not sums.active and not sums.delegated:
        alone = max(sums.logins - sums.rules.get(Rule.SWEEP, 0), 0)
        say(alone, "{} lần đăng nhập, không thấy người làm gì", "log-ins without any act of a person in them: {}")
    say(
        sums.failed_logins,
        "{} lần đăng nhập bị từ chối, không tính là dùng",
        "refused log-ins, which are never use: {}",
    )
    return tuple(seen)


def _seen_in(mailbox: str, sums: Sums, around: Surroundings) -> list[Text]:
    """What others than the owner do in a mailbox: another official, a standing forward, a schedule."""
    seen: list[Text] = []
    if mailbox in around.delegates and sums.delegated:
        seen.append(
            Text(
                f"{sums.delegated} việc làm từ máy hoặc tài khoản của {around.delegates[mailbox]}",
                f"acts from the station or log-in of {around.delegates[mailbox]}: {sums.delegated}",
            )
        )
    outside = sums.forwards - sums.rules.get(Rule.FORWARD_INSIDE, 0)
    if mailbox in around.targets and outside > 0:
        seen.append(
            Text(
                f"{outside} thư được chuyển tiếp tự động tới {around.targets[mailbox]}",
                f"messages that a standing rule forwarded to {around.targets[mailbox]}: {outside}",
            )
        )
    return seen


def _by_rule(sums: Sums) -> list[Text]:
    """How often each rule changed what is said; of what only machines do, only where nobody acted.

    Whose station it was is said by name before.
    """
    counts = sums.rules
    shown = [rule for rule in EFFECTS if rule in counts] if len(counts) > 1 else counts
    found = []
    for rule in shown:
        effect, n = EFFECTS.get(rule), counts[rule]
        if n and effect is not None and rule is not Rule.STATION and (effect.always or not sums.active):
            found.append(_said(n, effect.said.vi, effect.said.en))
    return found


@lru_cache(1 << 10)
def _acted(days: int, working: int) -> Text:
    """On how many of the covered working days somebody acted."""
    return Text(
        f"tự mình dùng {days}/{working} ngày làm việc có nhật ký",
        f"acted in person on {days} of {working} covered working days",
    )


@lru_cache(1 << 14)
def _said(n: int, vi: str, en: str) -> Text:
    """A sentence with its number: many officials have the same small ones."""
    return Text(vi.format(n, n=n), en.format(n, n=n))
