"""What letters say about answering by e-mail, and what became of an answer: every outcome in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.words import Text
from eoffice.models import ReplyOutcome

HOW_TO_ANSWER = Text(
    "Cách trả lời: bấm Trả lời thư này và viết ở dòng đầu một trong ba cách: “Đồng ý”; “Trả lại: lý do”; “Ý kiến: nội"
    " dung góp ý”. Chữ không dấu cũng được. Tệp gửi kèm sẽ được đính kèm vào văn bản. Không gửi nội dung mật.",
    "How to answer: reply to this message and begin the first line with “Agree”, with “Return: the reason”, or with"
    " “Comment: your words”. Files you attach are attached to the document. Send nothing that is secret.",
)
HOW_TO_GIVE_OPINION = Text(
    "Cách trả lời: bấm Trả lời thư này và viết ở dòng đầu “Đồng ý” hoặc “Ý kiến: nội dung góp ý”. Chữ không dấu cũng"
    " được. Tệp gửi kèm sẽ được đính kèm vào văn bản. Không gửi nội dung mật.",
    "How to answer: reply to this message and begin the first line with “Agree”, or with “Comment: your words”. Files"
    " you attach are attached to the document. Send nothing that is secret.",
)
PURPOSES: Mapping[str, Text] = MappingProxyType({
    "opinion": Text("Văn bản này xin ý kiến của Ông/Bà.", "This document asks for your opinion."),
    "content": Text(
        "Văn bản này chờ Ông/Bà đồng ý hoặc trả lại về nội dung.",
        "This document waits for you to answer for its content, or to return it.",
    ),
    "form": Text(
        "Văn bản này chờ Ông/Bà đồng ý hoặc trả lại về thể thức.",
        "This document waits for you to answer for its form, or to return it.",
    ),
    "approval": Text(
        "Văn bản này chờ Ông/Bà phê duyệt hoặc trả lại.", "This document waits for you to approve or to return it."
    ),
})  # fmt: skip
MARKS: Mapping[str, Text] = MappingProxyType({
    "added": Text("thêm", "added"),
    "removed": Text("bỏ", "taken out"),
    "changed": Text("sửa", "changed"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """An outcome in words: the subject of the letter, and its first sentences."""

    subject: Text
    said: Text


_NOTHING = Text("Chưa ghi nhận gì", "Nothing was recorded")


def _nothing(vi: str, en: str) -> Happened:
    return Happened(_NOTHING, Text(f"{vi} Chưa có gì thay đổi.", f"{en} Nothing was changed."))


HAPPENED: Mapping[ReplyOutcome, Happened] = MappingProxyType({
    ReplyOutcome.AGREED: Happened(
        Text("Đã ghi nhận: đồng ý", "Recorded: agreed"),
        Text(
            "Ý kiến đồng ý của Ông/Bà đã được ghi nhận. Nếu nhầm, mở văn bản trong vòng một phút để hoàn tác.",
            "Your agreement is recorded. If it was a mistake, open the document within a minute to take it back.",
        ),
    ),
    ReplyOutcome.RETURNED: Happened(
        Text("Đã ghi nhận: trả lại", "Recorded: returned"),
        Text(
            "Văn bản đã được trả lại người soạn kèm ý kiến của Ông/Bà.",
            "The document went back to its author with your remarks.",
        ),
    ),
    ReplyOutcome.OPINION: Happened(
        Text("Đã ghi nhận ý kiến", "Your opinion is recorded"),
        Text("Ý kiến của Ông/Bà đã được ghi vào văn bản.", "Your opinion stands with the document now."),
    ),
    ReplyOutcome.AUTOMATIC: _nothing("Thư tự động không được xử lý.", "Messages of programs are not dealt with."),
    ReplyOutcome.BROKEN: _nothing(
        "Không đọc được thư trả lời. Xin gửi lại bằng chữ thường, hoặc mở văn bản để trả lời.",
        "Your answer could not be read. Please send it again as plain words, or open the document.",
    ),
    ReplyOutcome.EMPTY: _nothing(
        "Thư trả lời không có nội dung phía trên phần trích dẫn.", "There were no words above what was quoted."
    ),
    ReplyOutcome.ENDED: _nothing(
        "Thư này đã quá hạn trả lời. Xin mở văn bản để cho ý kiến.",
        "It can no longer be answered by e-mail. Please open the document.",
    ),
    ReplyOutcome.FILE_REFUSED: _nothing(
        "Tệp gửi kèm không nhận được nên ý kiến cũng chưa được ghi. Xin gửi lại không kèm tệp đó.",
        "A file cannot be taken, so your answer was not recorded either. Please send it again without that file.",
    ),
    ReplyOutcome.FOREIGN: _nothing(
        "Địa chỉ trả lời này được gửi riêng cho người khác, nên Ông/Bà không dùng được.",
        "That address was given to somebody else, and only they can answer by it.",
    ),
    ReplyOutcome.FORGED: _nothing(
        "Vừa có thư trả lời văn bản này nhưng không do máy chủ thư của cơ quan xác nhận là gửi từ hộp thư công vụ của"
        " Ông/Bà, nên không được nhận. Nếu là Ông/Bà gửi, xin dùng hộp thư công vụ; nếu không, xin báo cho quản trị.",
        "An answer to this document came that the office's mail server does not vouch for as sent from your official"
        " mailbox, so it was not taken. If it was you, use that mailbox; if not, please tell the administrators.",
    ),
    ReplyOutcome.LATE: _nothing(
        "Văn bản không còn chờ ý kiến của Ông/Bà ở bước này: đã được xử lý, thu hồi hoặc chuyển tiếp.",
        "The document no longer waits for you at that step: it was decided, taken back or passed on.",
    ),
    ReplyOutcome.NO_TOKEN: _nothing(
        "Không rõ thư trả lời văn bản nào. Xin bấm Trả lời ngay trên thư báo văn bản chờ ý kiến.",
        "It is not clear which document is meant. Please reply to the very message about the document.",
    ),
    ReplyOutcome.REFUSED: _nothing("Không làm được việc này.", "That cannot be done."),
    ReplyOutcome.SECRET: _nothing(
        "Thư có dấu hiệu nội dung mật nên không được nhận và không được lưu ở đây. Xin xử lý bằng giấy theo quy định,"
        " và xóa thư khỏi hộp thư.",
        "The message is marked as secret, so it was not taken and is not kept here. Handle it on paper as the rules"
        " say, and delete it from your mailbox.",
    ),
    ReplyOutcome.STALE: _nothing(
        "Văn bản đã được sửa sau thư mà Ông/Bà trả lời. Xin xem bản mới rồi quyết định.",
        "The document was changed after the message you answered. Please look at the new text first.",
    ),
    ReplyOutcome.TOO_LARGE: _nothing(
        "Thư trả lời quá lớn. Xin gửi lại không kèm tệp, hoặc đính kèm tệp trên trang văn bản.",
        "Your answer is too large. Please send it without files, or attach them on the document's page.",
    ),
    ReplyOutcome.UNCLEAR: _nothing(
        "Chưa rõ Ông/Bà đồng ý hay trả lại. Vanthu không đoán: đồng ý kèm điều kiện hoặc kèm chỗ cần sửa cũng phải nói"
        " rõ. Nếu cần sửa, xin viết “Trả lại: …” hoặc “Ý kiến: …”; nếu không, chỉ cần “Đồng ý”.",
        "It is not clear whether you agree or return it. Vanthu does not guess: an agreement under a condition, or with"
        " something to be changed, has to be one or the other. If it has to be changed, write “Return: …” or"
        " “Comment: …”; else just “Agree”.",
    ),
    ReplyOutcome.USED: _nothing(
        "Ông/Bà đã trả lời thư này rồi; câu trả lời trước vẫn được giữ nguyên.",
        "You have answered that message already; what you said then stands.",
    ),
})  # fmt: skip
