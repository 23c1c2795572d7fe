"""What a token of the API may be given: permissions in plain groups, so that whoever makes one can choose.

A token never may more than whoever it stands for, and never what is in none of these groups: the passwords of accounts
there are, recoveries, roles, deputies, tokens. With `accounts` it lets in officials who have no account yet, so such a
token is as good as a key to those: it is for the program that brings people in, and for no other. A permission that is
new is in no group until somebody puts it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.permissions import Permission
from core.words import Text


@dataclass(frozen=True, slots=True)
class Scope:
    """A group: its name in a token, its words for whoever chooses, and the permissions it holds."""

    name: str
    words: Text
    permissions: frozenset[Permission]


def _scope(name: str, vi: str, en: str, *permissions: Permission) -> Scope:
    return Scope(name, Text(vi, en), frozenset(permissions))


_ALL = (
    _scope(
        "figures",
        "Xem số liệu của thành phố, đơn vị và cán bộ; báo cáo, mục tiêu, độ phủ",
        "Read the figures of the city, of units and of officials; reports, targets, coverage",
        Permission.EOFFICE_USE_READ,
        Permission.MAIL_AUDIT_AUDIT_READ,
        Permission.MAIL_AUDIT_MAILBOX_READ,
        Permission.MAIL_AUDIT_REPORT_READ,
    ),
    _scope(
        "evidence",
        "Xem từng ngày của một cán bộ và các dòng nhật ký làm bằng chứng",
        "Read an official's days and the log lines behind them",
        Permission.MAIL_AUDIT_EVIDENCE_READ,
    ),
    _scope(
        "exports",
        "Lấy bảng số liệu ra tệp",
        "Take tables of figures away as files",
        Permission.MAIL_AUDIT_FACTS_EXPORT,
    ),
    _scope(
        "audits",
        "Bắt đầu và hủy việc kiểm tra; gửi nhật ký máy chủ; lập báo cáo",
        "Start and cancel audits; send logs; have reports made",
        Permission.MAIL_AUDIT_AUDIT_CANCEL,
        Permission.MAIL_AUDIT_AUDIT_START,
        Permission.MAIL_AUDIT_LOG_UPLOAD,
    ),
    _scope(
        "targets",
        "Đặt và bỏ mục tiêu",
        "Set targets and take them back",
        Permission.MAIL_AUDIT_TARGET_SET,
    ),
    _scope(
        "reviews.read",
        "Xem các đề nghị xem lại số liệu và các trường hợp ngoại lệ",
        "Read requests for review and exceptions",
        Permission.MAIL_AUDIT_CONTEST_READ,
        Permission.MAIL_AUDIT_EXCEPTION_READ,
    ),
    _scope(
        "reviews",
        "Xem và gửi đề nghị xem lại, trả lời đề nghị; xem, ghi và rút ngoại lệ",
        "Read and ask for reviews, answer them; read, record and take back exceptions",
        Permission.MAIL_AUDIT_CONTEST_ANSWER,
        Permission.MAIL_AUDIT_CONTEST_ASK,
        Permission.MAIL_AUDIT_CONTEST_READ,
        Permission.MAIL_AUDIT_EXCEPTION_READ,
        Permission.MAIL_AUDIT_EXCEPTION_RECORD,
    ),
    _scope(
        "sources.read",
        "Xem các nguồn nhật ký",
        "Read the sources of logs",
        Permission.MAIL_AUDIT_SOURCE_READ,
    ),
    _scope(
        "sources",
        "Thêm, ngừng và thu thập các nguồn nhật ký",
        "Add, end and collect sources of logs",
        Permission.MAIL_AUDIT_SOURCE_CHANGE,
        Permission.MAIL_AUDIT_SOURCE_COLLECT,
    ),
    _scope(
        "directory.read",
        "Xem danh bạ đơn vị, cán bộ và hộp thư",
        "Read the directory of units, officials and mailboxes",
        Permission.CORE_DIRECTORY_READ,
    ),
    _scope(
        "deputies.read",
        "Xem ai được ủy quyền thay ai",
        "Read who acts for whom",
        Permission.CORE_DEPUTY_READ,
    ),
    _scope(
        "directory",
        "Nhập danh bạ cán bộ",
        "Import the directory",
        Permission.CORE_DIRECTORY_IMPORT,
    ),
    _scope(
        "scim",
        "Ghi từng cán bộ và đơn vị theo SCIM: vào, chuyển, nghỉ",
        "Put single officials and units by SCIM: joiners, movers, leavers",
        Permission.CORE_DIRECTORY_PROVISION,
    ),
    _scope(
        "accounts.read",
        "Xem các tài khoản",
        "Read the accounts",
        Permission.CORE_ACCOUNT_READ,
    ),
    _scope(
        "accounts",
        "Tạo tài khoản cho cán bộ, mời đăng nhập; đóng, mở lại tài khoản và kết thúc phiên làm việc",
        "Make officials' accounts, invite them, close them, open them again and end their sessions",
        Permission.CORE_ACCOUNT_CLOSE,
        Permission.CORE_ACCOUNT_CREATE,
        Permission.CORE_SESSION_END,
    ),
    _scope(
        "own",
        "Xem tài khoản và số liệu của chính mình; kết thúc phiên làm việc của mình",
        "Read the own account and figures, end own sessions",
        Permission.CORE_ACCOUNT_OWN,
    ),
    _scope(
        "documents.read",
        "Đọc văn bản của mình: bản sửa, ý kiến, quá trình, việc quá hạn",
        "Read the own documents: revisions, remarks, the story, what is overdue",
        Permission.EOFFICE_BOARD_READ,
        Permission.EOFFICE_DRAFT_READ,
    ),
    _scope(
        "documents",
        "Xem văn bản đang chờ mình; đồng ý, trả lại, cho và xin ý kiến nhân danh mình",
        "Read what waits; agree, return, give and ask for opinions in the own name",
        Permission.EOFFICE_DRAFT_DECIDE,
        Permission.EOFFICE_DRAFT_READ,
        Permission.EOFFICE_REMARK_MAKE,
    ),
    _scope(
        "drafts",
        "Soạn, đính kèm và trình dự thảo nhân danh mình",
        "Write drafts, attach to them and send them off in the own name",
        Permission.EOFFICE_DRAFT_CHANGE,
        Permission.EOFFICE_DRAFT_READ,
    ),
    _scope(
        "routes",
        "Xem, lập, ngừng và dùng lại quy trình trình văn bản",
        "Read, make, retire and bring back the routes of documents",
        Permission.EOFFICE_ROUTE_CHANGE,
    ),
    _scope(
        "training.read",
        "Xem ai học gì, vì sao, ai đã xong, và đào tạo có hiệu quả không",
        "Read who learns what and why, who is done, and whether training helped",
        Permission.TRAINING_ASSIGNMENT_READ,
        Permission.TRAINING_BOARD_READ,
        Permission.TRAINING_EFFECT_READ,
    ),
    _scope(
        "training",
        "Xem việc đào tạo; lập quy tắc, bốc thăm đợt học, miễn và giao khóa học; yêu cầu tính hiệu quả",
        "Read what is learnt; make rules, draw waves, exempt, assign; have the effect of training worked out",
        Permission.TRAINING_ASSIGNMENT_READ,
        Permission.TRAINING_BOARD_READ,
        Permission.TRAINING_EFFECT_READ,
        Permission.TRAINING_EFFECT_REPORT,
        Permission.TRAINING_EXEMPTION_RECORD,
        Permission.TRAINING_RULE_CHANGE,
    ),
    _scope(
        "courses",
        "Soạn, nhập, tải và ngừng giao các khóa học",
        "Make courses: take them in and away, give them up",
        Permission.TRAINING_COURSE_CHANGE,
    ),
    _scope(
        "classes",
        "Lập, sửa, hủy lớp học; xếp chỗ, ghi người có mặt",
        "Plan, change and cancel classes, give seats, record who was there",
        Permission.TRAINING_CLASS_CHANGE,
    ),
    _scope(
        "certificates.read",
        "Xem giấy chứng nhận của cán bộ",
        "Read officials' certificates",
        Permission.TRAINING_CERTIFICATE_READ,
    ),
    _scope(
        "certificates",
        "Xem và thu hồi giấy chứng nhận của cán bộ",
        "Read officials' certificates and revoke them",
        Permission.TRAINING_CERTIFICATE_READ,
        Permission.TRAINING_CERTIFICATE_REVOKE,
    ),
    _scope(
        "learning",
        "Học nhân danh mình: bài học, bài kiểm tra, thực hành, lớp học, giấy chứng nhận của mình",
        "Learn in the own name: lessons, quizzes, practice, classes, own certificates",
        Permission.TRAINING_CLASS_ATTEND,
        Permission.TRAINING_COURSE_TAKE,
        Permission.TRAINING_PRACTICE_TRY,
    ),
    _scope(
        "mail",
        "Xem thư gửi đi và gửi lại thư bị từ chối",
        "Read outgoing mail, try again what was refused",
        Permission.CORE_MAIL_READ,
        Permission.CORE_MAIL_RETRY,
    ),
    _scope(
        "trail",
        "Xem nhật ký kiểm toán",
        "Read the audit trail",
        Permission.CORE_TRAIL_READ,
    ),
    _scope(
        "jobs",
        "Xem các công việc đang chạy nền",
        "Read the jobs that run in the background",
        Permission.CORE_JOB_READ,
    ),
)
SCOPES: Mapping[str, Scope] = MappingProxyType({one.name: one for one in _ALL})
"""Name -> group, in the order in which they are offered."""


def permissions_of(scopes: Iterable[str]) -> frozenset[Permission]:
    """What tokens with these groups may at most; a group of another version, that is not known here, gives nothing."""
    return frozenset().union(*(SCOPES[name].permissions for name in scopes if name in SCOPES))
