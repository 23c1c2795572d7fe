"""What a line of evidence shows, in a sentence that needs no knowledge of mail servers.

One sentence a kind; a test holds the kinds to those that the measurement knows. The rung's own words follow, because a
message fetched by a person and one fetched by a schedule are the same line.
"""

from __future__ import annotations

from core.words import Text
from mail_audit.report.terms import RUNG_WORDS
from mail_audit.usage.rules import WHY, Rule

KIND_WORDS: dict[str, Text] = {
    "sent": Text("Gửi một thư sau khi đăng nhập vào hộp thư này.", "Sent a message after logging in to this mailbox."),
    "sent_by_schedule": Text(
        "Một chương trình gửi thư theo lịch từ hộp thư này.",
        "A program sent a message from this mailbox by a schedule.",
    ),
    "sent_by_application": Text(
        "Một máy quét hoặc phần mềm gửi thư từ hộp thư này.",
        "A scanner or a program sent a message from this mailbox.",
    ),
    "addressed": Text(
        "Máy chủ chuyển một thư gửi từ hộp thư này cho một người nhận; dòng này cho biết kết quả cuối cùng.",
        "A message sent from this mailbox, delivered to one recipient; the line says what became of it.",
    ),
    "sent_as": Text(
        "Người khác gửi một thư dưới tên hộp thư này.", "Somebody else sent a message in the name of this mailbox."
    ),
    "copied": Text(
        "Một máy chủ đưa bản sao của một thư mang địa chỉ này; không có lần đăng nhập nào đứng sau thư đó.",
        "A server gave a copy of a message that bears this address; no log-in is known to stand behind it.",
    ),
    "opened": Text("Một thư được mở, đánh dấu đã đọc.", "A message was opened and marked as read."),
    "answered": Text("Một thư được trả lời.", "A message was answered."),
    "deleted": Text("Một thư được xóa.", "A message was deleted."),
    "saved_to_sent": Text(
        "Bản sao của một thư gửi đi được lưu vào ngăn Đã gửi.", "A copy of a sent message was saved to Sent."
    ),
    "moved_or_saved": Text(
        "Một thư được chuyển sang ngăn khác hoặc được lưu.", "A message was moved to another folder or saved."
    ),
    "read_session": Text(
        "Một phiên làm việc trong đó một vài thư được tải trọn theo nhịp của người đọc.",
        "A session in which a few whole messages were fetched at the pace of a reader.",
    ),
    "weak_session": Text(
        "Một phiên chỉ tải phần đầu thư, hoặc tải thư theo nhịp cố định.",
        "A session that fetched only headers, or messages at a fixed pace.",
    ),
    "empty_session": Text(
        "Một phiên kết nối không tải thư nào: chỉ xem có thư mới không.",
        "A session that fetched nothing: it only asked for new mail.",
    ),
    "uncounted_session": Text(
        "Một phiên làm việc mà máy chủ không ghi đã tải những gì.",
        "A session of which the server did not write what was fetched.",
    ),
    "received": Text("Một thư đến hộp thư này.", "A message arrived for this mailbox."),
    "forwarded": Text(
        "Một thư đến được tự động chuyển tiếp đi nơi khác.", "A message that arrived was sent on by a standing forward."
    ),
    "auto_replied": Text(
        "Máy chủ tự trả lời một thư theo quy tắc đặt sẵn.", "The server answered a message by a standing rule."
    ),
    "logged_in": Text("Đăng nhập vào hộp thư.", "Logged in to the mailbox."),
    "refused": Text(
        "Đăng nhập bị từ chối (sai mật khẩu hoặc tên); không tính là có dùng.",
        "A log-in was refused (wrong password or name); that is never use.",
    ),
}
_OTHER = Text("Một việc khác mà máy chủ ghi lại.", "Something else the server noted.")
_RUNG_WORDS: dict[str, Text] = {str(rung): said for rung, said in RUNG_WORDS.items()}


def words(
    kind: str,
    rung: str | None,
    delegate: str | None = None,
    recipients: int | None = None,
    external: int | None = None,
    rule: str | None = None,
) -> Text:
    """What a line of this kind shows; with its rung in words, or, where another acted, from whose station it came.

    Of a message sent also to how many it went, and to how many of them outside the government's own domains; of what a
    rule judged, why.
    """
    said = KIND_WORDS.get(kind, _OTHER)
    if kind != "addressed":
        said = _with_recipients(said, recipients, external)
    elif external:
        said = Text(f"{said.vi} Người nhận ở bên ngoài.", f"{said.en} The recipient is outside.")
    if delegate:
        return Text(
            f"{said.vi} Đến từ máy hoặc tên đăng nhập của {delegate}.",
            f"{said.en} It came from the station or log-in of {delegate}.",
        )
    why = WHY.get(Rule(rule)) if rule else None
    if why:
        said = Text(f"{said.vi} {why.vi}", f"{said.en} {why.en}")
    weight = _RUNG_WORDS.get(rung or "")
    if weight is None:
        return said
    return Text(f"{said.vi} Bậc {rung}: {weight.vi}.", f"{said.en} Rung {rung}: {weight.en}.")


def _with_recipients(said: Text, recipients: int | None, external: int | None) -> Text:
    if recipients is None:
        return said
    outside = Text(f", {external} ở bên ngoài", f", {external} of them outside") if external else Text("", "")
    return Text(
        f"{said.vi} {recipients} người nhận{outside.vi}.",
        f"{said.en} {recipients} recipient{'s' if recipients != 1 else ''}{outside.en}.",
    )
