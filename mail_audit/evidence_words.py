"""What a line of evidence shows, in a sentence that needs no knowledge of mail servers.

One sentence a kind of evidence; a test holds the kinds to those of `mail_audit.events`. Where a rung changes the
meaning (a body fetched by a person or by a schedule), the rung's own words follow.
"""

from __future__ import annotations

import re

from core.words import Text
from mail_audit.report.terms import RUNG_WORDS

KIND_WORDS: dict[str, Text] = {
    "submitted": Text(
        "Gửi một thư sau khi đăng nhập vào hộp thư này.", "Sent a message after logging in to this mailbox."
    ),
    "submitted_by_proxy": Text(
        "Gửi một thư sau khi đăng nhập vào hộp thư này, qua một máy chủ trung gian.",
        "Sent a message after logging in to this mailbox, by way of another server.",
    ),
    "queued": Text("Máy chủ nhận thư vào hàng đợi để chuyển đi.", "The server took a message in to pass it on."),
    "message_id": Text("Máy chủ ghi mã của một thư.", "The server noted a message's id."),
    "delivery": Text("Máy chủ chuyển một thư tới nơi nhận.", "The server delivered a message."),
    "removed": Text("Máy chủ đã chuyển xong một thư.", "The server was done with a message."),
    "stored": Text(
        "Một thư đến được máy chủ cất vào hộp thư, hoặc gửi đi theo quy tắc của hộp thư.",
        "A message arrived; the server stored it in the mailbox or sent it on by the mailbox's rule.",
    ),
    "logged_in": Text("Đăng nhập vào hộp thư.", "Logged in to the mailbox."),
    "log_in_refused": Text(
        "Một lần đăng nhập bị từ chối; không tính là có dùng.", "A log-in was refused; that is never use."
    ),
    "password_refused": Text(
        "Sai mật khẩu hoặc tên đăng nhập; không tính là có dùng.",
        "A wrong password or log-in name; that is never use.",
    ),
    "smtp_refused": Text(
        "Một lần đăng nhập để gửi thư bị từ chối; không tính là có dùng.",
        "A log-in for sending was refused; that is never use.",
    ),
    "session_ended": Text(
        "Kết thúc một phiên làm việc với hộp thư; dòng này cho biết đã tải bao nhiêu thư.",
        "A session with the mailbox ended; the line tells how much was fetched.",
    ),
    "downloaded": Text("Tải thư về máy bằng POP3.", "Messages were downloaded by POP3."),
    "mailbox_change": Text(
        "Thư trong hộp được đánh dấu, lưu, chép hoặc xóa.",
        "Messages in the mailbox were marked, saved, copied or deleted.",
    ),
}
_CHANGE_WORDS: dict[str, Text] = {
    "save": Text("Một thư được lưu vào hộp thư.", "A message was saved to the mailbox."),
    "copy": Text("Một thư được chép sang ngăn khác.", "A message was copied to another folder."),
    "delete": Text("Một thư được đánh dấu xóa.", "A message was marked as deleted."),
    "undelete": Text("Một thư được bỏ dấu xóa.", "A message's deletion was taken back."),
    "expunge": Text("Một thư được xóa hẳn.", "A message was deleted for good."),
    "flag_change": Text(
        "Một thư được đánh dấu (đã đọc, đã trả lời, ...).", "A message was marked (as read, as answered, ...)."
    ),
}
_CHANGE = re.compile(r": (save|copy|delete|undelete|expunge|flag_change): ")
"""What the server says was done; it writes that before anything a user could have chosen."""
_OTHER = Text("Một việc khác mà máy chủ ghi lại.", "Something else the server noted.")
_RUNG_WORDS: dict[str, Text] = {str(rung): said for rung, said in RUNG_WORDS.items()}


def words(kind: str, rung: str | None, line: str = "") -> Text:
    """What a line of this kind shows; with its rung in words, where it has one."""
    said = KIND_WORDS.get(kind, _OTHER)
    if kind == "mailbox_change" and (change := _CHANGE.search(line)):
        said = _CHANGE_WORDS[change[1]]
    weight = _RUNG_WORDS.get(rung or "")
    if weight is None:
        return said
    return Text(f"{said.vi} Bậc {rung}: {weight.vi}.", f"{said.en} Rung {rung}: {weight.en}.")
