"""A certificate as a paper: who finished what, when, how long it holds, and where anybody can see that it is true."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno

from core.words import Language, Text
from training.papers.setting import as_pdf, written_day

WORDS: dict[str, Text] = {
    "heading": Text("GIẤY CHỨNG NHẬN", "CERTIFICATE"),
    "certifies": Text("Chứng nhận", "This is to certify that"),
    "finished": Text("đã hoàn thành khóa học", "has completed the course"),
    "earned": Text("Ngày hoàn thành", "Completed on"),
    "expires": Text("Hết hiệu lực từ ngày", "Not valid from"),
    "validity": Text("Hiệu lực", "Validity"),
    "for_ever": Text("không thời hạn", "without an end"),
    "code": Text("Mã", "Code"),
    "edition": Text("Khóa học, bản", "Edition of the course"),
    "check": Text(
        "Quét mã hoặc mở địa chỉ sau để kiểm tra giấy này còn hiệu lực hay không:",
        "Scan the code or open this address to see whether this certificate is valid:",
    ),
}


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """What stands on it; `address` is the public page of its code."""

    code: str
    name: str
    title: str
    version: int
    earned_on: date
    expires_on: date | None
    address: str
    issuer: str = ""
    """Who certifies; empty where nobody can be named."""


def render(one: CertificatePaper, *, language: Language = "vi") -> bytes:
    """The certificate as the bytes of a PDF/A-2b file; the same certificate is the same file."""
    words = {name: text.to(language) for name, text in WORDS.items()}
    until = [words["validity"], words["for_ever"]]
    if one.expires_on is not None:
        until = [words["expires"], written_day(one.expires_on, language)]
    data: dict[str, Any] = {
        "words": words,
        "name": one.name,
        "title": one.title,
        "issuer": one.issuer,
        "rows": [
            [words["earned"], written_day(one.earned_on, language)],
            until,
            [words["code"], in_groups(one.code)],
            [words["edition"], str(one.version)],
        ],
        "address": one.address,
    }
    return as_pdf("certificate.typ", data, dated=one.earned_on, language=language, qr=_qr(one.address))


def in_groups(code: str) -> str:
    """A code in groups of four or five, as it is easily read out."""
    size = 5 if len(code) % 5 == 0 else 4
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


def _qr(text: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=2, scale=4)
    return drawn.getvalue()
