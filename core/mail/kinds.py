"""What mail is about: every kind there is, its name, and why somebody gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.words import Text


class MailKind(StrEnum):
    """Every kind of mail, `<package>:<thing>:<what happened>`, in alphabetical order."""

    CORE_ACCOUNT_FORGOTTEN = "core:account:forgotten"
    CORE_ACCOUNT_INVITED = "core:account:invited"
    CORE_MAIL_DIGEST = "core:mail:digest"
    CORE_MAIL_TRIED = "core:mail:tried"
    CORE_TRAIL_HEAD = "core:trail:head"
    EOFFICE_DRAFT_DECIDED = "eoffice:draft:decided"
    EOFFICE_REMARK_MADE = "eoffice:remark:made"
    EOFFICE_REPLY_ANSWERED = "eoffice:reply:answered"
    EOFFICE_TURN_ASKED = "eoffice:turn:asked"
    EOFFICE_TURN_CAME = "eoffice:turn:came"
    EOFFICE_TURN_LATE = "eoffice:turn:late"
    EOFFICE_TURN_REMINDED = "eoffice:turn:reminded"
    MAIL_AUDIT_CONTEST_ANSWERED = "mail_audit:contest:answered"
    MAIL_AUDIT_CONTEST_ASKED = "mail_audit:contest:asked"
    MAIL_AUDIT_EXCEPTION_RECORDED = "mail_audit:exception:recorded"
    MAIL_AUDIT_SOURCE_GAP = "mail_audit:source:gap"
    TRAINING_CERTIFICATE_EARNED = "training:certificate:earned"
    TRAINING_CLASS_CHANGED = "training:class:changed"
    TRAINING_CLASS_INVITED = "training:class:invited"
    TRAINING_COURSE_ASSIGNED = "training:course:assigned"
    TRAINING_COURSE_DUE = "training:course:due"
    TRAINING_COURSE_LATE = "training:course:late"
    TRAINING_PRACTICE_SENT = "training:practice:sent"


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind in words: its name as it stands among the preferences, and the reason why somebody is told."""

    name: Text
    why: Text


NAMES: Mapping[MailKind, Text] = MappingProxyType(
    {
        MailKind.CORE_ACCOUNT_FORGOTTEN: Text("Đặt lại mật khẩu", "A forgotten password"),
        MailKind.CORE_ACCOUNT_INVITED: Text("Thư mời", "An invitation"),
        MailKind.CORE_MAIL_DIGEST: Text("Lá thư trong ngày", "The day's message"),
        MailKind.CORE_MAIL_TRIED: Text("Thư thử", "A trial message"),
        MailKind.CORE_TRAIL_HEAD: Text("Mã đầu nhật ký", "The head of the trail"),
        MailKind.EOFFICE_REPLY_ANSWERED: Text("Kết quả của thư trả lời", "What became of an answer by e-mail"),
        MailKind.EOFFICE_TURN_ASKED: Text(
            "Văn bản chờ ý kiến, trả lời được bằng thư", "A document to answer by e-mail"
        ),
        MailKind.TRAINING_CLASS_INVITED: Text("Lịch lớp học", "A class for the calendar"),
        MailKind.TRAINING_PRACTICE_SENT: Text("Thư thực hành", "A practice message"),
    }
)
"""Names of the kinds that are messages of their own."""

TOLD: Mapping[MailKind, KindWords] = MappingProxyType(
    {
        MailKind.EOFFICE_DRAFT_DECIDED: KindWords(
            Text("Văn bản tôi soạn được duyệt hoặc trả lại", "My drafts approved or returned"),
            Text("vì Ông/Bà soạn thảo văn bản này", "because you wrote this draft"),
        ),
        MailKind.EOFFICE_REMARK_MADE: KindWords(
            Text("Góp ý mới cho văn bản tôi soạn hoặc đã cho ý kiến", "New remarks on documents I have a part in"),
            Text(
                "vì Ông/Bà soạn văn bản này, hoặc đang hay đã cho ý kiến về văn bản",
                "because you wrote this document, or it waits or waited for you",
            ),
        ),
        MailKind.EOFFICE_TURN_CAME: KindWords(
            Text("Văn bản chờ ý kiến của tôi", "Documents that wait for me"),
            Text("vì văn bản này đang chờ ý kiến của Ông/Bà", "because this document waits for you"),
        ),
        MailKind.EOFFICE_TURN_LATE: KindWords(
            Text("Việc quá hạn của đơn vị tôi phụ trách", "What is overdue in a unit I lead"),
            Text(
                "vì Ông/Bà là lãnh đạo của đơn vị có việc quá hạn",
                "because you lead the unit in which something is overdue",
            ),
        ),
        MailKind.EOFFICE_TURN_REMINDED: KindWords(
            Text("Văn bản chờ tôi sắp hết hạn", "Deadlines of documents that wait for me"),
            Text(
                "vì văn bản này chờ ý kiến của Ông/Bà và sắp hết hạn",
                "because this document waits for you and its deadline is near",
            ),
        ),
        MailKind.MAIL_AUDIT_CONTEST_ANSWERED: KindWords(
            Text("Trả lời đề nghị xem lại số liệu", "Answers to a request for review"),
            Text(
                "vì Ông/Bà đã đề nghị xem lại số liệu này, hoặc số liệu là của Ông/Bà",
                "because you asked for a review of this figure, or it is yours",
            ),
        ),
        MailKind.MAIL_AUDIT_CONTEST_ASKED: KindWords(
            Text("Đề nghị xem lại số liệu đang chờ trả lời", "Requests for review that wait for an answer"),
            Text(
                "vì tài khoản của Ông/Bà được quyền trả lời đề nghị xem lại số liệu",
                "because your account may answer requests for review",
            ),
        ),
        MailKind.MAIL_AUDIT_EXCEPTION_RECORDED: KindWords(
            Text("Ngoại lệ được ghi nhận về tôi", "Exceptions recorded about me"),
            Text(
                "vì ngoại lệ này được ghi nhận về Ông/Bà",
                "because this exception was recorded about you",
            ),
        ),
        MailKind.MAIL_AUDIT_SOURCE_GAP: KindWords(
            Text("Thiếu nhật ký máy chủ", "Gaps in the logs"),
            Text(
                "vì tài khoản của Ông/Bà được quyền quản lý nguồn nhật ký",
                "because your account looks after the sources of logs",
            ),
        ),
        MailKind.TRAINING_CERTIFICATE_EARNED: KindWords(
            Text("Giấy chứng nhận của tôi", "My certificates"),
            Text("vì Ông/Bà đã hoàn thành khóa học này", "because you completed this course"),
        ),
        MailKind.TRAINING_CLASS_CHANGED: KindWords(
            Text("Lớp học của tôi", "My classes"),
            Text(
                "vì Ông/Bà có tên trong danh sách của lớp học này",
                "because you are on the list of this class",
            ),
        ),
        MailKind.TRAINING_COURSE_ASSIGNED: KindWords(
            Text("Khóa học mới giao cho tôi", "Courses that are assigned to me"),
            Text("vì Ông/Bà được giao khóa học này", "because this course was assigned to you"),
        ),
        MailKind.TRAINING_COURSE_DUE: KindWords(
            Text("Khóa học của tôi sắp đến hạn", "Courses of mine that are due soon"),
            Text(
                "vì Ông/Bà được giao khóa học này và chưa học xong",
                "because this course was assigned to you and is not done yet",
            ),
        ),
        MailKind.TRAINING_COURSE_LATE: KindWords(
            Text("Khóa học quá hạn trong đơn vị tôi phụ trách", "Courses that are overdue in a unit I lead"),
            Text(
                "vì Ông/Bà là lãnh đạo đơn vị của người chưa học xong",
                "because you lead the unit of somebody who has not done a course in time",
            ),
        ),
    }
)
"""The kinds that are lines of the day's mail and may be switched off; the others are sent at once and cannot be."""


def name_of(kind: str) -> Text:
    """A kind's name; the stored name itself for one of a later version."""
    words = {**NAMES, **{one: said.name for one, said in TOLD.items()}}
    return words.get(MailKind(kind), Text(kind, kind)) if kind in set(MailKind) else Text(kind, kind)
