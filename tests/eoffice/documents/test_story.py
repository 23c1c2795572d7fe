"""A specialist checks a letter before it goes to the leader, has the safe part mended, mends the rest, checks again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core.cli import main
from eoffice.documents import inspection, structured
from tests.eoffice.documents.cases import right_letter
from tests.eoffice.documents.letters.by_python_docx import write
from tests.eoffice.documents.letters.plan import Letter


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, output and errors of `vanthu eoffice check`."""
    code = main(["eoffice", "check", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def checked(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON."""
    code, out, _err = run(capsys, str(path), "--json")
    told = json.loads(out)
    Draft202012Validator(inspection.schema()).validate(told)
    return code, told


@pytest.fixture
def letter() -> Letter:
    """A letter with two faults that can be mended and one that cannot."""
    found = right_letter("cong_van")
    found.of("emblem")[0].pieces[0].size = 15
    found.of("number")[0].say("Số: 5/SNV-VP")
    found.of("signer")[0].say("NGUYỄN VĂN A")
    return found


def test_the_specialist_mends_a_letter(tmp_path: Path, capsys: pytest.CaptureFixture[str], letter: Letter) -> None:
    path, mended = tmp_path / "thu.docx", tmp_path / "da-sua.docx"
    path.write_bytes(write(letter))
    code, told = checked(capsys, path)
    assert code == 1
    assert {one["rule"] for one in told["findings"]} == {"emblem.size", "number.padded", "signer.letters"}
    number = next(one for one in told["findings"] if one["rule"] == "number.padded")
    assert number["place"]["quote"] == "Số: 5/SNV-VP"
    assert number["decree"]["vi"] == "Phụ lục I, phần I, mục II, khoản 3, điểm c"
    code, out, _err = run(capsys, str(path), "--fix", str(mended))
    assert (code, str(mended) in out) == (1, True)
    code, told = checked(capsys, mended)
    assert [one["rule"] for one in told["findings"]] == ["signer.letters"]
    letter.of("signer")[0].say("Nguyễn Văn A")
    path.write_bytes(write(letter))
    run(capsys, str(path), "--fix", str(mended))
    assert checked(capsys, mended)[0] == 0


def test_the_terminal_says_where_and_how(tmp_path: Path, capsys: pytest.CaptureFixture[str], letter: Letter) -> None:
    path = tmp_path / "thu.docx"
    path.write_bytes(write(letter))
    _code, out, _err = run(capsys, str(path))
    assert "Công văn" in out
    assert "Quốc hiệu phải có cỡ chữ 12 đến 13." in out
    assert "“Số: 5/SNV-VP”" in out
    assert main(["--language", "en", "eoffice", "check", str(path)]) == 1
    assert "The national name must be in size 12 to 13." in capsys.readouterr().out


def test_the_original_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str], letter: Letter) -> None:
    path = tmp_path / "thu.docx"
    original = write(letter)  # once: the file holds the second it was made in
    path.write_bytes(original)
    code, _out, err = run(capsys, str(path), "--fix", str(path))
    assert (code, "bản gốc" in err, path.read_bytes()) == (2, True, original)


def test_a_structured_draft_is_checked_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, mended = tmp_path / "thu.json", tmp_path / "da-sua.json"
    blocks = [
        {"id": "a", "role": "number", "text": "Số: 5 / SNV-VP"},
        {"id": "b", "role": "body", "text": "Kính trình."},
    ]
    path.write_text(json.dumps({"vanthu_draft": 1, "type": "cong_van", "blocks": blocks}), "utf-8")
    run(capsys, str(path), "--fix", str(mended))
    made = json.loads(mended.read_text("utf-8"))
    Draft202012Validator(structured.schema()).validate(made)
    assert made["blocks"][0]["runs"][0]["text"] == "Số: 05/SNV-VP"
    assert [block["id"] for block in made["blocks"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("none.docx", None, 3, "Không có tệp"),
        ("empty.docx", b"", 2, "Tệp rỗng"),
        ("text.docx", b"xin chao", 2, "không phải là DOCX"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 2, ".doc đời cũ"),
        ("bad.json", b"{", 2, "không phải là JSON"),
        ("role.json", b'{"vanthu_draft":1,"blocks":[{"id":"a","role":"x"}]}', 2, "$.blocks[0].role"),
        ("look.json", b'{"vanthu_draft":1,"blocks":[{"id":"a","role":"body","look":{"size":"x"}}]}', 2, "look.size"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, code: int, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    ended, _out, err = run(capsys, str(path))
    assert (ended, says in err, "Traceback" in err) == (code, True, False)


@pytest.mark.parametrize(("option", "value"), [("--type", "thiep_cuoi"), ("--on", "2019-01-01"), ("--rules", ".")])
def test_what_cannot_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    path = tmp_path / "thu.docx"
    path.write_bytes(write(right_letter("bao_cao")))
    code, _out, err = run(capsys, str(path), option, str(tmp_path) if value == "." else value)
    assert code == 2
    assert err.strip()
