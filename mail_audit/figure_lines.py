"""Which lines of evidence stand behind which figure of an official, and how much of it each is.

For every figure the lines' `stands_for`, summed up, are the figure: no line is left out and none counts twice. A line
may stand behind several figures (a message that was sent is one message, its recipients, and an act of that day).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from core.words import Text
from mail_audit.report.model import DaySpan
from mail_audit.report.terms import COLUMNS

EVERY_ONE = ("sent", "sent_by_schedule", "sent_by_application")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in words: its name, and what its lines show, for somebody who knows nothing of mail servers."""

    title: Text
    meaning: Text


FIGURES: Mapping[str, Figure] = {
    "sent": Figure(
        COLUMNS["sent"],
        Text(
            "Mỗi dòng là một thư được gửi sau khi đăng nhập bằng hộp thư này, mỗi thư tính một lần dù có nhiều người "
            "nhận hay phải gửi lại.",
            "Each line is one message that was sent after logging in with this mailbox; a message counts once, however "
            "many recipients it has and however often it had to be tried.",
        ),
    ),
    "sent_recipients": Figure(
        COLUMNS["sent_recipients"],
        Text(
            "Mỗi thư đã gửi có một dòng; sau đó là một dòng cho từng người nhận, cho biết thư đến người ấy ra sao, và "
            "tính là một. Nếu nhật ký không ghi từng người nhận thì dòng của thư tính là số người nhận của nó.",
            "Each message that was sent has its line, followed by one for each recipient, which says what became of "
            "delivering it to them and counts as one. Where the logs do not show each recipient, the message's own "
            "line counts as many as it had.",
        ),
    ),
    "sent_external": Figure(
        COLUMNS["sent_external"],
        Text(
            "Mỗi thư gửi ra ngoài các tên miền của cơ quan có một dòng; sau đó là một dòng cho từng người nhận ở bên "
            "ngoài, tính là một. Nếu nhật ký không ghi từng người nhận thì dòng của thư tính là số người nhận ấy.",
            "Each message sent to people outside the government's own domains has its line, followed by one for each "
            "of them, which counts as one. Where the logs do not show each recipient, the message's own line counts as "
            "many as there were outside.",
        ),
    ),
    "received": Figure(
        COLUMNS["received"],
        Text(
            "Mỗi dòng là một thư mà máy chủ đã nhận cho hộp thư này. Nhận thư không có nghĩa là đã đọc.",
            "Each line is one message the server accepted for this mailbox. To receive a message is not to read it.",
        ),
    ),
    "opened": Figure(
        COLUMNS["opened"],
        Text(
            "Mỗi dòng là một thư được đánh dấu đã đọc lần đầu.",
            "Each line is one message at the first time it was marked as read.",
        ),
    ),
    "logins": Figure(
        COLUMNS["logins"],
        Text(
            "Mỗi dòng là một lần đăng nhập thành công. Điện thoại và phần mềm thư tự đăng nhập, nên số này không nói "
            "lên là có người dùng.",
            "Each line is one successful log-in. Telephones and mail programs log in by themselves, so this does not "
            "show that a person was there.",
        ),
    ),
    "failed_logins": Figure(
        COLUMNS["failed_logins"],
        Text(
            "Mỗi dòng nói về một hay nhiều lần đăng nhập bị từ chối; có thể do người khác dò mật khẩu. Không bao giờ "
            "tính là có dùng.",
            "Each line tells of one or several refused log-ins; it may have been somebody else who guessed. It never "
            "counts as use.",
        ),
    ),
    "active_days": Figure(
        COLUMNS["active_days"],
        Text(
            "Mọi việc cho thấy chính người này đã thao tác; mỗi ngày có ít nhất một việc là một ngày có dùng.",
            "Everything that shows the person at work; each day with at least one such line is a day in use.",
        ),
    ),
    "delegated": Figure(
        Text("Việc do người khác làm thay", "Acts of somebody else"),
        Text(
            "Mỗi dòng là một việc trong hộp thư này, nhưng đến từ máy hoặc tên đăng nhập của người khác. Đây là bằng "
            "chứng, không phải kết luận.",
            "Each line is an act in this mailbox that came from somebody else's station or log-in. This is evidence, "
            "not a verdict.",
        ),
    ),
    "forwards": Figure(
        Text("Thư tự động chuyển tiếp", "Messages forwarded by a rule"),
        Text(
            "Mỗi dòng là một thư đến đã được quy tắc đặt sẵn chuyển tiếp đi nơi khác.",
            "Each line is one message that arrived and was sent on by a standing rule.",
        ),
    ),
}
"""Figure, by its name in the report (the last two stand in the days of a mailbox) -> its words."""


def behind(table: pl.LazyFrame, figure: str) -> pl.LazyFrame:
    """The rows of evidence (columns as `mail_audit.evidence.COLUMNS`) behind `figure`, with `stands_for`; by time.

    KeyError for a figure that does not open into lines.
    """
    chosen, part = _RULES[figure]
    rows = table.filter(chosen).sort("at", "file", "offset", maintain_order=True)
    return rows.with_columns(part.cast(pl.Int64).alias("stands_for"))


def within(table: pl.LazyFrame, mailboxes: Sequence[str], in_post: Iterable[DaySpan]) -> pl.LazyFrame:
    """Only the evidence of some mailboxes, on the days their owner was in post (none given: on every day)."""
    own = table.filter(pl.col("mailbox").is_in(list(mailboxes)))
    spans = [pl.col("day").is_between(span.first, span.last) for span in in_post]
    return own.filter(pl.any_horizontal(spans)) if spans else own


def _alone(number: str) -> pl.Expr:
    """How many recipients a line stands for: none, where each of them has a line of its own."""
    return pl.when(pl.col("singly").fill_null(value=False)).then(0).otherwise(number)


_OWN_ACT = pl.col("rung").is_in(["A", "B"]) & pl.col("delegate").is_null()
_RULES: dict[str, tuple[pl.Expr, pl.Expr]] = {
    "sent": (pl.col("kind").is_in(EVERY_ONE), pl.col("count")),
    "sent_recipients": (pl.col("recipients").fill_null(0) > 0, _alone("recipients")),
    "sent_external": (pl.col("external").fill_null(0) > 0, _alone("external")),
    "received": (pl.col("kind") == "received", pl.col("count")),
    "opened": (pl.col("opens"), pl.lit(1)),
    "logins": (pl.col("kind") == "logged_in", pl.col("count")),
    "failed_logins": (pl.col("kind") == "refused", pl.col("count")),
    "active_days": (_OWN_ACT, pl.col("day").is_first_distinct()),
    "delegated": (pl.col("rung").is_in(["A", "B"]) & pl.col("delegate").is_not_null(), pl.col("count")),
    "forwards": (pl.col("kind") == "forwarded", pl.col("count")),
}
"""Figure -> which rows, and how much of it each row is."""
