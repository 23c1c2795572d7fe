"""Why a mailbox could not be counted, and what its folder of sent messages told, in words."""

from __future__ import annotations

from core.words import Text

REASON_WORDS: dict[str, Text] = {
    "no_mailbox": Text("máy chủ không có hộp thư này", "the server has no such mailbox"),
    "refused": Text("máy chủ không cho vào hộp thư này", "the server does not let the account into it"),
    "timeout": Text("máy chủ không trả lời kịp", "the server did not answer in time"),
    "protocol": Text("máy chủ trả lời sai quy cách", "the server's answers make no sense"),
    "unreachable": Text("máy chủ ngắt kết nối", "the server hung up"),
    "not_asked": Text("chưa kịp hỏi", "it was not asked before the run ended"),
}
"""Reason of `models.census.REASONS` -> what to say of the mailbox."""
SENT_WORDS: dict[str, Text] = {
    "found": Text("không rõ lúc nào", "it is not known when"),
    "empty": Text("mục Đã gửi không có thư nào", "the folder of sent messages is empty"),
    "missing": Text("không có mục Đã gửi", "there is no folder of sent messages"),
    "unknown": Text("không đọc được mục Đã gửi", "the folder of sent messages could not be asked"),
}
"""State of the folder of sent messages -> what to say where there is no date."""
