"""What somebody wrote themselves, without what their mail program quoted below it.

Mail programs mark quotes in their own ways and languages; the patterns are data. Our own messages carry a line
(`ABOVE`) that says where to write above: where it comes back, nothing below it is looked at. Signatures that a program
adds ("Đã gửi từ iPhone của tôi") are no words of the person either.
"""

from __future__ import annotations

import re
import unicodedata

from core.words import Text

ABOVE = Text(
    "##- Xin viết câu trả lời phía trên dòng này -##",
    "##- Please write your answer above this line -##",
)
LONGEST = 200_000
"""Signs of a text that are looked at; more than any answer has above its quote."""
MOST_JOINED = 3
"""Lines that a broken "On …, … wrote:" may take."""
_MESSAGE = r"(original message|original appointment|forwarded message|reply message)"
_LETTER = (
    r"((thư|tin nhắn|tin|thông điệp|e-?mail) gốc|thư ban đầu|(thư|tin nhắn|tin) đã chuyển tiếp"
    r"|(thư|tin nhắn) được chuyển tiếp)"
)
BEGINS = re.compile(
    r"^##- .{10,80}$"
    rf"|^-{{2,}}\s*{_MESSAGE}\s*-{{2,}}|^-{{2,}}\s*{_LETTER}\s*-{{2,}}"
    r"|^begin forwarded message:$|^bắt đầu (thư|tin nhắn) được chuyển tiếp:$"
    r"|^_{10,}$"
    r"|^(on|vào|lúc|ngày|trong thư|le|el|am)\b.{4,300}(wrote|đã viết|viết|a écrit|escribió|schrieb.*)\s*:$"
    r"|^(from|từ|người gửi)\s*:\s.{0,200}\b(sent|date|đã gửi|ngày|đã gửi lúc|ngày gửi)\s*:.*"
    r"|^[^\n]{0,200}<[^<>\s]{1,200}@[^<>\s]{3,200}>\s*(wrote|đã viết|viết)\s*:$",
    re.IGNORECASE,
)
"""Lines after which nothing is the person's own any more."""
_FROM = re.compile(r"^\*?(from|từ|người gửi)\s*:\*?\s*\S", re.IGNORECASE)
_OTHER_HEAD = re.compile(
    r"^\*?(sent|date|to|subject|đã gửi|gửi lúc|đến|tới|chủ đề|ngày|ngày gửi|tiêu đề)\s*:", re.IGNORECASE
)
_SIGNED = re.compile(
    r"^(-- ?|sent from my .{2,40}|sent from (outlook|mail|yahoo|gmail|samsung|zalo).{0,60}|get outlook for \w+.{0,80}"
    r"|(đã )?gửi từ .{2,60}|được gửi từ .{2,60}|(tải|lấy|nhận) outlook (cho|dành cho) .{2,80})$",
    re.IGNORECASE,
)  # fmt: skip


def own_words(text: str) -> str:
    """The words above the first quote or signature, without quoted lines; in composed letters (NFC)."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])
    lines = [line.rstrip("\r \t\u00a0") for line in composed.replace("\r\n", "\n").split("\n")]
    kept: list[str] = []
    for number, line in enumerate(lines):
        plain = line.strip().strip("\u200b\ufeff")
        if plain.startswith(">"):
            continue
        if plain and (_begins_quote(lines, number) or _SIGNED.match(plain)):
            break
        kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _begins_quote(lines: list[str], number: int) -> bool:
    """Whether a quote begins in this line: by its mark, a broken one too, or by the head of the message below."""
    first = lines[number].strip()
    if BEGINS.match(first):
        return True
    if re.match(r"^(on|vào|lúc|ngày)\b", first, re.IGNORECASE):
        joined = " ".join(line.strip() for line in lines[number : number + MOST_JOINED])
        for end in range(1, MOST_JOINED + 1):
            joined = " ".join(line.strip() for line in lines[number : number + end])
            if BEGINS.match(joined) and ("<" in joined or re.search(r"\d{4}|\d{1,2}:\d{2}", joined)):
                return True
    if _FROM.match(first):
        following = [line.strip() for line in lines[number + 1 : number + 5] if line.strip()]
        return sum(bool(_OTHER_HEAD.match(line)) for line in following) >= 2
    return False
