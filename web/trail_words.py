"""What each entry of the audit trail says, in plain words. A test holds that no action is without them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.audit import TrailAction
from core.directory.services.accounts import AccountAction
from core.directory.services.closing import ClosingAction
from core.directory.services.deputies import DeputyAction
from core.directory.services.doors import IdentityAction
from core.directory.services.factors.changing import FactorAction
from core.directory.services.factors.recovering import RecoveryAction
from core.directory.services.granting import GrantAction
from core.directory.services.importing import DirectoryAction
from core.directory.services.inviting import InvitingAction
from core.directory.services.leaving import LeavingAction
from core.directory.services.links import LinkAction
from core.directory.services.provisioning import ProvisionAction
from core.directory.services.sessions import SessionAction
from core.directory.services.tokens import TokenAction
from core.mail.preferences import MailAction
from core.words import Text
from eoffice.story import words as eoffice_words
from mail_audit.actions import AuditAction
from training.actions import TrainingAction

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        TrailAction.EXPORTED: Text("xuất nhật ký kiểm toán ra tệp", "took the audit trail away as a file"),
        AccountAction.CREATE: Text("tạo tài khoản", "made an account"),
        AccountAction.LOG_IN: Text("đăng nhập", "logged in"),
        AccountAction.PASSWORD: Text("đổi mật khẩu", "changed a password"),
        AccountAction.PASSWORD_RIGHT: Text(
            "nhập đúng mật khẩu, được hỏi bước thứ hai", "gave the right password, was asked for the second step"
        ),
        AccountAction.REFUSE: Text("bị từ chối đăng nhập: sai mật khẩu", "was refused: wrong password"),
        FactorAction.APP_ADDED: Text("thêm ứng dụng tạo mã", "added an authenticator app"),
        FactorAction.APP_REMOVED: Text("bỏ ứng dụng tạo mã", "took away the authenticator app"),
        FactorAction.CODES_MADE: Text("tạo bộ mã khôi phục mới", "made new recovery codes"),
        FactorAction.CODE_USED: Text("dùng một mã khôi phục", "used a recovery code"),
        FactorAction.PASSKEY_ADDED: Text("thêm khóa truy cập", "added a passkey"),
        FactorAction.PASSKEY_REMOVED: Text("bỏ khóa truy cập", "took away a passkey"),
        FactorAction.REFUSE: Text("bị từ chối ở bước đăng nhập thứ hai", "was refused at the second step"),
        RecoveryAction.RECOVER: Text("khôi phục tài khoản cho người khác", "recovered somebody's account"),
        RecoveryAction.RENEW: Text("đặt mật khẩu mới sau khôi phục", "chose a new password after a recovery"),
        ClosingAction.CLOSE: Text("đóng tài khoản", "closed an account"),
        ClosingAction.REOPEN: Text("mở lại tài khoản", "opened an account again"),
        DeputyAction.NAME: Text("cử người được ủy quyền", "named a deputy"),
        DeputyAction.END: Text("kết thúc việc ủy quyền", "ended a deputy"),
        LeavingAction.LEAVE: Text("kết thúc quyền của người đã nghỉ", "ended what somebody who left could do"),
        GrantAction.GIVE: Text("giao một vai trò", "granted a role"),
        GrantAction.WITHDRAW: Text("thu hồi một vai trò", "withdrew a role"),
        IdentityAction.LINK: Text("gắn một cách đăng nhập khác với tài khoản", "tied another way in to an account"),
        IdentityAction.PROVED: Text(
            "được hệ thống khác xác nhận, còn bước thứ hai", "was known by another system; a second step followed"
        ),
        IdentityAction.UNLINK: Text("gỡ một cách đăng nhập khác khỏi tài khoản", "untied another way to log in"),
        SessionAction.END: Text("đăng xuất một tài khoản khỏi một nơi khác", "ended a session elsewhere"),
        SessionAction.LOG_OUT: Text("đăng xuất", "logged out"),
        TokenAction.GIVE: Text("tạo mã truy cập cho chương trình", "gave a token to a program"),
        TokenAction.REVOKE: Text("thu hồi mã truy cập", "revoked a token"),
        InvitingAction.INVITE: Text("mời cán bộ đăng nhập", "invited officials"),
        LinkAction.ASK: Text("xin liên kết đăng nhập mới", "asked for a new log-in link"),
        LinkAction.CHOOSE: Text("đặt mật khẩu bằng liên kết trong thư", "chose a password by the link of a message"),
        MailAction.CHOSEN: Text("chọn thư muốn nhận", "chose which mail to get"),
        MailAction.RETRIED: Text("cho gửi lại thư", "had messages tried again"),
        ProvisionAction.PUT: Text("ghi một cán bộ từ hệ thống nhân sự", "put an official by a personnel system"),
        ProvisionAction.REMOVE: Text("cho một cán bộ nghỉ theo hệ thống nhân sự", "had an official leave by SCIM"),
        ProvisionAction.UNIT_PUT: Text("ghi một đơn vị từ hệ thống nhân sự", "put a unit by a personnel system"),
        ProvisionAction.UNIT_REMOVE: Text("bỏ một đơn vị theo hệ thống nhân sự", "removed a unit by SCIM"),
        DirectoryAction.IMPORT: Text("nhập danh bạ cán bộ", "imported the directory"),
        **eoffice_words.ACTIONS,
        AuditAction.AUDIT_CANCELLED: Text("hủy một lần kiểm tra", "cancelled an audit"),
        AuditAction.AUDIT_DELETED: Text("xóa một lần kiểm tra", "deleted an audit"),
        AuditAction.AUDIT_STARTED: Text("bắt đầu một lần kiểm tra", "started an audit"),
        AuditAction.CENSUS_FINISHED: Text("kiểm đếm hộp thư xong", "finished a census of the mailboxes"),
        AuditAction.CENSUS_STARTED: Text("bắt đầu kiểm đếm hộp thư", "began a census of the mailboxes"),
        AuditAction.CENSUS_THINNED: Text("xóa số đếm hộp thư đã hết hạn giữ", "removed counts kept long enough"),
        AuditAction.CONTEST_ANSWERED: Text("trả lời đề nghị xem lại số liệu", "answered a request for review"),
        AuditAction.CONTEST_ANSWER_READ: Text("đọc câu trả lời cho đề nghị xem lại", "read the answer to a request"),
        AuditAction.CONTEST_ASKED: Text("đề nghị xem lại số liệu", "asked for a review of a figure"),
        AuditAction.CONTESTS_LISTED: Text("xem các đề nghị xem lại số liệu", "looked at the requests for review"),
        AuditAction.EXCEPTIONS_LISTED: Text("xem các trường hợp ngoại lệ", "looked at the exceptions on record"),
        AuditAction.EXCEPTION_ENDED: Text("ghi ngày kết thúc của một ngoại lệ", "ended an exception"),
        AuditAction.EXCEPTIONS_IMPORTED: Text("nhập các ngoại lệ từ tệp", "imported exceptions from a file"),
        AuditAction.EXCEPTION_RECORDED: Text("ghi một ngoại lệ", "recorded an exception"),
        AuditAction.EXCEPTION_WITHDRAWN: Text("rút một ngoại lệ", "took an exception back"),
        AuditAction.FACTS_EXPORTED: Text("xuất số liệu ra tệp", "took figures away as a file"),
        AuditAction.JOURNAL_ENDED: Text("dừng nhận bản sao thư", "stopped the journal"),
        AuditAction.JOURNAL_STARTED: Text("bắt đầu nhận bản sao thư", "started the journal"),
        AuditAction.JOURNAL_THINNED: Text("xóa dữ kiện thư đã hết hạn giữ", "removed journal facts kept long enough"),
        AuditAction.EVENTS_REMOVED: Text("xóa sự kiện nhật ký đã hết hạn giữ", "removed log events kept long enough"),
        AuditAction.LOG_UPLOADED: Text("gửi lên một tệp nhật ký máy chủ", "uploaded a log"),
        AuditAction.MONTH_CLOSED: Text("khóa số liệu một tháng", "closed a month"),
        AuditAction.MONTH_MEASURED: Text("tính số liệu một tháng", "measured a month"),
        AuditAction.OFFICIALS_LISTED: Text("xem danh sách cán bộ kèm số liệu", "looked at a list of people's figures"),
        AuditAction.OFFICIAL_LOOKED_AT: Text("xem số liệu của một người", "looked at somebody's figures"),
        AuditAction.PIECE_COLLECTED: Text("thu thập một phần nhật ký máy chủ", "collected a piece of a log"),
        AuditAction.REPORT_FILES_REMOVED: Text("xóa tệp báo cáo đã hết hạn giữ", "removed files of an old report"),
        AuditAction.REPORT_MADE: Text("lập báo cáo", "made a report"),
        AuditAction.REPORT_TAKEN: Text("tải báo cáo về", "took a report away as a file"),
        AuditAction.RESULT_STORED: Text("lưu kết quả kiểm tra", "stored the figures of an audit"),
        AuditAction.SEGMENTS_MERGED: Text("gộp các phần nhật ký đã thu thập", "merged collected pieces"),
        AuditAction.SOURCE_ADDED: Text("thêm nguồn nhật ký", "added a source of logs"),
        AuditAction.SOURCE_REMOVED: Text("ngừng một nguồn nhật ký", "removed a source of logs"),
        AuditAction.TARGETS_SET: Text("đặt mục tiêu", "set targets"),
        AuditAction.TARGET_WITHDRAWN: Text("bỏ mục tiêu", "took a target back"),
        TrainingAction.ASSIGNMENT_ESCALATED: Text("báo lãnh đạo khóa học quá hạn", "told a head of an overdue course"),
        TrainingAction.ASSIGNMENT_REMINDED: Text("nhắc một khóa học", "reminded somebody of a course"),
        TrainingAction.ASSIGNMENT_TOLD: Text("báo cho người học biết khóa học được giao", "told learners of a course"),
        TrainingAction.ASSIGNMENT_MADE: Text("giao một khóa học", "assigned a course"),
        TrainingAction.ASSIGNMENT_WITHDRAWN: Text("rút một lượt học", "took an assignment back"),
        TrainingAction.CAMPAIGN_CLOSED: Text(
            "đóng danh sách học, không giao cho ai", "closed a list of learners without assigning anything"
        ),
        TrainingAction.CAMPAIGN_OPENED: Text("chốt danh sách người học", "froze a list of learners"),
        TrainingAction.CAMPAIGN_SETTLED: Text("giao khóa học cho danh sách đã chốt", "assigned the course to a list"),
        TrainingAction.EXEMPTION_BEGUN: Text(
            "cho miễn theo lượt miễn bắt đầu hôm nay", "excused courses as an exemption began"
        ),
        TrainingAction.CAMPAIGN_LOOKED_AT: Text(
            "xem danh sách học của một quy tắc", "looked at who is on a rule's list"
        ),
        TrainingAction.EXEMPTIONS_LISTED: Text("xem ai được miễn học", "looked at who is exempt from learning"),
        TrainingAction.RULE_TRIED: Text("xem một quy tắc sẽ chọn ai", "looked at whom a rule would pick"),
        TrainingAction.EXEMPTION_ENDED: Text("kết thúc lượt miễn học", "ended an exemption from learning"),
        TrainingAction.EXEMPTION_RECORDED: Text("ghi lượt miễn học", "recorded an exemption from learning"),
        TrainingAction.MEMBER_FIRST: Text(
            "chọn hoặc bỏ chọn người học trước, không bốc thăm", "said who goes first without a draw, or took it back"
        ),
        TrainingAction.EXERCISE_BEGUN: Text("bắt đầu một bài thực hành", "began an exercise"),
        TrainingAction.EXERCISE_ENDED: Text("ghi nhận kết quả một bài thực hành", "recorded how an exercise ended"),
        TrainingAction.RULE_ACTIVATED: Text("áp dụng quy tắc giao khóa học", "activated a rule of training"),
        TrainingAction.RULE_MADE: Text("lập hoặc sửa quy tắc giao khóa học", "made or changed a rule of training"),
        TrainingAction.RULE_RETIRED: Text("thôi áp dụng quy tắc giao khóa học", "retired a rule of training"),
        TrainingAction.SEED_PUBLISHED: Text("công bố mã bốc thăm", "made the seed of a draw public"),
        TrainingAction.SCORM_REPORTED: Text("gói học báo kết quả", "a package reported how a lesson went"),
        TrainingAction.SCORM_TAKEN: Text("nhận gói SCORM", "took in a SCORM package"),
        TrainingAction.WAVES_BEGUN: Text("bắt đầu đợt học", "began a wave of training"),
        TrainingAction.EFFECT_REPORTED: Text("lập báo cáo hiệu quả đào tạo", "made a report of the effect of training"),
        TrainingAction.FOLLOWING_EXPORTED: Text("xuất danh sách khóa học được giao", "took assignments away as a file"),
        TrainingAction.FOLLOWING_LOOKED_AT: Text("xem ai học gì", "looked at who learns what"),
        TrainingAction.ATTEMPT_BEGUN: Text("bắt đầu một bài kiểm tra", "began a quiz"),
        TrainingAction.ATTEMPT_HANDED_IN: Text("nộp một bài kiểm tra", "handed in a quiz"),
        TrainingAction.ATTEMPT_SAVED: Text("lưu bài kiểm tra đang làm", "saved a quiz"),
        TrainingAction.COURSE_BROUGHT_BACK: Text("cho giao lại một khóa học", "let a course be assigned again"),
        TrainingAction.COURSE_CHANGED: Text("thêm hoặc sửa một khóa học", "added or changed a course"),
        TrainingAction.COURSE_RETIRED: Text("ngừng giao một khóa học", "stopped assigning a course"),
        TrainingAction.LESSON_OPENED: Text("mở một bài học", "opened a lesson"),
        TrainingAction.STEP_DONE: Text("hoàn thành một bước của khóa học", "finished a step of a course"),
        TrainingAction.ATTENDANCE_ENTERED: Text("nhập người có mặt ở lớp học", "entered who was at a class"),
        TrainingAction.ATTENDANCE_TAKEN_BACK: Text(
            "rút ghi nhận có mặt nhập nhầm", "took back a wrong entry of who was at a class"
        ),
        TrainingAction.CERTIFICATE_MADE: Text("cấp một giấy chứng nhận", "made a certificate"),
        TrainingAction.CERTIFICATE_RENEWED: Text("giao học lại trước khi hết hạn", "had a certificate renewed"),
        TrainingAction.CERTIFICATE_REVOKED: Text("thu hồi một giấy chứng nhận", "revoked a certificate"),
        TrainingAction.CLASS_CANCELLED: Text("hủy một lớp học", "cancelled a class"),
        TrainingAction.CLASS_CHANGED: Text("sửa một lớp học", "changed a class"),
        TrainingAction.CLASS_CHECKED_IN: Text("ghi nhận có mặt bằng mã trên màn hình", "checked in to a class"),
        TrainingAction.CLASS_MADE: Text("lập một lớp học", "planned a class"),
        TrainingAction.SEAT_ASKED: Text("đăng ký chỗ trong lớp học", "asked for a seat in a class"),
        TrainingAction.SEAT_LEFT: Text("trả chỗ trong lớp học", "gave back a seat in a class"),
        TrainingAction.STATEMENTS_TAKEN: Text("tải bản ghi học tập", "took statements of learning away"),
        TrainingAction.STATEMENTS_TOLD: Text("gửi bản ghi học tập tới kho lưu", "told a record store what was learnt"),
    }
)
"""Action -> what the actor did."""


def said(action: str) -> Text:
    """The words for an action; the stored name itself for one of a later version."""
    return WORDS.get(action, Text(action, action))
