"""The kinds of exercise, as data: what is asked of the learner, and which acts prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.words import Text
from training.practice.evidence import MailKind, OfficeKind

Place = Literal["mail", "letter", "office", "deputies"]
"""Where it is done: a message of one's own; with a message that we sent; with a practice document; at the deputies."""
DAYS = 14
"""So long an exercise may be done."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of exercise. `todo` are its steps in plain words, `proof` says what it is known by.

    act: what must be found. second: it asks for a second address. told: whether the page shows the address (one that
    stands in the letter alone can only be answered). Where the document comes from: `laid` before the learner for
    approval, or `begun` by the learner.
    """

    key: str
    place: Place
    title: Text
    todo: tuple[Text, ...]
    proof: Text
    act: MailKind | OfficeKind
    second: bool = False
    told: bool = True
    document: Literal["", "laid", "begun"] = ""


_SENT = Text(
    "Nhật ký máy chủ thư cho thấy thư được gửi bằng tài khoản hộp thư của Ông/Bà.",
    "The mail server's log shows a message that was sent with the log-in of your own mailbox.",
)
_LETTER = Text(
    "Chúng tôi gửi một lá thư thực hành vào hộp thư công vụ của Ông/Bà (trong vài phút).",
    "We send a practice message to your official mailbox (within minutes).",
)
_MARKED = Text(
    "Nhật ký hộp thư cho thấy việc này được làm với lá thư của chúng tôi, trong hộp thư của Ông/Bà.",
    "The mailbox log shows that it was done with our message, in your own mailbox.",
)
_TRAIL = Text(
    "Vanthu ghi lại ai đã làm gì với văn bản thực hành.",
    "Vanthu keeps who did what with the practice document.",
)
_OPEN = Text("Mở văn bản thực hành.", "Open the practice document.")

MAIL_KINDS: tuple[Kind, ...] = (
    Kind(
        "send", "mail", Text("Gửi một thư từ hộp thư công vụ", "Send a message from your official mailbox"),
        (
            Text("Mở hộp thư công vụ của Ông/Bà như mọi ngày.", "Open your official mailbox as on any day."),
            Text("Soạn thư mới gửi tới địa chỉ dưới đây. Viết gì cũng được.",
                 "Write a new message to the address below. It may say anything."),
            Text("Bấm Gửi.", "Press Send."),
        ),
        _SENT, "sent",
    ),
    Kind(
        "send_copy", "mail", Text("Gửi một thư kèm đồng gửi", "Send a message with a copy"),
        (
            Text("Soạn một thư mới: địa chỉ thứ nhất ở ô Đến (Gửi tới).",
                 "Write one new message: the first address goes to To."),
            Text("Địa chỉ thứ hai ở ô Đồng gửi (Cc), trong cùng lá thư đó.",
                 "The second address goes to Cc, in the same message."),
            Text("Bấm Gửi một lần.", "Press Send once."),
        ),
        _SENT, "sent", second=True,
    ),
    Kind(
        "webmail", "mail", Text("Gửi một thư bằng trang thư (webmail)", "Send a message by webmail"),
        (
            Text("Mở trang thư công vụ trong trình duyệt và đăng nhập.", "Open webmail in a browser and log in."),
            Text("Soạn thư mới gửi tới địa chỉ dưới đây rồi bấm Gửi.",
                 "Write a new message to the address below and press Send."),
        ),
        Text("Nhật ký cho thấy thư đi từ máy chủ webmail, bằng tài khoản của Ông/Bà.",
             "The log shows that it left from the webmail server, with your own log-in."),
        "sent",
    ),
    Kind(
        "answer", "letter", Text("Trả lời thư của chúng tôi", "Answer the message we sent you"),
        (
            _LETTER,
            Text("Mở thư đó trong hộp thư công vụ và bấm Trả lời. Viết gì cũng được, rồi gửi.",
                 "Open it in your official mailbox and press Reply. Say anything, and send it."),
        ),
        _SENT, "sent", told=False,
    ),
    Kind(
        "read", "letter", Text("Mở và đọc thư của chúng tôi", "Open and read our message"),
        (_LETTER, Text("Mở thư đó trong hộp thư công vụ.", "Open it in your official mailbox.")),
        _MARKED, "seen",
    ),
    Kind(
        "phone", "letter", Text("Đọc thư trên điện thoại", "Read a message on your phone"),
        (
            _LETTER,
            Text("Trên điện thoại, tắt Wi-Fi của cơ quan để dùng mạng di động.",
                 "On your phone, switch the office's Wi-Fi off, so that it uses the mobile network."),
            Text("Mở thư đó trên điện thoại. Đừng mở trên máy tính trước.",
                 "Open the message there, and not on the computer before."),
        ),
        Text("Nhật ký cho thấy thư được mở từ một mạng khác với mạng Ông/Bà dùng hằng ngày.",
             "The log shows that it was opened from another network than the one you use every day."),
        "seen",
    ),
    Kind(
        "flag", "letter", Text("Đánh dấu một thư cần theo dõi", "Flag a message"),
        (_LETTER, Text("Gắn cờ (dấu sao) cho thư đó.", "Put a flag (a star) on it.")),
        _MARKED, "flagged",
    ),
    Kind(
        "file", "letter", Text("Chuyển thư vào một thư mục", "Move a message to a folder"),
        (
            _LETTER,
            Text("Chuyển thư đó vào một thư mục bất kỳ, trừ Thùng rác và Thư rác.",
                 "Move it to any folder but those for deleted mail and junk."),
        ),
        _MARKED, "filed",
    ),
    Kind(
        "delete", "letter", Text("Xóa một thư", "Delete a message"),
        (_LETTER, Text("Xóa thư đó.", "Delete it.")),
        _MARKED, "deleted",
    ),
    Kind(
        "no_forward", "letter", Text("Bỏ chuyển tiếp tự động", "Remove automatic forwarding"),
        (
            Text("Trong phần cài đặt của hộp thư, tắt mọi quy tắc tự động chuyển tiếp thư.",
                 "In the settings of your mailbox, switch every rule off that forwards mail by itself."),
            Text("Bấm nút dưới đây: chúng tôi gửi một lá thư thử.", "Press the button below: we send a trial message."),
        ),
        Text("Nhật ký cho thấy thư thử nằm lại trong hộp thư và không bị gửi đi nơi khác.",
             "The log shows that the trial message stayed in your mailbox and was sent on to nobody."),
        "arrived",
    ),
)  # fmt: skip

OFFICE_KINDS: tuple[Kind, ...] = (
    Kind(
        "comment", "office", Text("Góp ý cho một dự thảo", "Comment on a draft"),
        (_OPEN, Text("Viết một ý kiến góp ý rồi gửi.", "Write a remark and send it.")),
        _TRAIL, "remarked", document="laid",
    ),
    Kind(
        "return", "office", Text("Trả lại một dự thảo kèm ý kiến", "Return a draft with remarks"),
        (_OPEN, Text("Viết lý do rồi bấm Trả lại.", "Write why, and press Return.")),
        _TRAIL, "returned", document="laid",
    ),
    Kind(
        "approve", "office", Text("Đồng ý một dự thảo", "Agree to a draft"),
        (_OPEN, Text("Đọc rồi bấm Đồng ý.", "Read it and press Agree.")),
        _TRAIL, "agreed", document="laid",
    ),
    Kind(
        "ask_opinion", "office", Text("Xin ý kiến người khác", "Ask somebody's opinion"),
        (_OPEN, Text("Bấm Xin ý kiến và chọn một đồng nghiệp. Người đó không bị làm phiền: đây là văn bản thực hành.",
                     "Press Ask for opinion and choose a colleague. Nobody is bothered: it is a practice document.")),
        _TRAIL, "asked", document="laid",
    ),
    Kind(
        "draft", "office", Text("Soạn một văn bản đúng thể thức", "Write a document in the prescribed form"),
        (
            Text("Mở văn bản thực hành của Ông/Bà và viết vào các phần của nó.",
                 "Open your practice document and fill its parts in."),
            Text("Sửa những chỗ phần kiểm tra thể thức nêu ra, rồi lưu.",
                 "Mend what the form check names, and save."),
        ),
        Text("Bản Ông/Bà lưu sau cùng không còn lỗi thể thức.", "What you saved last has no fault of form left."),
        "revised", document="begun",
    ),
    Kind(
        "deputy", "deputies", Text("Ủy quyền khi vắng mặt", "Name a deputy"),
        (
            Text("Mở trang Ủy quyền, chọn người và khoảng thời gian. Chọn một ngày trong tương lai cũng được.",
                 "Open the page of deputies, choose somebody and a time. A day to come will do."),
            Text("Nếu chỉ là thực hành, Ông/Bà có thể kết thúc ủy quyền ngay sau khi được ghi nhận.",
                 "If it was for practice only, end it as soon as it was recorded here."),
        ),
        Text("Vanthu ghi lại việc ủy quyền do chính Ông/Bà thực hiện.",
             "Vanthu keeps that you yourself named a deputy."),
        "named",
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = MappingProxyType({one.key: one for one in (*MAIL_KINDS, *OFFICE_KINDS)})
"""Key -> kind; the key is that of the step of a course."""
