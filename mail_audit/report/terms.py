"""The words every rendering of a report uses for the same thing: classes, rungs, ranks, columns, headings.

The renderings (HTML, PDF, XLSX, CSV, terminal) and the web pages take their words from here, so that a class is
called the same wherever somebody meets it. Numbers and dates are put in words by `numbers`.
"""

from __future__ import annotations

from typing import Literal

from core.words import Text
from mail_audit.report.model import Rank, Rung, UsageClass

DayState = Literal["acted", "machine", "nothing", "no_data", "day_off"]
DAY_STATES: tuple[DayState, ...] = ("acted", "machine", "nothing", "no_data", "day_off")

CLASS_WORDS: dict[UsageClass, Text] = {
    "regular": Text("dùng thường xuyên", "uses it regularly"),
    "occasional": Text("dùng thỉnh thoảng", "uses it now and then"),
    "delegated": Text("người khác dùng hộ", "somebody else uses it for them"),
    "forwarded": Text("chuyển tiếp ra thư riêng", "forwarded to private mail"),
    "machine": Text("chỉ có máy truy cập", "only a device connects"),
    "none": Text("không dùng", "not used"),
    "unknown": Text("không có dữ liệu", "no data"),
}
"""The class of a mailbox's owner in a few words, for a cell or a tag."""

CLASS_MEANINGS: dict[UsageClass, Text] = {
    "regular": Text(
        "Có bằng chứng bậc A hoặc B trong ít nhất một nửa số ngày làm việc có nhật ký (ngưỡng đặt được).",
        "Evidence of rung A or B on at least half of the covered working days (the threshold is a setting).",
    ),
    "occasional": Text(
        "Có bằng chứng bậc A hoặc B, nhưng trong ít ngày hơn ngưỡng đó.",
        "Evidence of rung A or B, on fewer days than that.",
    ),
    "delegated": Text(
        "Việc đọc và gửi đến từ máy hoặc tên đăng nhập của một người khác, hoặc thư đến được tự động chuyển sang một "
        "hộp thư công vụ khác; đây là bằng chứng, không phải kết luận.",
        "The acts come from another official's station or log-in, or a rule passes the mail on to another official "
        "mailbox; this is evidence, not a verdict.",
    ),
    "forwarded": Text(
        "Thư được tự động chuyển tiếp ra hộp thư ngoài cơ quan nhà nước và không ai làm việc trong hộp thư này.",
        "Mail leaves the government by a standing forward and nobody acts in this mailbox.",
    ),
    "machine": Text(
        "Chỉ có thiết bị hoặc máy chủ tự kết nối, chưa thấy người nào thao tác.",
        "Only a device or a server acts; no act of a person was seen.",
    ),
    "none": Text(
        "Có nhật ký cho cả kỳ và không thấy hoạt động nào, hoặc chưa được cấp hộp thư.",
        "Covered by the logs, and nothing was seen; or the official has no mailbox.",
    ),
    "unknown": Text(
        "Nhật ký không đủ để nói; không được tính vào tỷ lệ và không bao giờ được coi là không dùng.",
        "The logs do not suffice to tell; left out of every rate and never taken as not used.",
    ),
}
"""What each class means, one sentence, for the definitions at the foot of a report."""

RUNG_WORDS: dict[Rung, Text] = {
    "A": Text("chắc chắn là người dùng", "the person certainly acted"),
    "B": Text("có lẽ là người dùng", "the person probably acted"),
    "C": Text("dấu hiệu yếu", "weak sign"),
    "D": Text("máy", "a machine"),
    "U": Text("không rõ", "unknown"),
}
"""A rung of the evidence ladder in a few words; always shown after its letter."""

RUNG_MEANINGS: dict[Rung, Text] = {
    "A": Text(
        "Gửi thư sau khi đăng nhập, không theo lịch của máy; đánh dấu đã đọc, trả lời, xóa; lưu vào thư mục Đã gửi; "
        "mở thư trên webmail.",
        "A message submitted after log-in, outside a schedule; a message marked as read, answered or deleted; "
        "a copy saved to Sent; a message opened in webmail.",
    ),
    "B": Text(
        "Tải trọn nội dung một vài thư theo nhịp của con người trong một lần ngồi.",
        "A few whole messages fetched at human pace in one sitting.",
    ),
    "C": Text(
        "Chỉ tải phần đầu thư, hoặc tải mọi thư mới theo nhịp cố định.",
        "Headers only, or every new message fetched at a fixed gap.",
    ),
    "D": Text(
        "Chỉ đăng nhập và hỏi trạng thái, nhịp cố định, hoặc thư do máy chủ tự trả lời.",
        "Log-ins and status requests only, fixed gaps, or replies made by the server.",
    ),
    "U": Text(
        "Nhật ký thiếu số đếm, thiếu ngày hoặc thiếu máy chủ.",
        "Counters are missing, or days or servers are not covered by any log.",
    ),
}
"""What stands on each rung, one sentence."""

RANK_WORDS: dict[Rank, Text] = {
    "leader": Text("lãnh đạo", "leader"),
    "staff": Text("chuyên viên, nhân viên", "staff"),
}

DAY_WORDS: dict[DayState, Text] = {
    "acted": Text("có dùng", "acted"),
    "machine": Text("chỉ có máy", "only a machine"),
    "nothing": Text("không có gì", "nothing"),
    "no_data": Text("không có dữ liệu", "no data"),
    "day_off": Text("ngày nghỉ", "day off"),
}
"""The state of one day in a calendar."""

MAILBOX_KIND_WORDS: dict[Literal["personal", "shared", "service", "unlisted"], Text] = {
    "personal": Text("hộp thư cá nhân", "personal mailbox"),
    "shared": Text("hộp thư dùng chung", "shared mailbox"),
    "service": Text("tài khoản của hệ thống", "service account"),
    "unlisted": Text("không có trong danh bạ", "not in the directory"),
}

COLUMNS: dict[str, Text] = {
    "unit": Text("Đơn vị", "Unit"),
    "parent": Text("Đơn vị cấp trên", "Parent unit"),
    "official_id": Text("Mã", "ID"),
    "name": Text("Họ và tên", "Name"),
    "title": Text("Chức vụ", "Title"),
    "rank": Text("Nhóm", "Group"),
    "mailboxes": Text("Hộp thư", "Mailbox"),
    "class": Text("Mức sử dụng", "Use"),
    "rung": Text("Bậc bằng chứng", "Rung of evidence"),
    "sent": Text("Thư gửi", "Sent"),
    "sent_recipients": Text("Người nhận", "Recipients"),
    "sent_external": Text("Người nhận bên ngoài", "Recipients outside"),
    "received": Text("Thư nhận", "Received"),
    "logins": Text("Lần đăng nhập", "Log-ins"),
    "failed_logins": Text("Đăng nhập bị từ chối", "Refused log-ins"),
    "opened": Text("Thư đã mở", "Opened"),
    "active_days": Text("Ngày có dùng", "Days in use"),
    "active_working_days": Text("Ngày làm việc có dùng", "Working days in use"),
    "covered_working_days": Text("Ngày làm việc có nhật ký", "Covered working days"),
    "reasons": Text("Căn cứ", "Reasons"),
    "leaders": Text("Lãnh đạo", "Leaders"),
    "staff": Text("Chuyên viên, nhân viên", "Staff"),
    "total": Text("Tổng số", "Total"),
    "using": Text("Có dùng", "Using"),
    "unknown": Text("Không có dữ liệu", "No data"),
    "rate": Text("Tỷ lệ", "Rate"),
    "no_mailbox": Text("Chưa có hộp thư", "Without a mailbox"),
    "finding": Text("Nhận định", "Finding"),
    "kind": Text("Loại", "Kind"),
    "figures": Text("Số liệu", "Figures"),
    "mailbox": Text("Hộp thư", "Mailbox"),
    "file": Text("Tệp", "File"),
    "offset": Text("Vị trí (byte)", "Position (byte)"),
    "reason": Text("Lý do", "Reason"),
    "meaning": Text("Nghĩa", "Meaning"),
    "week": Text("Tuần từ ngày", "Week from"),
    "date": Text("Ngày", "Date"),
    "what": Text("Nội dung", "Item"),
    "value": Text("Giá trị", "Value"),
}
"""Headings of columns; the keys are those of the published JSON where it has one."""

HEADINGS: dict[str, Text] = {
    "report": Text("Việc sử dụng thư điện tử công vụ", "Use of official e-mail"),
    "summary": Text("Tổng hợp", "Summary"),
    "findings": Text("Nhận định", "Findings"),
    "units": Text("Theo đơn vị", "By unit"),
    "officials": Text("Cán bộ, công chức", "Officials"),
    "coverage": Text("Độ phủ nhật ký", "Coverage of the logs"),
    "cannot_tell": Text("Nhật ký không cho biết", "What the logs cannot tell"),
    "broken": Text("Dòng không đọc được", "Lines that could not be read"),
    "unassigned": Text("Hộp thư chưa gắn với người", "Mailboxes without an official"),
    "without_mailbox": Text("Cán bộ, công chức chưa có hộp thư", "Officials without a mailbox"),
    "definitions": Text("Cách hiểu số liệu", "How to read the figures"),
    "classes": Text("Mức sử dụng", "Classes of use"),
    "rungs": Text("Bậc bằng chứng", "Rungs of evidence"),
    "contents": Text("Nội dung", "Contents"),
    "city": Text("Tất cả các đơn vị", "All units"),
    "period": Text("Kỳ kiểm tra", "Period"),
    "working_days": Text("Số ngày làm việc trong kỳ", "Working days in the period"),
    "appendix": Text("Phụ lục: cán bộ, công chức", "Appendix: officials"),
    "using_last": Text("Có dùng trong những ngày gần nhất", "Using in the last days"),
}

COVERAGE: dict[str, Text] = {
    "lines": Text("Số dòng đã đọc", "Lines read"),
    "events": Text("Dòng là sự kiện", "Lines that are events"),
    "not_of_interest": Text("Dòng không liên quan", "Lines not of interest"),
    "broken": Text("Dòng không đọc được", "Lines that could not be read"),
    "covered_days": Text("Ngày có nhật ký", "Days covered"),
    "missing_days": Text("Ngày không có nhật ký", "Days without logs"),
    "hosts": Text("Máy chủ", "Servers"),
    "files": Text("Tệp nhật ký", "Log files"),
}


def a_copy(other: str) -> Text:
    """What is said of a log whose lines stand in another."""
    return Text(f"bản sao, đã đếm ở {other}", f"a copy, counted in {other}")


NO_DATA = Text("không có dữ liệu", "no data")
DASH = "–"
"""Stands in a narrow cell for a figure the logs cannot give; never zero. Wherever it stands, LEGEND stands near."""
LEGEND = Text("– nghĩa là không có dữ liệu, không phải là 0.", "– means no data, not zero.")
NOTHING = Text("Không có.", "None.")
RATE_NOTE = Text(
    "Tỷ lệ là số người dùng thường xuyên hoặc thỉnh thoảng trên số người mà nhật ký cho biết được, "
    "gồm cả các đơn vị trực thuộc.",
    "A rate is those who use it regularly or now and then among those the logs can judge, sub-units included.",
)
UNITS_CAPTION = Text(
    "Lãnh đạo và chuyên viên, nhân viên có dùng, theo đơn vị (? là số người không có dữ liệu)",
    "Leaders and staff using it, by unit (? is how many there is no data for)",
)
