"""Figures of use in words, the same on every page and in every file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.words import Text, day_words
from eoffice.queries.use.model import OfficialUse, RankUse, Turns, UseClass, UseCoverage

TITLE = Text("Dùng văn phòng điện tử", "Use of the e-office")
CLASS_MEANINGS: Mapping[UseClass, Text] = MappingProxyType(
    {
        "regular": Text(
            "Tự tay xử lý ít nhất một nửa số việc chờ mình.",
            "Answered at least half of what waited with their own hand.",
        ),
        "occasional": Text(
            "Có tự tay xử lý, góp ý hoặc soạn, nhưng chưa được một nửa số việc chờ mình.",
            "Answered, remarked or wrote with their own hand, but less than half of what waited.",
        ),
        "delegated": Text(
            "Chỉ có người được ủy quyền xử lý thay.", "Only a deputy acted; this official did nothing here."
        ),
        "none": Text(
            "Có việc chờ quá lâu mà không ai xử lý: quá hạn, hoặc quá hai ngày làm việc nếu không đặt hạn.",
            "Something waited too long and nobody acted: past its deadline, or past two working days without one.",
        ),
        "unknown": Text("Không có việc nào chờ đủ lâu để kết luận.", "Nothing waited long enough to say anything."),
    }
)
NOTE = Text(
    "Chỉ tính việc đã làm: đồng ý, trả lại, cho ý kiến, góp ý, soạn; chỉ mở xem thì không tính. Việc do người được ủy "
    "quyền làm là của người đó. Giờ là giờ làm việc.",
    "What counts is what was done: agreed, returned, gave an opinion, remarked, wrote. Opening a document does not. "
    "What a deputy did is the deputy's. Hours are working hours.",
)
COLUMNS: Mapping[str, Text] = MappingProxyType(
    {
        "unit": Text("Đơn vị", "Unit"),
        "name": Text("Họ tên", "Name"),
        "class": Text("Mức độ", "Class"),
        "leaders": Text("Lãnh đạo", "Leaders"),
        "staff": Text("Chuyên viên, nhân viên", "Staff"),
        "own": Text("Tự xử lý", "Answered"),
        "by_deputy": Text("Ủy quyền xử lý", "By a deputy"),
        "left": Text("Để quá lâu", "Left too long"),
        "fresh": Text("Mới đến", "Just come"),
        "median": Text("Một nửa chờ không quá, giờ", "Half waited at most, hours"),
        "waiting": Text("Đang chờ lâu nhất, giờ", "Longest waiting, hours"),
        "agreed": Text("Đồng ý", "Agreed"),
        "returned": Text("Trả lại", "Returned"),
        "opinions": Text("Cho ý kiến", "Opinions"),
        "remarks": Text("Góp ý", "Remarks"),
        "revisions": Text("Bản đã soạn", "Revisions written"),
        "for_others": Text("Trong đó được ủy quyền", "Of these as a deputy"),
    }
)
DOWNLOADS = Text("Tải số liệu về", "Take the figures away")
NO_DOCUMENTS = Text(
    "Trong kỳ này chưa có văn bản nào trên hệ thống.", "There was no document in the e-office in this period."
)
BEFORE = Text("Trang trước", "Page before")
AFTER = Text("Trang sau", "Next page")
OFFICIALS = Text("Cán bộ, công chức", "Officials")
UNITS = Text("Các đơn vị", "Units")
MORE = Text("Xem từng đơn vị và từng người", "Unit by unit and person by person")


def coverage_words(coverage: UseCoverage) -> Text:
    """What the figures rest on."""
    since = day_words(coverage.since)
    return Text(
        f"Số liệu lấy từ chính hệ thống văn bản, có văn bản từ {since.vi}: phủ {coverage.covered_working_days}/"
        f"{coverage.working_days} ngày làm việc của kỳ. Ai không có việc nào chờ thì không kết luận.",
        f"The figures are the e-office's own, which has documents since {since.en}: they cover "
        f"{coverage.covered_working_days} of {coverage.working_days} working days of the period. Of whom nothing was "
        "asked, nothing is said.",
    )


def turns_words(turns: Turns, median_hours: float | None) -> Text:
    """How many turns there were, who answered them, and how long they waited."""
    if not turns.all:
        return Text("Không có việc nào chờ.", "Nothing waited.")
    answered = turns.own + turns.by_deputy
    found = Text(
        f"{turns.all} lượt chờ: tự xử lý {turns.own}, người được ủy quyền xử lý {turns.by_deputy}, "
        f"để quá lâu {turns.left}, mới đến {turns.fresh}.",
        f"{turns.all} turns: answered {turns.own}, by a deputy {turns.by_deputy}, left too long {turns.left}, "
        f"just come {turns.fresh}.",
    )
    if median_hours is None or not answered:
        return found
    waited = hours_words(median_hours)
    return Text(
        f"{found.vi} Một nửa được xử lý trong {waited.vi} giờ làm việc.",
        f"{found.en} Half were answered within {waited.en} working hours.",
    )


def acts_words(use: OfficialUse) -> Text:
    """What the official did with their own hand."""
    acts = use.acts
    pairs = [
        (acts.agreed, "đồng ý {}", "agreed {}"),
        (acts.returned, "trả lại {}", "returned {}"),
        (acts.opinions, "cho ý kiến {}", "gave {} opinions"),
        (acts.remarks, "góp ý {}", "made {} remarks"),
        (acts.revisions, "soạn {} bản", "wrote {} revisions"),
    ]
    vi = ", ".join(vi.format(number) for number, vi, _ in pairs if number)
    en = ", ".join(en.format(number) for number, _, en in pairs if number)
    if not vi:
        return Text("Chưa tự tay làm gì trong kỳ.", "Nothing was done by their own hand in the period.")
    others = Text(f"; trong đó {acts.for_others} lần được ủy quyền", f"; {acts.for_others} of these as a deputy")
    more = others if acts.for_others else Text("", "")
    return Text(f"{vi[:1].upper()}{vi[1:]}{more.vi}.", f"{en[:1].upper()}{en[1:]}{more.en}.")


def rank_words(rank: RankUse) -> Text:
    """How many use it, of those of whom something is known."""
    known = rank.total - rank.unknown
    if not known:
        return Text(f"không có dữ liệu ({rank.total})", f"no data ({rank.total})")
    unknown = Text(f"; {rank.unknown} chưa kết luận", f"; {rank.unknown} unknown") if rank.unknown else Text("", "")
    return Text(f"{rank.using}/{known} có dùng{unknown.vi}", f"{rank.using} of {known} use it{unknown.en}")


def hours_words(hours: float | None) -> Text:
    """Hours to a tenth, as the language writes them."""
    if hours is None:
        return Text("–", "–")
    return Text(f"{hours:.1f}".replace(".", ","), f"{hours:.1f}")
