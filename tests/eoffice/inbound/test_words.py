"""What is the person's own in an answer, and what it means: mail programs quote in many ways, and people hedge."""

from __future__ import annotations

import unicodedata
from email.message import EmailMessage
from typing import Literal

import pytest

from core.directory.name_order import folded
from eoffice.replying.quotes import own_words
from eoffice.replying.reading import read_mail
from eoffice.replying.wishes import BESIDE, CONDITIONS, HARMLESS, RESERVATIONS, Wish, wish_of

Form = Literal["NFC", "NFD"]
QUOTED = {
    "Gmail, English": "On Sun, Nov 22, 2026 at 10:30 AM Vanthu <vanthu@tp.example.gov.vn> wrote:",
    "Gmail, broken in two": "Vào CN, 22 thg 11, 2026 vào lúc 10:30 Vanthu <vanthu@tp.example.gov.vn>\nđã viết:",
    "Gmail, broken inside": "Vào 10:30, CN, 22 thg 11, 2026 Vanthu <traloi@tp.example.gov.vn> đã\nviết:",
    "iOS": "Vào 22 thg 11, 2026, lúc 10:30, Vanthu <vanthu@tp.example.gov.vn> đã viết:",
    "Yahoo": "Vào Chủ Nhật, 22 tháng 11, 2026 lúc 10:30:00 GMT+7, Vanthu <a@tp.example.gov.vn> đã viết:",
    "Roundcube": "Lúc 2026-11-22 10:30, Vanthu đã viết:",
    "Thunderbird": "Ngày 22/11/2026 10:30, Vanthu đã viết:",
    "only the address": "22/11/2026 10:30, Vanthu <a@tp.example.gov.vn> đã viết:",
    "Outlook": "Từ: Vanthu <a@b.vn>\nĐã gửi: 22/11/2026\nĐến: C\nChủ đề: D",
    "Outlook, English": "From: Vanthu <a@b.vn>\nSent: Sunday, 22 November 2026 10:30\nTo: B <c@d.vn>\nSubject: X",
    "Outlook on a Mac": "From: Vanthu <a@b.vn>\nDate: Sunday, 22 November 2026 at 10:30\nTo: B <c@d.vn>\nSubject: X",
    "Outlook, as stars": "*From:* Vanthu <a@b.vn>\n*Sent:* Sunday\n*To:* x\n*Subject:* y",
    "Outlook on a telephone": "________________________________\nTừ: Vanthu",
    "Zimbra": "----- Original Message -----\nFrom: Vanthu",
    "Zimbra, Vietnamese": "----- Thư gốc -----\nTừ: Vanthu",
    "Zimbra, Vietnamese, older": "----- Thông điệp gốc -----\nTừ: Vanthu",
    "Zimbra, a head": 'Từ: "Vanthu" <a@b.vn>\nTới: x\nGửi lúc: Chủ nhật\nTiêu đề: y',
    "Samsung": "-------- Tin nhắn gốc --------\nTừ: Vanthu",
    "signature of iOS": "Đã gửi từ iPhone của tôi",
    "signature of Outlook on iOS": "Tải Outlook cho iOS<https://aka.ms/o0ukef>",
    "signature of Outlook on Android": "Nhận Outlook cho Android<https://aka.ms/AAb9ysg>",
    "signature of Samsung": "Được gửi từ điện thoại Samsung Galaxy của tôi.",
}


@pytest.mark.parametrize("mark", QUOTED.values(), ids=QUOTED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_a_mail_program_puts_below_is_not_the_person_s(mark: str, form: Form) -> None:
    said = f"Trả lại: thiếu căn cứ\nĐiều 3\n\n{mark}\nĐồng ý\n> Đồng ý"
    assert own_words(unicodedata.normalize(form, said)) == "Trả lại: thiếu căn cứ\nĐiều 3"


@pytest.mark.parametrize(
    ("said", "remark"),
    [
        ("Đồng ý", ""),
        ("Tôi đồng ý.", ""),
        ("Đồng ý phát hành", "phát hành"),
        ("Đồng ý, hãy phát hành ngay", "hãy phát hành ngay"),
        ("Đồng ý với những nội dung trên", "với những nội dung trên"),
        ("Đồng ý, không có ý kiến gì thêm", "không có ý kiến gì thêm"),
        ("Đồng ý, không sửa gì", "không sửa gì"),
        ("Agree, no further comments", "no further comments"),
        ("Agreed, no changes", "no changes"),
        ("Đồng ý.\n\nTrần Văn Chính\nTrụ sở: 12 Lê Lợi", "Trần Văn Chính\nTrụ sở: 12 Lê Lợi"),
    ],
)
def test_what_agrees_and_nothing_else(said: str, remark: str) -> None:
    found = wish_of(said)
    assert (found.meaning, found.remark) == ("agree", remark)


@pytest.mark.parametrize(
    "disclaimer",
    [
        "Thư này chỉ dành cho người nhận. Nếu Ông/Bà không phải là người nhận, xin xóa thư và không sao chép.",
        "If you are not the intended recipient, please delete this message. Unless stated, nothing here is binding.",
    ],
)
def test_what_a_server_puts_below_every_message_does_not_take_it_back(disclaimer: str) -> None:
    assert wish_of(f"Đồng ý phát hành.\n\n{disclaimer}").meaning == "agree"


@pytest.mark.parametrize(
    "said",
    [
        "Đồng ý. Tuy nhiên đề nghị bỏ đoạn 3.",
        "Đồng ý\nNhưng sửa lại mục 2",
        "Đồng ý, cần sửa lại điều 3",
        "Dong y, can sua lai dieu 3",
        "Đồng ý về nội dung, đề nghị sửa lỗi chính tả",
        "Đồng ý - bổ sung thêm căn cứ Nghị định 30",
        "Nhất trí với dự thảo, đề nghị chỉnh sửa theo góp ý của Sở Tài chính",
        "Đồng ý cơ bản",
        "Đồng ý về nguyên tắc",
        "Đồng ý nhé. Chưa ban hành vội.",
        "Đồng ý; nếu kịp thì gửi hôm nay",
        "Đồng ý.\n\nTrần Văn A\n\nĐề nghị sửa tên người nhận.",
        "Agreed subject to changes in paragraph 2",
        "Agree after the legal check",
        "Approved pending the budget",
        "Approve with changes",
        "I agree with the exception of 3",
        "I agree in principle",
        "Agree\nPlease wait, do not send before Monday",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_who_agrees_and_wants_something_else_is_asked(said: str, form: Form) -> None:
    """An approval that nobody gave is worse than a question too many."""
    assert wish_of(unicodedata.normalize(form, said)).meaning == "unclear"


def test_a_text_file_that_is_shown_inline_is_a_file_and_no_words_of_the_person() -> None:
    """Apple's program sends one so: what it says must neither agree nor make the agreement unclear."""
    mail = EmailMessage()
    mail["From"] = "binh@tp.example.gov.vn"
    mail.set_content("Đồng ý")
    mail.add_attachment("Trả lại: thiếu căn cứ, cần sửa.", filename="ghi-chu.txt", disposition="inline")
    read = read_mail(mail.as_bytes(), size_limit=100_000)
    assert (wish_of(read.words), [one.name for one in read.files]) == (Wish("agree", ""), ["ghi-chu.txt"])
    alone = EmailMessage()
    alone.set_content("Đồng ý", filename="part.txt", disposition="inline")
    assert read_mail(alone.as_bytes(), size_limit=100_000).words == "Đồng ý"


@pytest.mark.parametrize("phrases", [BESIDE, CONDITIONS, RESERVATIONS, HARMLESS])
def test_what_is_looked_for_is_written_as_it_is_found(phrases: tuple[str, ...]) -> None:
    assert [one for one in phrases if one != " ".join(folded(one).split())] == []
    assert len(set(phrases)) == len(phrases)
