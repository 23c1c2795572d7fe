"""What a line of evidence shows, in a sentence that needs no knowledge of mail servers.

One sentence a kind of evidence; a test holds the kinds to those of `mail_audit.events`. Where a rung changes the
meaning (a body fetched by a person or by a schedule), the rung's own words follow.
"""

from __future__ import annotations

from core.words import Text
from mail_audit.report.terms import RUNG_WORDS

KIND_WORDS: dict[str, Text] = {
    "submitted": Text(
        "Gửi một thư sau khi đăng nhập vào hộp thư này.", "Sent a message after logging in to this mailbox."
    ),
    "queued": Text("Máy chủ nhận thư vào hàng đợi để chuyển đi.", "The server took a message in to pass it on."),
    "message_id": Text("Máy chủ ghi mã của một thư.", "The server noted a message's id."),
    "delivery": Text("Máy chủ chuyển một thư tới nơi nhận.", "The server delivered a message."),
    "removed": Text("Máy chủ đã chuyển xong một thư.", "The server was done with a message."),
    "stored": Text("Một thư đến được cất vào hộp thư.", "A message arrived and was stored in the mailbox."),
    "forwarded": Text(
        "Một thư đến được tự động chuyển tiếp sang địa chỉ khác.",
        "A message that arrived was sent on to another address by a standing rule.",
    ),
    "auto_replied": Text(
        "Máy chủ tự trả lời thay (báo vắng mặt).", "The server answered by itself (an out-of-office reply)."
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
_OTHER = Text("Một việc khác mà máy chủ ghi lại.", "Something else the server noted.")


def words(kind: str, rung: str | None) -> Text:
    """What a line of this kind shows; with its rung in words, where it has one."""
    said = KIND_WORDS.get(kind, _OTHER)
    weight = {str(known): text for known, text in RUNG_WORDS.items()}.get(rung or "")
    if weight is None:
        return said
    return Text(f"{said.vi} Bậc {rung}: {weight.vi}.", f"{said.en} Rung {rung}: {weight.en}.")
