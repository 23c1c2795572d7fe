"""What each entry of the trail about drafts and routes says, in plain words: for the trail's page and for a story."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.words import Text
from eoffice.actions import EofficeAction

ACTIONS: Mapping[str, Text] = MappingProxyType(
    {
        EofficeAction.ATTACHMENT_ADDED: Text("đính kèm một tệp", "attached a file"),
        EofficeAction.ATTACHMENT_REMOVED: Text("gỡ một tệp đính kèm", "took an attachment away"),
        EofficeAction.BOARD_LOOKED_AT: Text("xem ai có việc quá hạn", "looked at whose documents are overdue"),
        EofficeAction.DRAFT_AGREED: Text("đồng ý ở một bước", "agreed at a step"),
        EofficeAction.DRAFT_APPROVED: Text("phê duyệt văn bản", "approved a document"),
        EofficeAction.DRAFT_CREATED: Text("bắt đầu soạn một văn bản", "began a draft"),
        EofficeAction.DRAFT_DESCRIBED: Text("sửa loại, trích yếu, độ khẩn hoặc hạn", "changed what the document is"),
        EofficeAction.DRAFT_LINKED: Text("gắn với một văn bản khác", "linked it to another document"),
        EofficeAction.DRAFT_LOOKED_AT: Text("mở xem văn bản", "opened a document"),
        EofficeAction.DRAFT_OPINED: Text("góp ý cho văn bản", "gave an opinion"),
        EofficeAction.DRAFT_PULLED_BACK: Text("thu hồi để sửa", "pulled it back"),
        EofficeAction.DRAFT_RETURNED: Text("trả lại kèm ý kiến", "returned it with remarks"),
        EofficeAction.DRAFT_SAVED: Text("lưu một bản sửa", "saved a revision"),
        EofficeAction.DRAFT_SUBMITTED: Text("trình văn bản theo quy trình", "sent it round by a route"),
        EofficeAction.DRAFT_TAKEN_UP: Text("lấy lại dự thảo để soạn tiếp", "took a draft up again"),
        EofficeAction.DRAFT_UNDONE: Text("rút lại quyết định vừa rồi", "took a decision back"),
        EofficeAction.DRAFT_UNLINKED: Text("bỏ gắn với văn bản khác", "took a link away"),
        EofficeAction.DRAFT_UPLOADED: Text("tải lên bản soạn bằng tệp DOCX", "uploaded it as a DOCX"),
        EofficeAction.DRAFT_WITHDRAWN: Text("thôi không trình văn bản", "gave the draft up"),
        EofficeAction.OPINION_ASKED: Text("xin ý kiến người khác", "asked others for their opinion"),
        EofficeAction.REMARK_MADE: Text("ghi một góp ý", "made a remark"),
        EofficeAction.REMARK_REOPENED: Text("mở lại một góp ý", "opened a remark again"),
        EofficeAction.REMARK_RESOLVED: Text("đánh dấu góp ý đã xử lý", "marked a remark as done with"),
        EofficeAction.REPLY_REFUSED: Text("thư trả lời không được nhận", "an answer by e-mail was not taken"),
        EofficeAction.ROUTE_BROUGHT_BACK: Text("dùng lại một quy trình", "brought a route back"),
        EofficeAction.ROUTE_MADE: Text("lập hoặc sửa một quy trình", "made or changed a route"),
        EofficeAction.ROUTE_RETIRED: Text("ngừng dùng một quy trình", "retired a route"),
        EofficeAction.TASK_ESCALATED: Text("báo cáo việc quá hạn lên lãnh đạo", "told the head of an overdue step"),
        EofficeAction.TASK_HANDED_OVER: Text("chuyển việc cho người khác", "handed a turn over"),
        EofficeAction.TASK_REMINDED: Text("nhắc việc sắp đến hạn", "reminded of a deadline"),
        EofficeAction.USE_EXPORTED: Text("tải số liệu sử dụng văn phòng điện tử về", "took figures of use away"),
        EofficeAction.USE_LISTED: Text("xem danh sách người dùng văn phòng điện tử", "looked at people's use"),
    }
)
"""Action -> what the actor did."""
PURPOSES: Mapping[str, Text] = MappingProxyType(
    {
        "opinion": Text("góp ý", "opinion"),
        "content": Text("chịu trách nhiệm nội dung", "answers for the content"),
        "form": Text("chịu trách nhiệm thể thức", "answers for the form"),
        "approval": Text("phê duyệt", "approval"),
    }
)
KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "serial": Text("lần lượt từng người", "one after the other"),
        "all": Text("tất cả cùng lúc", "everybody, at once"),
        "any": Text("một người bất kỳ", "any one of them"),
        "n_of_m": Text("đủ số người", "so many of them"),
    }
)
STATES: Mapping[str, Text] = MappingProxyType(
    {
        "drafting": Text("đang soạn", "being written"),
        "on_route": Text("đang xử lý", "on its way"),
        "returned": Text("đã trả lại người soạn", "returned to its author"),
        "approved": Text("đã duyệt", "approved"),
        "withdrawn": Text("đã thôi soạn", "given up"),
    }
)
HEADINGS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Quá trình xử lý văn bản", "The story of a document"),
        "type": Text("Loại văn bản", "Type"),
        "drafter": Text("Người soạn", "Author"),
        "unit": Text("Đơn vị", "Unit"),
        "state": Text("Trạng thái", "State"),
        "content_by": Text("Chịu trách nhiệm nội dung", "Answers for the content"),
        "form_by": Text("Chịu trách nhiệm thể thức", "Answers for the form"),
        "approved_by": Text("Người phê duyệt", "Approved by"),
        "when": Text("Lúc", "When"),
        "who": Text("Ai", "Who"),
        "what": Text("Việc gì", "What"),
        "revision": Text("bản", "version"),
        "acting_for": Text("thay", "for"),
        "by_mail": Text("bằng thư", "by e-mail"),
        "program": Text("Chương trình", "The program"),
        "none": Text("chưa có", "nobody yet"),
    }
)
