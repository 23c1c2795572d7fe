"""The picture of the sample city: its units, how many lead and serve in each, and how many of them write e-mail.

The figures tell what a vice-chairman read out in 2014: half of all leaders use official e-mail; 13 % in the
construction department (2 of 15); nobody in one department and a single person in another; two far rural districts
with every leader and fewer of the staff; a district with nobody; two districts where only the party secretary writes;
a fire brigade where one person abstains. City, units and people are fictional.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Habit = Literal[
    "writes",  # reads with \Seen and sends: rung A
    "reads",  # only reads, seen by flag changes: rung A
    "mornings",  # reads once every working day, soon after the office opens: rung A, and no machine
    "fetches",  # only reads, seen by body counters: rung B
    "webmail",  # reads and writes in the browser, log-ins from 127.0.0.1: rung A
    "downloads",  # a POP3 client that fetches, and sends by hand: rung A by the sends
    "phone",  # a telephone that asks for new mail at a fixed gap: rung D
    "idle",  # a telephone that holds IDLE connections and renews them at a fixed gap: rung D
    "syncs",  # a programme that copies every new body at a fixed gap: rung C
    "pulls",  # a POP3 programme that downloads everything at a fixed gap: rung C
    "scanner",  # a device that submits by the clock under the official's log-in: rung D
    "redirects",  # sieve redirect, nothing kept
    "copies",  # sieve redirect :copy, nobody reads what is kept
    "aliased",  # a virtual alias of the mail server leads to private mail
    "delegates",  # a clerk works in the mailbox from the clerk's own station
    "silent",  # the mailbox receives, nobody comes
    "no_mailbox",
]

USING_HABITS: tuple[Habit, ...] = ("writes", "reads", "mornings", "fetches", "webmail", "downloads")
MIXED: tuple[Habit, ...] = (
    "silent",
    "phone",
    "redirects",
    "delegates",
    "silent",
    "idle",
    "copies",
    "no_mailbox",
    "syncs",
    "silent",
    "aliased",
    "phone",
    "pulls",
)
STAFF: tuple[Habit, ...] = (
    "silent",
    "phone",
    "silent",
    "no_mailbox",
    "silent",
    "pulls",
    "silent",
    "copies",
    "silent",
    "idle",
    "silent",
    "syncs",
    "silent",
    "silent",
)
OFFICE: tuple[Habit, ...] = ("scanner", "phone", "silent", "silent")
QUIET: tuple[Habit, ...] = ("silent", "no_mailbox", "silent")
FORWARDS: tuple[Habit, ...] = ("redirects", "copies", "redirects", "aliased", "silent")
DEVICES: tuple[Habit, ...] = ("phone", "idle", "phone", "syncs", "phone")


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """One unit below the city: people who lead, how many of them use e-mail, and the share of staff who do."""

    code: str
    name: str
    leaders: int
    using: int
    staff_weight: int
    staff_share: float
    abstaining: tuple[Habit, ...] = MIXED
    """What those who do not use it do instead, in turn."""
    head: str = "Giám đốc"
    deputy: str = "Phó Giám đốc"
    offices: tuple[str, ...] = ()
    staff_abstaining: tuple[Habit, ...] = STAFF
    one_address: bool = False
    """The whole unit reaches the server through one public address."""


CITY = UnitPlan(
    "tp", "Ủy ban nhân dân thành phố Tân Phong", 5, 3, 0, 0.0, ("silent", "delegates"), "Chủ tịch", "Phó Chủ tịch"
)

_DEPARTMENT = ("Văn phòng", "Thanh tra")
_CHAIR = ("Bí thư", "Phó Chủ tịch")


def _department(
    code: str,
    name: str,
    leaders: int,
    using: int,
    weight: int,
    share: float,
    *offices: str,
    abstaining: tuple[Habit, ...] = MIXED,
) -> UnitPlan:
    staff = STAFF if abstaining is MIXED else abstaining
    return UnitPlan(
        code, name, leaders, using, weight, share, abstaining, offices=_DEPARTMENT + offices, staff_abstaining=staff
    )


def _district(
    code: str,
    name: str,
    leaders: int,
    using: int,
    weight: int,
    share: float,
    *,
    abstaining: tuple[Habit, ...] = MIXED,
    one_address: bool = False,
) -> UnitPlan:
    offices = ("Phòng Nội vụ", "Phòng Tài chính - Kế hoạch")
    name = f"Ủy ban nhân dân {name}"
    return UnitPlan(
        code,
        name,
        leaders,
        using,
        weight,
        share,
        abstaining,
        *_CHAIR,
        offices=offices,
        staff_abstaining=STAFF if abstaining is MIXED else abstaining,
        one_address=one_address,
    )


FULL: tuple[UnitPlan, ...] = (
    CITY,
    UnitPlan(
        "vp",
        "Văn phòng Ủy ban nhân dân thành phố",
        8,
        6,
        40,
        0.9,
        ("delegates", "phone"),
        "Chánh Văn phòng",
        "Phó Chánh Văn phòng",
        offices=("Phòng Tổng hợp", "Phòng Hành chính - Tổ chức"),
        staff_abstaining=OFFICE,
    ),
    _department(
        "xd",
        "Sở Xây dựng",
        15,
        2,
        45,
        0.4,
        "Phòng Quy hoạch - Kiến trúc",
        "Phòng Cấp phép xây dựng",
        "Phòng Quản lý nhà",
        "Phòng Hạ tầng kỹ thuật",
    ),
    _department("nv", "Sở Nội vụ", 12, 8, 35, 0.8, "Phòng Công chức, viên chức", "Phòng Cải cách hành chính"),
    _department("tc", "Sở Tài chính", 12, 9, 40, 0.85, "Phòng Quản lý ngân sách", "Phòng Giá và Công sản"),
    _department("kh", "Sở Kế hoạch và Đầu tư", 12, 9, 40, 0.8, "Phòng Đăng ký kinh doanh", "Phòng Kinh tế đối ngoại"),
    _department("tt", "Sở Thông tin và Truyền thông", 10, 9, 35, 0.95, "Phòng Công nghệ thông tin"),
    _department("gt", "Sở Giao thông vận tải", 12, 6, 40, 0.6, "Phòng Quản lý vận tải", "Phòng Kết cấu hạ tầng"),
    _department("yt", "Sở Y tế", 14, 7, 45, 0.55, "Phòng Nghiệp vụ y", "Phòng Quản lý dược"),
    _department("gd", "Sở Giáo dục và Đào tạo", 14, 9, 45, 0.75, "Phòng Giáo dục trung học", "Phòng Giáo dục mầm non"),
    _department("tu", "Sở Tư pháp", 9, 5, 25, 0.6, "Phòng Hộ tịch, quốc tịch"),
    _department("ct", "Sở Công Thương", 11, 6, 30, 0.6, "Phòng Quản lý thương mại", "Phòng Công nghiệp"),
    _department(
        "nn",
        "Sở Nông nghiệp và Phát triển nông thôn",
        12,
        4,
        35,
        0.45,
        "Phòng Trồng trọt",
        "Phòng Thủy sản",
        abstaining=FORWARDS,
    ),
    _department("tn", "Sở Tài nguyên và Môi trường", 12, 5, 40, 0.5, "Phòng Đất đai", "Phòng Khoáng sản"),
    _department("ld", "Sở Lao động - Thương binh và Xã hội", 12, 5, 40, 0.5, "Phòng Người có công", "Phòng Việc làm"),
    _department(
        "vh",
        "Sở Văn hóa, Thể thao và Du lịch",
        11,
        0,
        35,
        0.0,
        "Phòng Quản lý du lịch",
        abstaining=QUIET,
    ),
    _department("kc", "Sở Khoa học và Công nghệ", 8, 1, 25, 0.0, "Phòng Quản lý khoa học", abstaining=QUIET),
    UnitPlan("tr", "Thanh tra thành phố", 8, 5, 20, 0.7, head="Chánh Thanh tra", deputy="Phó Chánh Thanh tra"),
    UnitPlan(
        "pc",
        "Cảnh sát phòng cháy và chữa cháy",
        9,
        8,
        30,
        1.0,
        ("silent",),
        offices=("Đội Chữa cháy trung tâm", "Đội Cứu nạn, cứu hộ"),
    ),
    _district("st", "huyện Sơn Thượng", 7, 7, 25, 0.35),
    _district("dv", "huyện đảo Vân Hải", 6, 6, 20, 0.3, abstaining=QUIET, one_address=True),
    _district("kd", "huyện Khe Đá", 7, 0, 20, 0.0, abstaining=DEVICES),
    _district("dh", "quận Đông Hưng", 8, 1, 25, 0.0, abstaining=QUIET),
    _district("th", "quận Tây Hưng", 8, 1, 25, 0.0, abstaining=QUIET),
    _district("ta", "quận Trung An", 9, 6, 35, 0.7),
    _district("ng", "quận Nam Giang", 9, 6, 30, 0.65),
    _district("bs", "quận Bắc Sông", 9, 4, 30, 0.55),
    _district("hl", "quận Hải Lộc", 11, 5, 30, 0.5),
    _district("cm", "huyện Cầu Mây", 11, 4, 25, 0.45),
    _district("lp", "huyện Long Phú Đông", 9, 3, 25, 0.4),
)

SMALL: tuple[UnitPlan, ...] = (
    UnitPlan("tp", CITY.name, 3, 3, 0, 0.0, head="Chủ tịch", deputy="Phó Chủ tịch"),
    UnitPlan(
        "vp",
        "Văn phòng Ủy ban nhân dân thành phố",
        10,
        10,
        6,
        0.85,
        MIXED,
        "Chánh Văn phòng",
        "Phó Chánh Văn phòng",
        offices=("Phòng Tổng hợp",),
        staff_abstaining=OFFICE,
    ),
    _department("xd", "Sở Xây dựng", 15, 2, 6, 0.5, "Phòng Cấp phép xây dựng", "Phòng Quản lý nhà"),
    _department("vh", "Sở Văn hóa, Thể thao và Du lịch", 3, 0, 2, 0.0, abstaining=QUIET),
    _department("kc", "Sở Khoa học và Công nghệ", 3, 1, 1, 0.0, abstaining=QUIET),
    UnitPlan("pc", "Cảnh sát phòng cháy và chữa cháy", 4, 3, 2, 1.0, ("silent",)),
    _district("st", "huyện Sơn Thượng", 2, 2, 2, 0.5),
    _district("dv", "huyện đảo Vân Hải", 2, 2, 2, 0.5, abstaining=QUIET, one_address=True),
    _district("kd", "huyện Khe Đá", 2, 0, 1, 0.0, abstaining=DEVICES),
    _district("dh", "quận Đông Hưng", 3, 1, 1, 0.0, abstaining=QUIET),
    _district("th", "quận Tây Hưng", 3, 1, 1, 0.0, abstaining=QUIET),
)
