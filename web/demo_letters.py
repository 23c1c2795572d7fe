"""The letters of the sample city: what its drafts say. Everything in them is invented; the city is Tân Phong."""

from __future__ import annotations

from dataclasses import dataclass

from eoffice.writing import Passage, Written


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: document type, subject, to whom, its paragraphs; `fault`: a part and the wrong words in it."""

    kind: str
    subject: str
    to: str
    body: tuple[str, ...]
    urgency: str = "normal"
    fault: tuple[str, str] | None = None


def filled(begun: Written, letter: Letter, *, issuer: str, authority: str, signer: str) -> tuple[Passage, ...]:
    """The passages of a draft that was begun, with the letter's words in them."""
    told = {
        "issuer": issuer.upper(),
        "date": "Tân Phong, ngày … tháng … năm …",
        "reference": f"V/v {letter.subject[:1].lower()}{letter.subject[1:]}",
        "subject": f"Về việc {letter.subject[:1].lower()}{letter.subject[1:]}",
        "addressee": f"Kính gửi: {letter.to}",
        "authority": authority.upper(),
        "signer": signer,
    }
    found: list[Passage] = []
    for one in begun.passages:
        if one.role == "body":
            for number, text in enumerate(letter.body):
                stop = "./." if number == len(letter.body) - 1 else "."
                found.append(Passage(one.id if number == 0 else f"{one.id}-{number + 1}", "body", text + stop))
        else:
            found.append(Passage(one.id, one.role, told.get(one.role, one.text)))
    if letter.fault is not None:
        role, words = letter.fault
        found = [Passage(one.id, one.role, words) if one.role == role else one for one in found]
    return tuple(found)


RECEPTION = Letter(
    "thong_bao",
    "Lịch tiếp công dân tháng tới",
    "",
    (
        "Lãnh đạo cơ quan tiếp công dân định kỳ vào sáng thứ Năm hằng tuần, từ 8 giờ đến 11 giờ, tại phòng tiếp dân",
        "Các phòng cử cán bộ phối hợp tiếp và chuẩn bị hồ sơ trước một ngày làm việc",
    ),
    fault=("motto", "Độc Lập - Tự Do - Hạnh Phúc"),
)
STORM = Letter(
    "cong_van",
    "Chuẩn bị phòng, chống bão",
    "Các đơn vị trực thuộc",
    (
        "Để ứng phó với cơn bão đang vào bờ, đề nghị các đơn vị trực thuộc kiểm tra trụ sở, kho và máy phát điện",
        "Đơn vị trực ban hai mươi tư giờ và báo cáo tình hình trước 16 giờ hằng ngày qua thư điện tử công vụ",
    ),
    urgency="very_urgent",
)
EMAIL = Letter(
    "ke_hoach",
    "Đẩy mạnh sử dụng thư điện tử công vụ",
    "",
    (
        "Mục tiêu: mỗi cán bộ, công chức đọc và trả lời thư điện tử công vụ trong ngày làm việc",
        "Các phòng cử một đầu mối hướng dẫn; người chưa quen được học hai buổi ngay tại phòng làm việc",
        "Kết quả được đo lại sau hai tháng và thông báo đến từng đơn vị",
    ),
)
ROADS = Letter(
    "to_trinh",
    "Sửa chữa đường vào cảng cá",
    "Lãnh đạo cơ quan",
    (
        "Đoạn đường vào cảng cá dài 1,2 km đã xuống cấp, xe chở hàng phải đi vòng trong mùa mưa",
        "Kính trình lãnh đạo xem xét, cho chủ trương sửa chữa trong quý tới bằng nguồn vốn sự nghiệp",
    ),
)
ARCHIVE = Letter(
    "cong_van",
    "Lấy ý kiến về quy chế lưu trữ",
    "Các phòng, đơn vị trực thuộc",
    (
        "Cơ quan đang soạn quy chế lưu trữ hồ sơ điện tử thay cho việc nộp bản giấy",
        "Đề nghị các phòng góp ý trực tiếp vào dự thảo; phòng nào không góp ý được hiểu là đồng ý",
    ),
)
SCHOOL = Letter(
    "cong_van",
    "Phối hợp giữ trật tự cổng trường",
    "Các đơn vị liên quan",
    (
        "Nhiều phụ huynh phản ánh ùn tắc trước cổng trường vào giờ tan học",
        "Đề nghị các đơn vị bố trí lực lượng hướng dẫn giao thông từ 16 giờ 30 phút đến 17 giờ 15 phút hằng ngày",
    ),
    urgency="urgent",
)
REPORT = Letter(
    "bao_cao",
    "Kết quả giải quyết hồ sơ trong tháng",
    "",
    (
        "Trong tháng, cơ quan tiếp nhận 412 hồ sơ, giải quyết đúng hạn 398 hồ sơ, quá hạn 14 hồ sơ",
        "Nguyên nhân chủ yếu là chờ ý kiến phối hợp; biện pháp là xin ý kiến trên mạng thay cho công văn giấy",
    ),
)
MEETING = Letter(
    "giay_moi",
    "Họp rà soát tiến độ chuyển đổi số",
    "Trưởng các phòng, đơn vị trực thuộc",
    ("Trân trọng mời dự họp rà soát tiến độ chuyển đổi số tại phòng họp số 2; tài liệu được gửi trước qua mạng",),
)
SISTER_CITY = Letter(
    "cong_van",
    "Reply to the sister city on an exchange of officials",
    "The International Office of the sister city",
    (
        "Thank you for your letter on an exchange of officials next spring; we are glad to receive six colleagues",
        "They will work with our one-stop desk and see how drafts are circulated and approved without paper",
    ),
)
PORT_VISIT = Letter(
    "cong_van",
    "Programme of the visit to the fishing port",
    "The delegation of the sister city",
    ("Please find the programme of the visit; interpreters will wait at the town hall at half past seven",),
)
HOLIDAY = Letter(
    "thong_bao",
    "Trực cơ quan trong các ngày nghỉ lễ",
    "",
    ("Mỗi phòng cử một người trực; danh sách gửi về văn thư trước ngày làm việc cuối cùng của tuần",),
)
EVERYDAY = (ARCHIVE, ROADS, SCHOOL, EMAIL, HOLIDAY, MEETING)
"""What the departments write to each other on any day."""
