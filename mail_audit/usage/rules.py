r"""The rules of the measurement, each by its name: what it does, why, and where its threshold stands.

An act that a rule judged bears the rule's name (`acts.rule`); the days count such acts (`rule_<name>`); the reasons of
an official say how often a rule changed what is said of them. `docs/measurement.md` lists the same rules with their
sources; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.words import Text


class Rule(StrEnum):
    """The rules that judge single acts; their order is that of the reasons."""

    SCHEDULE = "schedule"
    APPLICATION = "application"
    AUTO_REPLY = "auto_reply"
    SENDER_ADDRESS = "sender_address"
    CLAIMED_SENDER = "claimed_sender"
    MAILBOX_COUNT = "mailbox_count"
    IN_NAME_OF = "in_name_of"
    STATION = "station"
    SHARED_ADDRESS = "shared_address"
    WEBMAIL = "webmail"
    FORWARD_INSIDE = "forward_inside"
    ARRIVAL_MARK = "arrival_mark"
    KEYWORD = "keyword"
    FETCH_MARK = "fetch_mark"
    EXPIRY = "expiry"
    MIGRATION = "migration"
    SYNC = "sync"
    BULK = "bulk"
    PREVIEW = "preview"
    HEADERS = "headers"
    POP3 = "pop3"
    FIXED_GAP = "fixed_gap"
    SWEEP = "sweep"
    IDLE = "idle"


class Counting(StrEnum):
    """The rules of counting and of the class; what they do is seen in the figures themselves."""

    LOG_IN_SENDS = "log_in_sends"
    ONCE_A_MESSAGE = "once_a_message"
    ONCE_A_MAILBOX = "once_a_mailbox"
    FIRST_MARK = "first_mark"
    REFUSED = "refused"
    SITTING = "sitting"
    UNCOUNTED = "uncounted"
    UNSEEN = "unseen"
    STANDING_FORWARD = "standing_forward"
    HALF_OF_DAYS = "half_of_days"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule says in the reasons of an official: `said` with the number of acts; `always`, or only of machines."""

    said: Text
    always: bool = True


EFFECTS: dict[Rule, Effect] = {
    Rule.SCHEDULE: Effect(
        Text(
            "{n} thư gửi tự động theo lịch, không tính là người dùng",
            "mail sent on a schedule, which does not count as use: {n}",
        )
    ),
    Rule.APPLICATION: Effect(
        Text(
            "{n} thư do máy quét hoặc phần mềm gửi, không tính là người dùng",
            "messages that a scanner or a program sent, which do not count as use: {n}",
        )
    ),
    Rule.AUTO_REPLY: Effect(
        Text("{n} thư trả lời tự động, không tính là người dùng", "automatic replies, which do not count as use: {n}")
    ),
    Rule.SENDER_ADDRESS: Effect(
        Text(
            "{n} thư gửi từ địa chỉ này mà bản sao không cho biết tên đăng nhập (bậc B): địa chỉ chưa chắc là người",
            "messages from this address whose copies name no log-in (rung B: an address is not the person): {n}",
        )
    ),
    Rule.CLAIMED_SENDER: Effect(
        Text(
            "{n} thư mang địa chỉ này mà không máy chủ nào xác nhận người gửi, không tính là người dùng",
            "messages that bear this address and that no server vouches for, which do not count as use: {n}",
        )
    ),
    Rule.MAILBOX_COUNT: Effect(
        Text(
            "{n} lần có việc làm trong hộp thư, thấy khi đếm hộp thư (bậc B): không rõ ai làm",
            "somebody acted in the mailbox, as its count shows (rung B: by whom is not known): {n}",
        )
    ),
    Rule.IN_NAME_OF: Effect(
        Text("{n} thư do tài khoản khác gửi dưới tên này", "messages that another log-in sent in this name: {n}")
    ),
    Rule.STATION: Effect(
        Text("{n} việc làm từ máy của người khác", "acts from the station of somebody else: {n}"),
    ),
    Rule.SHARED_ADDRESS: Effect(
        Text(
            "{n} việc làm từ một địa chỉ mà nhiều hộp thư dùng chung (mạng cơ quan, VPN, máy dùng chung): "
            "không suy ra người làm thay",
            "acts from an address that many mailboxes share (an office's network, a VPN, a common station), "
            "from which nobody's help is inferred: {n}",
        )
    ),
    Rule.WEBMAIL: Effect(
        Text(
            "{n} việc làm qua webmail của máy chủ, không phải địa chỉ của riêng ai",
            "acts through the server's webmail, whose address is nobody's own: {n}",
        )
    ),
    Rule.FORWARD_INSIDE: Effect(
        Text(
            "{n} thư được tự động chuyển tới hộp thư công vụ khác, không phải thư riêng",
            "messages that a standing rule passed on to another official mailbox, not to a private one: {n}",
        )
    ),
    Rule.ARRIVAL_MARK: Effect(
        Text(
            "{n} thư bị đánh dấu đã đọc ngay khi vừa đến (bộ lọc), không tính là đọc",
            "messages marked as read the moment they arrived (a filter), which does not count as reading: {n}",
        )
    ),
    Rule.KEYWORD: Effect(
        Text(
            "{n} lần phần mềm thư tự gắn nhãn, không tính là người dùng",
            "labels that a mail program set by itself, which do not count as use: {n}",
        )
    ),
    Rule.FETCH_MARK: Effect(
        Text(
            "{n} lần đánh dấu hoặc xóa do chương trình tải thư theo nhịp, không tính là người dùng",
            "marks or removals by a program that fetches at a fixed gap, which do not count as use: {n}",
        )
    ),
    Rule.EXPIRY: Effect(
        Text(
            "{n} thư cũ do máy chủ tự xóa khi hết hạn lưu, không tính là người dùng",
            "old messages that the server removed by itself, which do not count as use: {n}",
        )
    ),
    Rule.MIGRATION: Effect(
        Text(
            "{n} thư do chương trình chép hàng loạt vào hộp thư, không tính là người dùng",
            "messages that a program copied into the mailbox in bulk, which do not count as use: {n}",
        )
    ),
    Rule.SYNC: Effect(
        Text(
            "{n} phiên của điện thoại hoặc phần mềm đồng bộ nền, không tính là đọc",
            "sessions of a telephone or program that syncs in the background, which do not count as reading: {n}",
        )
    ),
    Rule.BULK: Effect(
        Text(
            "{n} phiên tải thư hàng loạt hoặc nhanh hơn người đọc, không tính là đọc",
            "sessions that fetched more, or faster, than a person reads: {n}",
        )
    ),
    Rule.PREVIEW: Effect(
        Text("{n} phiên chỉ tải vài dòng xem trước", "sessions that fetched only previews: {n}"),
        always=False,
    ),
    Rule.HEADERS: Effect(
        Text("{n} phiên chỉ tải phần đầu thư", "sessions that fetched only headers: {n}"),
        always=False,
    ),
    Rule.POP3: Effect(
        Text(
            "{n} phiên tải thư về bằng POP3, nhật ký không cho biết có ai đọc",
            "sessions that downloaded by POP3; the logs do not tell whether anybody read: {n}",
        )
    ),
    Rule.FIXED_GAP: Effect(
        Text(
            "{n} phiên lặp lại theo nhịp cố định của máy, không tính là người dùng",
            "sessions at the fixed gap of a machine, which do not count as use: {n}",
        )
    ),
    Rule.SWEEP: Effect(
        Text(
            "{n} phiên của chương trình đi qua hàng loạt hộp thư (sao lưu, di chuyển, giám sát), "
            "không phải của người này",
            "sessions of a program that goes through many mailboxes (backup, migration, monitoring), "
            "which are not this person's: {n}",
        )
    ),
    Rule.IDLE: Effect(
        Text(
            "{n} phiên chỉ kết nối và chờ, không tải thư nào",
            "sessions that connected, waited and fetched nothing: {n}",
        ),
        always=False,
    ),
}
"""What is said of each rule; the numbers are acts of the official's mailboxes on the days in post."""


def count_column(rule: Rule) -> str:
    """The column of the day facts that counts a rule's acts."""
    return f"rule_{rule}"


RULE_COUNTS: tuple[str, ...] = tuple(count_column(rule) for rule in Rule)
WHY: dict[Rule, Text] = {
    Rule.SCHEDULE: Text("Thư đi đúng giây theo lịch.", "It went on the second of a schedule."),
    Rule.APPLICATION: Text(
        "Từ địa chỉ này hộp thư chỉ gửi, không bao giờ đọc: như máy quét hoặc phần mềm.",
        "From this address the mailbox only sends and nobody ever reads: as a scanner or a program does.",
    ),
    Rule.AUTO_REPLY: Text("Không ai viết thư này.", "Nobody wrote it."),
    Rule.SHARED_ADDRESS: Text(
        "Nhiều hộp thư dùng chung địa chỉ này, nên không suy ra người làm thay.",
        "Many mailboxes share this address, so nobody's help is inferred.",
    ),
    Rule.WEBMAIL: Text("Qua webmail của máy chủ.", "Through the server's webmail."),
    Rule.ARRIVAL_MARK: Text(
        "Thư vừa đến đã bị đánh dấu, hết thư này đến thư khác: do bộ lọc.",
        "It was marked as it arrived, as the others were: by a filter.",
    ),
    Rule.KEYWORD: Text("Nhãn do phần mềm thư tự gắn.", "A label that a mail program sets by itself."),
    Rule.FETCH_MARK: Text(
        "Dấu này do chương trình tải thư theo nhịp cố định để lại.",
        "The mark was left by a program that fetches at a fixed gap.",
    ),
    Rule.EXPIRY: Text(
        "Thư cũ trong thùng rác, do máy chủ tự xóa khi hết hạn.",
        "Old mail in the trash, removed by the server in time.",
    ),
    Rule.MIGRATION: Text("Nằm trong một lần chép hàng loạt.", "It is part of a copy in bulk."),
    Rule.SYNC: Text(
        "Phiên này chỉ tải đúng những thư vừa đến: thiết bị đồng bộ nền.",
        "The session fetched just what had arrived: a device syncs in the background.",
    ),
    Rule.BULK: Text("Nhiều hơn hoặc nhanh hơn mức một người đọc được.", "More, or faster, than a person reads."),
    Rule.PREVIEW: Text("Chỉ vài dòng đầu của mỗi thư.", "Only the first words of each message."),
    Rule.HEADERS: Text("Chỉ phần đầu thư.", "Only heads."),
    Rule.POP3: Text("POP3 không cho biết có ai đọc.", "POP3 does not tell whether anybody read."),
    Rule.FIXED_GAP: Text("Lặp lại theo nhịp cố định của máy.", "It recurs at the fixed gap of a machine."),
    Rule.SWEEP: Text(
        "Một chương trình đi qua hàng loạt hộp thư (sao lưu, giám sát), không phải của người này.",
        "A program went through many mailboxes (backup, monitoring); it is not this person's.",
    ),
}
"""Why a rule judged one act so, in a sentence beside its line; what the kind of the act says is not repeated."""


THRESHOLDS: dict[Rule | Counting, tuple[str, ...]] = {
    Rule.SCHEDULE: ("schedule_submissions", "schedule_window_seconds", "schedule_share", "schedule_even"),
    Rule.APPLICATION: ("application_submissions", "application_share", "sitting_minutes", "station_mailboxes"),
    Rule.IN_NAME_OF: ("delegate_acts",),
    Rule.STATION: ("delegate_acts", "delegate_share", "sitting_minutes"),
    Rule.SHARED_ADDRESS: ("station_mailboxes", "delegate_acts", "delegate_share"),
    Rule.ARRIVAL_MARK: (
        "arrival_marks", "arrival_mark_seconds", "arrival_mark_share", "arrival_mark_crowd", "sync_minutes",
    ),
    Rule.FETCH_MARK: ("fetch_mark_share",),
    Rule.MIGRATION: ("migration_saves",),
    Rule.SYNC: ("sync_sessions", "sync_share", "sync_minutes", "sync_visits", "sync_hours"),
    Rule.BULK: ("person_bodies", "person_seconds_per_body"),
    Rule.PREVIEW: ("person_body_bytes",),
    Rule.FIXED_GAP: (
        "poll_log_ins", "poll_gap_seconds", "poll_gap_share", "poll_gap_slack_seconds", "poll_longest_seconds",
        "poll_daily_slack_seconds", "poll_daily_share",
    ),
    Rule.SWEEP: ("sweep_mailboxes", "sweep_share", "sweep_pause_seconds"),
    Counting.SITTING: ("sitting_minutes",),
    Counting.STANDING_FORWARD: ("forward_share",),
    Counting.HALF_OF_DAYS: ("regular_share",),
}  # fmt: skip
"""The thresholds a rule goes by; a rule that is not here has none."""
