"""The board in words, in two languages: what pages, files and the API say alike."""

from __future__ import annotations

from collections.abc import Mapping

from core.words import Text
from training.queries.board import Standing
from training.tables import Column

STANDING_WORDS: Mapping[Standing, Text] = {
    "coming": Text("chờ đến đợt", "waits for its wave"),
    "must": Text("phải học", "to be learnt"),
    "learning": Text("đang học", "learning"),
    "late": Text("quá hạn", "late"),
    "done": Text("đã xong", "done"),
    "excused": Text("được miễn", "excused"),
    "withdrawn": Text("đã rút", "taken back"),
}
TITLE = Text("Khóa học được giao", "Assigned courses")
COLUMNS: tuple[Column, ...] = (
    Column("official_id", Text("Mã số", "Number"), 12),
    Column("name", Text("Họ và tên", "Name"), 26),
    Column("title", Text("Chức vụ", "Post"), 22),
    Column("unit", Text("Đơn vị", "Unit"), 28),
    Column("course", Text("Khóa học", "Course"), 34),
    Column("standing", Text("Tình trạng", "Standing"), 16),
    Column("days_late", Text("Số ngày quá hạn", "Days late"), 10),
    Column("steps_done", Text("Số bước đã xong", "Steps done"), 10),
    Column("steps", Text("Số bước", "Steps"), 8),
    Column("assigned_on", Text("Ngày giao", "Assigned on"), 12),
    Column("starts_on", Text("Học từ ngày", "Learns from"), 12),
    Column("due_on", Text("Hạn", "Due on"), 12),
    Column("done_on", Text("Ngày xong", "Done on"), 12),
    Column("wave", Text("Đợt học", "Wave"), 8),
    Column("drawn", Text("Bốc thăm", "Drawn"), 10),
    Column("reason", Text("Lý do giao", "Why assigned"), 60),
    Column("assignment", Text("Số của lượt học", "Assignment"), 10),
    Column("reported", Text("Kết quả theo gói học báo", "As reported by the package"), 22),
    Column("reported_score", Text("Điểm theo gói học báo", "Score as reported by the package"), 12),
)
"""The columns of the files, in order."""
YES = Text("có", "yes")
NO = Text("không", "no")
